//! What the requester says, and what follows of it. Pure.

use super::event::{Event, Side};
use super::state::{Confirmation, State, WaitingFor};
use super::ticket::{Refusal, Ticket, refused};

/// What came from the requester, by whatever way: words, an answer to whether it is solved, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    pub text: Option<String>,
    pub is_solved: Option<bool>,
}

/// The events that it makes, in their order: the words first, then what they move.
///
/// # Errors
/// A [`Refusal`]: nothing was said, or what is answered was not asked.
pub fn events(ticket: &Ticket, said: &Said) -> Result<Vec<Event>, Refusal> {
    if said.text.is_none() && said.is_solved.is_none() {
        return refused("text", "nothing is said");
    }
    let words = said.text.iter().map(|text| Event::Messaged {
        side: Side::Requester,
        text: text.clone(),
    });
    let moved = match (said.is_solved, ticket.state) {
        (Some(true), State::Proposed) => Some(to(State::Resolved, None)),
        (Some(true), _) => return refused("is_solved", "nobody has said that it is solved"),
        (Some(false), State::Proposed) => Some(to(State::Open, Some("it is not solved"))),
        (Some(false) | None, State::Resolved) => {
            Some(to(State::Open, Some("the requester has come back to it")))
        }
        (Some(false), _) => return refused("is_solved", "nobody has said that it is solved"),
        (None, State::Waiting) if ticket.waiting_for == Some(WaitingFor::User) => {
            Some(to(State::Open, Some("the requester has answered")))
        }
        (None, _) => None,
    };
    Ok(words.chain(moved).collect())
}

fn to(state: State, reason: Option<&str>) -> Event {
    Event::StateChanged {
        to: state,
        waiting_for: None,
        reason: reason.map(str::to_owned),
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
        let said = Said {
            text: text.map(Into::into),
            is_solved,
        };
        let shown = match events(ticket, &said) {
            Err(refusal) => refusal.to_string(),
            Ok(events) => {
                let mut present = ticket.clone();
                for event in &events {
                    present = after(Some(&present), event, "requester", 1).unwrap();
                }
                let kinds: Vec<&str> = events.iter().map(Event::kind).collect();
                format!("{}: {}", kinds.join(", "), present.state.as_str())
            }
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn an_answer_that_is_waited_for_ends_the_wait() {
        let user = ticket(&[(State::Waiting, Some(WaitingFor::User))]);
        check(&user, Some("yes"), None, "messaged, state_changed: open");
        let part = ticket(&[(State::Waiting, Some(WaitingFor::Part))]);
        check(&part, Some("when?"), None, "messaged: waiting");
        check(&ticket(&[]), Some("when?"), None, "messaged: new");
    }

    #[test]
    fn the_requester_confirms_or_opens_it_again() {
        let proposed = ticket(&[(State::Proposed, None)]);
        check(&proposed, None, Some(true), "state_changed: resolved");
        check(
            &proposed,
            Some("no"),
            Some(false),
            "messaged, state_changed: open",
        );
        check(&proposed, Some("thanks"), None, "messaged: proposed");
        let resolved = ticket(&[(State::Proposed, None), (State::Resolved, None)]);
        check(
            &resolved,
            Some("it is back"),
            None,
            "messaged, state_changed: open",
        );
        check(&resolved, None, Some(false), "state_changed: open");
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
        check(&open, None, None, "text: nothing is said");
    }
}
