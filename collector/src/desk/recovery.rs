//! Whether a ticket that an alert has opened ends with the alert: only if nobody has taken it. Pure.

use super::event::Event;
use super::state::State;
use super::ticket::Ticket;

/// The collector, where it acts by itself.
const COLLECTOR: &str = "collector";

/// Whether nothing but machines has touched a ticket: whoever opened it, changed it and wrote on it, oldest first.
pub fn is_untouched<'e>(
    ticket: &Ticket,
    events: impl IntoIterator<Item = (&'e str, &'e Event)>,
) -> bool {
    let is_idle = matches!(ticket.state, State::New | State::Open);
    is_idle
        && ticket.assignee.is_none()
        && ticket.requester.is_none()
        && events
            .into_iter()
            .all(|(actor, event)| is_machine(actor) || event.is_record())
}

/// Policies and rules act under names of two words, which no account has.
fn is_machine(actor: &str) -> bool {
    actor == COLLECTOR || actor.contains(' ')
}

#[cfg(test)]
mod tests {
    use super::super::state::{Priority, Tier};
    use super::super::ticket::after;
    use super::*;

    #[track_caller]
    fn check(events: &[(&str, Event)], expected: bool) {
        let opened = Event::Opened {
            title: "the disk is full".into(),
            site: "default".into(),
            priority: Priority::High,
            requester: None,
            asked: None,
            person: None,
            weight: None,
        };
        let all = [("policy lab", opened)];
        let all: Vec<(&str, Event)> = all.into_iter().chain(events.iter().cloned()).collect();
        let mut ticket = None;
        for (actor, event) in &all {
            ticket = Some(after(ticket.as_ref(), event, actor, 0).unwrap());
        }
        let told = all.iter().map(|(actor, event)| (*actor, event));
        assert_eq!(is_untouched(&ticket.unwrap(), told), expected, "{events:?}");
    }

    fn to(state: State) -> Event {
        Event::StateChanged {
            to: state,
            waiting_for: None,
            reason: None,
            confirmation: None,
        }
    }

    #[test]
    fn who_has_done_anything_about_a_ticket_has_taken_it() {
        let noted = || Event::Noted { text: "hm".into() };
        let handed = || Event::TierChanged {
            to: Tier::Second,
            reason: "so".into(),
        };
        let ended = || Event::WorkEnded {
            job: "j".into(),
            device: "d".into(),
            title: "disk.space".into(),
            state: "succeeded".into(),
        };
        let assigned = |to: Option<&str>| Event::Assigned {
            to: to.map(str::to_owned),
        };
        check(&[], true);
        check(
            &[("policy lab", noted()), ("escalation slow", handed())],
            true,
        );
        check(&[("5cpvrjy3pngj75k927bsw9ax7m", ended())], true);
        check(
            &[
                ("policy lab", to(State::Proposed)),
                ("policy lab", to(State::Open)),
            ],
            true,
        );
        check(&[("ann", noted())], false);
        check(
            &[("ann", assigned(Some("bob"))), ("ann", assigned(None))],
            false,
        );
        check(&[("collector", to(State::Proposed))], false);
    }
}
