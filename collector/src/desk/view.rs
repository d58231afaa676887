//! Which tickets somebody wants to see: what a list is narrowed by, and kept under a name a view. Pure.

use serde::{Deserialize, Serialize};

use super::mark;
use super::state::{Priority, State, Tier, WaitingFor};
use super::ticket::{Refusal, refused};
use super::words::Asked;
use crate::wording::wording;

/// Longest name of a view, characters.
pub const NAME_LENGTH: usize = 60;
/// Longest of what names something: an account, a site.
const WORD_LENGTH: usize = 200;
/// Whoever asks.
pub const ME: &str = "me";
/// As a state: every one before it is resolved.
pub const UNRESOLVED: &str = "unresolved";
/// As an assignee: there is none.
pub const NOBODY: &str = "nobody";
/// Latest that something is due, minutes: a year.
pub const MOST_DUE: u32 = 366 * 24 * 60;

/// What a list of tickets is narrowed by. What is left out narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct View {
    /// States with commas between them; "unresolved" stands for all that are not resolved or closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Name of an account, "me", or "nobody".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Name of an account that watches them, or "me".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watcher: Option<String>,
    /// Name of a site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Id of a device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Id of a thing without an agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asset: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_for: Option<WaitingFor>,
    /// Words that stand on the ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// Something of it is due within so many minutes, or was; in the order of what is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_within: Option<u32>,
}

/// In which order tickets come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The queue: what is due next first, without what is resolved.
    Due,
    /// The newest first.
    Newest,
}

impl Order {
    pub const ALL: [Self; 2] = [Self::Due, Self::Newest];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Newest => "newest",
        }
    }
}

/// Whose tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    Nobody,
    Account(String),
}

impl View {
    /// The states that it names; none: any.
    ///
    /// # Errors
    /// There is no such state.
    pub fn states(&self) -> Result<Vec<State>, Refusal> {
        let mut states = Vec::new();
        for name in self.state.iter().flat_map(|all| all.split(',')) {
            if name == UNRESOLVED {
                states.extend([State::New, State::Open, State::Waiting, State::Proposed]);
                continue;
            }
            let found = State::ALL
                .into_iter()
                .find(|state| state.as_str() == name)
                .ok_or_else(|| {
                    let mut names = State::ALL.map(State::as_str).join(", ");
                    names = format!("{names}, {UNRESOLVED}");
                    let name: String = name.chars().take(WORD_LENGTH).collect();
                    Refusal::new("state", wording!("there is no state {}", ?name))
                        .remedy(wording!("one of {}", names))
                })?;
            states.push(found);
        }
        states.sort_unstable_by_key(|state| *state as usize);
        states.dedup();
        Ok(states)
    }

    /// Whose they are to be, where `me` asks.
    pub fn whose(&self, me: &str) -> Option<Whose> {
        self.assignee.as_deref().map(|name| match name {
            NOBODY => Whose::Nobody,
            ME => Whose::Account(me.to_owned()),
            name => Whose::Account(name.to_owned()),
        })
    }

    /// Who is to watch them, where `me` asks.
    pub fn watched_by(&self, me: &str) -> Option<String> {
        let name = self.watcher.as_deref();
        name.map(|name| if name == ME { me } else { name }.to_owned())
    }

    /// What can be told of it alone. Gives it as it is kept: a tag in its own spelling.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn checked(self) -> Result<Self, Refusal> {
        self.states()?;
        for (field, text) in [
            ("assignee", &self.assignee),
            ("watcher", &self.watcher),
            ("site", &self.site),
            ("device", &self.device),
            ("asset", &self.asset),
        ] {
            let length = text.as_ref().map_or(1, |text| text.chars().count());
            if !(1..=WORD_LENGTH).contains(&length) {
                return refused(field, wording!("1 to {} characters", WORD_LENGTH));
            }
        }
        if let Some(words) = &self.search {
            Asked::of(words)?;
            if self.order.is_some() {
                return Err(
                    Refusal::new("search", wording!("it has an order of its own"))
                        .remedy(wording!("give either search or order")),
                );
            }
        }
        if let Some(minutes) = self.due_within {
            if !(1..=MOST_DUE).contains(&minutes) {
                return refused(
                    "due_within",
                    wording!("{}; between 1 and {} minutes", minutes, MOST_DUE),
                );
            }
            if self.order != Some(Order::Due) {
                return Err(Refusal::new(
                    "due_within",
                    wording!("only the queue knows what is due"),
                )
                .remedy(wording!("give order=due with it")));
            }
        }
        let tag = self.tag.as_deref().map(mark::tag).transpose()?;
        Ok(Self { tag, ..self })
    }

    /// Narrowed by something more: what both say has to agree, words of both are searched, and the order is the other's, if it
    /// has one.
    ///
    /// # Errors
    /// A [`Refusal`]: no ticket can be both.
    pub fn narrowed(self, by: Self) -> Result<Self, Refusal> {
        let spelled = |tag: Option<String>| tag.as_deref().map(mark::tag).transpose();
        let (own_tag, other_tag) = (spelled(self.tag.clone())?, spelled(by.tag.clone())?);
        let state = match (&self.state, &by.state) {
            (Some(own), Some(other)) => {
                let (kept, wanted) = (self.states()?, by.states()?);
                let both = wanted.into_iter().filter(|state| kept.contains(state));
                let both: Vec<&str> = both.map(State::as_str).collect();
                if both.is_empty() {
                    return both_ways("state", own, other);
                }
                Some(both.join(","))
            }
            (own, other) => other.clone().or_else(|| own.clone()),
        };
        // Words have an order of their own.
        let order = match by.search {
            Some(_) => by.order,
            None => by.order.or(self.order),
        };
        let search = match (self.search, by.search) {
            (Some(own), Some(other)) => Some(format!("{} {other}", own.trim_end())),
            (own, other) => other.or(own),
        };
        let due_within = match (self.due_within, by.due_within) {
            (Some(own), Some(other)) => Some(own.min(other)),
            (own, other) => other.or(own),
        };
        let narrowed = Self {
            state,
            assignee: one("assignee", self.assignee, by.assignee)?,
            watcher: one("watcher", self.watcher, by.watcher)?,
            site: one("site", self.site, by.site)?,
            device: one("device", self.device, by.device)?,
            asset: one("asset", self.asset, by.asset)?,
            tag: one("tag", own_tag, other_tag)?,
            tier: one("tier", self.tier, by.tier)?,
            priority: one("priority", self.priority, by.priority)?,
            waiting_for: one("waiting_for", self.waiting_for, by.waiting_for)?,
            search,
            due_within,
            order,
        };
        narrowed.checked()
    }
}

/// What one of both says, or both alike.
fn one<T: PartialEq + std::fmt::Debug>(
    field: &'static str,
    own: Option<T>,
    other: Option<T>,
) -> Result<Option<T>, Refusal> {
    match (own, other) {
        (Some(own), Some(other)) if own != other => {
            both_ways(field, &format!("{own:?}"), &format!("{other:?}"))
        }
        (own, other) => Ok(other.or(own)),
    }
}

fn both_ways<T>(field: &'static str, own: &str, other: &str) -> Result<T, Refusal> {
    let reason = wording!("the view has {}, and no ticket is {} as well", own, other);
    Err(Refusal::new(field, reason).remedy(wording!("leave it out, or list without the view")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(json: &str) -> View {
        serde_json::from_str(json).unwrap()
    }

    #[track_caller]
    fn check(own: &str, by: &str, expected: &str) {
        let shown = match view(own).narrowed(view(by)) {
            Ok(both) => serde_json::to_string(&both).unwrap(),
            Err(refusal) => refusal.to_string(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_view_is_narrowed_and_never_widened() {
        check(
            r#"{"assignee":"nobody"}"#,
            r#"{"tier":"second"}"#,
            r#"{"assignee":"nobody","tier":"second"}"#,
        );
        check(
            r#"{"state":"unresolved"}"#,
            r#"{"state":"waiting"}"#,
            r#"{"state":"waiting"}"#,
        );
        check(
            r#"{"state":"unresolved"}"#,
            r#"{"state":"open"}"#,
            r#"{"state":"open"}"#,
        );
        check(
            r#"{"state":"resolved,unresolved"}"#,
            r#"{"state":"unresolved,closed"}"#,
            r#"{"state":"new,open,waiting,proposed"}"#,
        );
        check(
            r#"{"state":"new"}"#,
            r#"{"state":"closed"}"#,
            "state: the view has new, and no ticket is closed as well: leave it out, or list without the view",
        );
        check(
            r#"{"assignee":"me"}"#,
            r#"{"assignee":"bob"}"#,
            "assignee: the view has \"me\", and no ticket is \"bob\" as well: leave it out, or list without the view",
        );
        check(
            r#"{"tag":"VPN x"}"#,
            r#"{"tag":"vpn-x"}"#,
            r#"{"tag":"vpn-x"}"#,
        );
        check(
            r#"{"search":"printer "}"#,
            r#"{"search":"offline"}"#,
            r#"{"search":"printer offline"}"#,
        );
        check(
            r#"{"order":"due","due_within":60}"#,
            r#"{"due_within":30}"#,
            r#"{"order":"due","due_within":30}"#,
        );
        check(
            r#"{"order":"due"}"#,
            r#"{"search":"a"}"#,
            r#"{"search":"a"}"#,
        );
        check(
            r#"{"order":"due"}"#,
            r#"{"order":"newest"}"#,
            r#"{"order":"newest"}"#,
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let refused = |json: &str, expected: &str| {
            let told = view(json).checked().unwrap_err().to_string();
            assert!(told.starts_with(expected), "{told}");
        };
        refused(r#"{"state":"new,old"}"#, "state: there is no state \"old\"");
        refused(r#"{"assignee":""}"#, "assignee: 1 to 200");
        refused(r#"{"tag":"a/b"}"#, "tag: ");
        refused(r#"{"search":" "}"#, "search: it is empty");
        refused(
            r#"{"search":"a","order":"due"}"#,
            "search: it has an order of its own",
        );
        refused(r#"{"due_within":5}"#, "due_within: only the queue knows");
        refused(
            r#"{"order":"due","due_within":0}"#,
            "due_within: 0; between 1 and",
        );
        assert!(serde_json::from_str::<View>(r#"{"colour":"red"}"#).is_err());
    }

    #[test]
    fn me_is_whoever_asks() {
        let of = |json: &str| (view(json).whose("ann"), view(json).watched_by("ann"));
        let account = |name: &str| Some(Whose::Account(name.into()));
        assert_eq!(of(r#"{"assignee":"me"}"#), (account("ann"), None));
        assert_eq!(of(r#"{"assignee":"bob"}"#), (account("bob"), None));
        assert_eq!(of(r#"{"assignee":"nobody"}"#), (Some(Whose::Nobody), None));
        assert_eq!(of(r#"{"watcher":"me"}"#), (None, Some("ann".into())));
        assert_eq!(of(r#"{"watcher":"nobody"}"#), (None, Some("nobody".into())));
    }
}
