//! What the requester says, by whatever way, and what follows of it. Pure.

use super::event::{Asked, Event, Side};
use super::state::{Confirmation, State, WaitingFor};
use super::ticket::{Refusal, Ticket, refused};
use crate::wording::wording;

/// What came from the requester: words, an answer to whether it is solved, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    pub text: Option<String>,
    pub is_solved: Option<bool>,
    /// They said it on their own machine.
    pub asked: Option<Asked>,
}

/// The events that it makes, in their order. What they have waited for to be answered ends; what was taken for solved is
/// not, unless they say that it is.
///
/// # Errors
/// A [`Refusal`]: nothing was said, or what is answered was not asked.
pub fn events(ticket: &Ticket, reply: &Reply) -> Result<Vec<Event>, Refusal> {
    let words = reply.text.iter().map(|text| Event::Messaged {
        side: Side::Requester,
        text: text.clone(),
        asked: reply.asked.clone(),
    });
    let is_said = reply.text.is_some();
    let (before, behind) = match (reply.is_solved, ticket.state) {
        (Some(true), State::Proposed) => (None, Some(to(State::Resolved, "the requester says so"))),
        (Some(true), _) if is_said => (None, None),
        (Some(false), State::Proposed | State::Resolved) => (
            Some(to(State::Open, "the requester says that it is not")),
            None,
        ),
        (Some(_), _) => return refused("is_solved", wording!("nobody has said that it is solved")),
        (None, _) if !is_said => return refused("text", wording!("nothing is said")),
        (None, State::Proposed | State::Resolved) => (Some(answered()), None),
        (None, State::Waiting) if ticket.waiting_for == Some(WaitingFor::User) => {
            (Some(answered()), None)
        }
        (None, _) => (None, None),
    };
    // The clocks see an answer to an open ticket, not to one that is solved.
    Ok(before.into_iter().chain(words).chain(behind).collect())
}

fn answered() -> Event {
    to(State::Open, "the requester has answered")
}

fn to(state: State, reason: &str) -> Event {
    Event::StateChanged {
        to: state,
        waiting_for: None,
        reason: Some(reason.to_owned()),
        confirmation: (state == State::Resolved).then_some(Confirmation::Requester),
    }
}

#[cfg(test)]
mod tests {
    use super::super::state::Priority;
    use super::super::ticket::after;
    use super::*;

    fn ticket(states: &[(State, Option<WaitingFor>)]) -> Ticket {
        let opened = Event::Opened {
            title: "no sound".into(),
            site: "default".into(),
            priority: Priority::Normal,
            requester: Some("rosa".into()),
            asked: None,
            person: None,
            weight: None,
        };
        let mut ticket = after(None, &opened, "ann", 0).unwrap();
        for (state, waiting_for) in states {
            let event = Event::StateChanged {
                to: *state,
                waiting_for: *waiting_for,
                reason: None,
                confirmation: None,
            };
            ticket = after(Some(&ticket), &event, "ann", 0).unwrap();
        }
        ticket
    }

    #[track_caller]
    fn check(ticket: &Ticket, text: Option<&str>, is_solved: Option<bool>, expected: &str) {
        let reply = Reply {
            text: text.map(Into::into),
            is_solved,
            asked: None,
        };
        let shown = match events(ticket, &reply) {
            Err(refusal) => refusal.to_string(),
            Ok(events) => {
                let mut present = ticket.clone();
                let mut told = Vec::new();
                for event in &events {
                    present = after(Some(&present), event, "requester", 1).unwrap();
                    told.push(match event.kind() {
                        "state_changed" => present.state.as_str(),
                        kind => kind,
                    });
                }
                told.join(", ")
            }
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn an_answer_that_is_waited_for_ends_the_wait() {
        let user = ticket(&[(State::Waiting, Some(WaitingFor::User))]);
        check(&user, Some("yes"), None, "open, messaged");
        let part = ticket(&[(State::Waiting, Some(WaitingFor::Part))]);
        check(&part, Some("when?"), None, "messaged");
        check(&ticket(&[]), Some("when?"), None, "messaged");
    }

    #[test]
    fn the_requester_confirms_or_opens_it_again() {
        let proposed = ticket(&[(State::Proposed, None)]);
        check(&proposed, None, Some(true), "resolved");
        check(&proposed, Some("thanks"), Some(true), "messaged, resolved");
        check(&proposed, Some("no"), Some(false), "open, messaged");
        check(&proposed, Some("still slow"), None, "open, messaged");
        let resolved = ticket(&[(State::Proposed, None), (State::Resolved, None)]);
        check(&resolved, Some("it is back"), None, "open, messaged");
        check(&resolved, Some("thanks"), Some(true), "messaged");
        check(&resolved, None, Some(false), "open");
    }

    #[test]
    fn nobody_confirms_what_was_not_proposed() {
        let open = ticket(&[(State::Open, None)]);
        for answer in [true, false] {
            check(
                &open,
                None,
                Some(answer),
                "is_solved: nobody has said that it is solved",
            );
        }
        check(&open, Some("good"), Some(true), "messaged");
        check(&open, None, None, "text: nothing is said");
    }
}
