//! What is put onto a ticket beside its state: tags, who watches it, and how it belongs to others.

use serde::{Deserialize, Serialize};

use super::state::State;
use super::ticket::{Refusal, Ticket, refused};
use crate::wording::wording;

/// Longest tag, characters.
pub const TAG_LENGTH: usize = 40;
/// Tags of a ticket.
pub const MOST_TAGS: usize = 20;
/// Accounts that watch a ticket.
pub const MOST_WATCHERS: usize = 50;
/// Tickets that one is linked with.
pub const MOST_LINKS: usize = 100;

/// How a ticket belongs to another one, read from this to that.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Both are about the same; this one was opened twice.
    DuplicateOf,
    DuplicatedBy,
    CausedBy,
    Causes,
    /// It goes on with one that is closed.
    Follows,
    FollowedBy,
    SplitFrom,
    SplitInto,
    /// It is closed, and all that comes stands on the other one.
    MergedInto,
    Absorbs,
}

impl Relation {
    pub const ALL: [Self; 10] = [
        Self::DuplicateOf,
        Self::DuplicatedBy,
        Self::CausedBy,
        Self::Causes,
        Self::Follows,
        Self::FollowedBy,
        Self::SplitFrom,
        Self::SplitInto,
        Self::MergedInto,
        Self::Absorbs,
    ];

    /// What a technician may say of two tickets; the others follow from what was done to them.
    pub const SAID: [Self; 3] = [Self::DuplicateOf, Self::CausedBy, Self::Follows];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::DuplicateOf => "duplicate_of",
            Self::DuplicatedBy => "duplicated_by",
            Self::CausedBy => "caused_by",
            Self::Causes => "causes",
            Self::Follows => "follows",
            Self::FollowedBy => "followed_by",
            Self::SplitFrom => "split_from",
            Self::SplitInto => "split_into",
            Self::MergedInto => "merged_into",
            Self::Absorbs => "absorbs",
        }
    }

    /// The same, read from the other one.
    pub fn inverse(self) -> Self {
        match self {
            Self::DuplicateOf => Self::DuplicatedBy,
            Self::DuplicatedBy => Self::DuplicateOf,
            Self::CausedBy => Self::Causes,
            Self::Causes => Self::CausedBy,
            Self::Follows => Self::FollowedBy,
            Self::FollowedBy => Self::Follows,
            Self::SplitFrom => Self::SplitInto,
            Self::SplitInto => Self::SplitFrom,
            Self::MergedInto => Self::Absorbs,
            Self::Absorbs => Self::MergedInto,
        }
    }
}

/// What stands on a ticket beside its state, each in the order in which it was put there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    pub tags: Vec<String>,
    /// Names of accounts.
    pub watchers: Vec<String>,
    pub links: Vec<(Relation, i64)>,
}

impl Marks {
    /// The ticket that this one was merged into.
    pub fn merged_into(&self) -> Option<i64> {
        let found = self
            .links
            .iter()
            .find(|(relation, _)| *relation == Relation::MergedInto);
        found.map(|(_, number)| *number)
    }
}

/// A tag as it is kept: in lower case, words joined by hyphens, so that what is the same is the same.
///
/// # Errors
/// A [`Refusal`] that says what a tag is made of.
pub fn tag(text: &str) -> Result<String, Refusal> {
    let words = text.split_whitespace().map(str::to_lowercase);
    let tag = words.collect::<Vec<_>>().join("-");
    let is_one = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | ':');
    match tag.chars().count() {
        0 => refused("tag", wording!("it is empty")),
        length if length > TAG_LENGTH => refused(
            "tag",
            wording!("{} characters; {} at most", length, TAG_LENGTH),
        ),
        _ if !tag.chars().all(is_one) => refused(
            "tag",
            wording!("it is made of letters, digits and -_.: alone"),
        ),
        _ => Ok(tag),
    }
}

impl Ticket {
    pub(super) fn tag(&mut self, tag: &String) -> Result<(), Refusal> {
        add(&mut self.marks.tags, tag, "tag", MOST_TAGS)
    }

    pub(super) fn untag(&mut self, tag: &String) -> Result<(), Refusal> {
        remove(&mut self.marks.tags, tag, "tag")
    }

    pub(super) fn watch(&mut self, account: &String) -> Result<(), Refusal> {
        add(&mut self.marks.watchers, account, "account", MOST_WATCHERS)
    }

    pub(super) fn unwatch(&mut self, account: &String) -> Result<(), Refusal> {
        remove(&mut self.marks.watchers, account, "account")
    }

    /// What is merged into another one is closed.
    pub(super) fn link(&mut self, relation: Relation, other: i64) -> Result<(), Refusal> {
        add(
            &mut self.marks.links,
            &(relation, other),
            "link",
            MOST_LINKS,
        )?;
        if relation == Relation::MergedInto {
            self.state = State::Closed;
            self.waiting_for = None;
        }
        Ok(())
    }

    pub(super) fn unlink(&mut self, relation: Relation, other: i64) -> Result<(), Refusal> {
        let is_said = |said: &Relation| [*said, said.inverse()].contains(&relation);
        match Relation::SAID.iter().any(is_said) {
            true => remove(&mut self.marks.links, &(relation, other), "link"),
            false => refused(
                "relation",
                wording!("what was done to the tickets stays so"),
            ),
        }
    }
}

fn add<T: PartialEq + Clone>(
    all: &mut Vec<T>,
    one: &T,
    field: &'static str,
    most: usize,
) -> Result<(), Refusal> {
    if all.contains(one) {
        return refused(field, wording!("it is there already"));
    }
    if all.len() >= most {
        return refused(field, wording!("a ticket takes {} at most", most));
    }
    all.push(one.clone());
    Ok(())
}

fn remove<T: PartialEq>(all: &mut Vec<T>, one: &T, field: &'static str) -> Result<(), Refusal> {
    let n_before = all.len();
    all.retain(|known| known != one);
    match all.len() < n_before {
        true => Ok(()),
        false => refused(field, wording!("it is not on the ticket")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_the_same_however_it_is_written() {
        for (text, expected) in [
            ("Printer", "printer"),
            ("  vpn  Outage ", "vpn-outage"),
            ("Été", "été"),
            ("a:b.c_d", "a:b.c_d"),
            ("", "tag: it is empty"),
            ("a,b", "tag: it is made of letters, digits and -_.: alone"),
            (
                "a\u{202e}b",
                "tag: it is made of letters, digits and -_.: alone",
            ),
        ] {
            let shown = tag(text).unwrap_or_else(|refusal| refusal.to_string());
            assert_eq!(shown, expected, "{text:?}");
        }
        assert!(tag(&"a".repeat(TAG_LENGTH + 1)).is_err());
    }

    #[test]
    fn the_inverse_of_the_inverse_is_the_relation() {
        for relation in Relation::ALL {
            assert_eq!(relation.inverse().inverse(), relation);
            assert_ne!(relation.inverse(), relation);
        }
    }
}
