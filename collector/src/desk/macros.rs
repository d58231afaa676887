//! Macros: what a technician does with one kind of ticket again and again, in one step.

use serde::{Deserialize, Serialize};

use super::event::{Event, Side};
use super::mark;
use super::reply::Reply;
use super::state::{Priority, State, Tier, WaitingFor};
use super::ticket::{NOTE_LENGTH, REASON_LENGTH, Refusal, Ticket, refused};
use crate::wording::wording;

/// Tags that one gives, and checks that it starts.
pub const MOST_EACH: usize = 10;

/// What is done, in this order; what is left out is not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Macro {
    /// For people.
    pub description: String,
    /// It is assigned to whoever runs the macro.
    pub claim: bool,
    pub tags: Vec<String>,
    pub priority: Option<Priority>,
    /// Name of a canned reply to the requester.
    pub reply: Option<String>,
    pub note: Option<String>,
    pub state: Option<State>,
    pub waiting_for: Option<WaitingFor>,
    /// To another tier, with the reason.
    pub tier: Option<Tier>,
    /// Of what changes of tier and state; with the state "proposed" the requester reads it, unless it is for another tier.
    pub reason: Option<String>,
    /// Ids of checks that run on all devices of the ticket.
    pub checks: Vec<String>,
}

impl Macro {
    /// What can be told of it alone.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn validate(&self) -> Result<(), Refusal> {
        let does_nothing = Self {
            description: self.description.clone(),
            ..Self::default()
        };
        if *self == does_nothing {
            return refused("macro", wording!("it does nothing"));
        }
        if self.tags.len() > MOST_EACH || self.checks.len() > MOST_EACH {
            return refused(
                "tags",
                wording!("{} tags and {} checks at most", MOST_EACH, MOST_EACH),
            );
        }
        for tag in &self.tags {
            mark::tag(tag)?;
        }
        let longest = [&self.note, &self.reason].into_iter().flatten();
        if longest.map(|text| text.chars().count()).max() > Some(NOTE_LENGTH.min(REASON_LENGTH)) {
            return refused("note", wording!("{} characters at most", REASON_LENGTH));
        }
        match (self.tier, &self.reason) {
            (Some(_), None) => Err(Refusal::new("reason", wording!("it is missing"))
                .remedy(wording!("say to the next tier why it gets the ticket"))),
            _ => Ok(()),
        }
    }

    /// The events that it makes of a ticket; what holds already is not said again. `reply`: the canned reply that it names.
    pub fn events(
        &self,
        number: i64,
        ticket: &Ticket,
        by: &str,
        reply: Option<&Reply>,
        is_french: bool,
    ) -> Vec<Event> {
        let mut events = Vec::new();
        if self.claim && ticket.assignee.as_deref() != Some(by) {
            events.push(Event::Assigned {
                to: Some(by.to_owned()),
            });
        }
        let tags = self.tags.iter().filter_map(|tag| mark::tag(tag).ok());
        let new = tags.filter(|tag| !ticket.marks.tags.contains(tag));
        events.extend(new.map(|tag| Event::TagAdded { tag }));
        let priority = self.priority.filter(|to| *to != ticket.priority);
        events.extend(priority.map(|to| Event::PriorityChanged { to, weight: None }));
        events.extend(reply.map(|reply| Event::Messaged {
            side: Side::Technician,
            text: reply.of(number, ticket, by, is_french),
            asked: None,
        }));
        events.extend(
            self.note
                .iter()
                .map(|text| Event::Noted { text: text.clone() }),
        );
        let tier = self.tier.filter(|to| *to != ticket.tier);
        events.extend(tier.map(|to| Event::TierChanged {
            to,
            reason: self.reason.clone().unwrap_or_default(),
        }));
        events.extend(self.state.map(|to| {
            Event::StateChanged {
                to,
                waiting_for: self.waiting_for,
                // What another tier is told is not for the requester.
                reason: self
                    .reason
                    .clone()
                    .filter(|_| self.tier.is_none() || to != State::Proposed),
                confirmation: None,
            }
        }));
        events
    }
}

#[cfg(test)]
mod tests {
    use super::super::ticket::after;
    use super::*;

    fn ticket() -> Ticket {
        let opened = Event::Opened {
            title: "no sound".into(),
            site: "default".into(),
            priority: Priority::High,
            requester: Some("Rosa".into()),
            asked: None,
            person: None,
            weight: None,
        };
        after(None, &opened, "ann", 0).unwrap()
    }

    #[test]
    fn what_holds_already_is_not_said_again() {
        let all = Macro {
            claim: true,
            tags: vec!["Printer".into()],
            priority: Some(Priority::High),
            reply: Some("hello".into()),
            note: Some("asked".into()),
            state: Some(State::Waiting),
            waiting_for: Some(WaitingFor::User),
            ..Macro::default()
        };
        all.validate().unwrap();
        let reply = Reply {
            en: "hello {requester}".into(),
            ..Reply::default()
        };
        let run = |ticket: &Ticket| all.events(1, ticket, "ann", Some(&reply), false);
        let kinds = |events: &[Event]| events.iter().map(Event::kind).collect::<Vec<_>>();
        let events = run(&ticket());
        assert_eq!(
            kinds(&events),
            [
                "assigned",
                "tag_added",
                "messaged",
                "noted",
                "state_changed"
            ]
        );
        let mut done = ticket();
        for event in &events {
            done = after(Some(&done), event, "ann", 1).unwrap();
        }
        assert_eq!(done.state, State::Waiting);
        assert_eq!(kinds(&run(&done)), ["messaged", "noted", "state_changed"]);
    }

    #[test]
    fn the_requester_does_not_read_what_another_tier_is_told() {
        let told = |tier, state| {
            let one = Macro {
                tier,
                state: Some(state),
                reason: Some("for the seniors".into()),
                ..Macro::default()
            };
            let events = one.events(1, &ticket(), "ann", None, false);
            match events.last() {
                Some(Event::StateChanged { reason, .. }) => reason.clone(),
                _ => panic!("{events:?}"),
            }
        };
        let second = Some(Tier::Second);
        assert_eq!(told(second, State::Proposed), None);
        assert!(told(second, State::Open).is_some());
        assert!(told(None, State::Proposed).is_some());
    }

    #[test]
    fn a_macro_does_something_that_can_be_done() {
        let refused = |one: Macro| one.validate().unwrap_err().to_string();
        assert_eq!(refused(Macro::default()), "macro: it does nothing");
        let on = Macro {
            tier: Some(Tier::Second),
            ..Macro::default()
        };
        assert!(refused(on).starts_with("reason: it is missing"));
        let tags = Macro {
            tags: vec!["a,b".into()],
            ..Macro::default()
        };
        assert!(refused(tags).starts_with("tag: "));
    }
}
