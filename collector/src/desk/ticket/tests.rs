//! What a ticket takes and what it refuses.

use super::*;

fn opening() -> Event {
    Event::Opened {
        title: "no sound".into(),
        site: "default".into(),
        priority: Priority::Normal,
        requester: None,
        asked: None,
        person: None,
        weight: None,
    }
}

fn to(state: State) -> Event {
    Event::StateChanged {
        to: state,
        waiting_for: (state == State::Waiting).then_some(WaitingFor::Part),
        reason: None,
        confirmation: None,
    }
}

fn ticket_in(state: State) -> Ticket {
    Ticket {
        state,
        ..after(None, &opening(), "ann", 1).unwrap()
    }
}

#[track_caller]
fn check(from: State, event: &Event, expected: &str) {
    let shown = match after(Some(&ticket_in(from)), event, "ann", 2) {
        Ok(ticket) => ticket.state.as_str().to_owned(),
        Err(refusal) => refusal.to_string(),
    };
    assert_eq!(shown, expected);
}

#[test]
fn every_transition_that_is_not_allowed_names_those_that_are() {
    check(State::New, &to(State::Open), "open");
    check(State::Proposed, &to(State::Resolved), "resolved");
    check(State::Resolved, &to(State::Open), "open");
    check(
        State::Open,
        &to(State::Resolved),
        "state: a ticket that is open cannot become resolved; it can become waiting, proposed",
    );
    check(
        State::New,
        &to(State::New),
        "state: a ticket that is new cannot become new; it can become open, waiting, proposed",
    );
}

#[test]
fn a_closed_ticket_takes_only_records_of_what_was_begun() {
    let closed = "ticket: it is closed, and no change is allowed any more: open a new ticket";
    check(State::Closed, &to(State::Open), closed);
    check(
        State::Closed,
        &Event::Noted {
            text: "and yet".into(),
        },
        closed,
    );
    let ended = Event::WorkEnded {
        job: "j".into(),
        device: "d".into(),
        title: "disk.space".into(),
        state: "succeeded".into(),
    };
    check(State::Closed, &ended, "closed");
}

#[test]
fn waiting_says_for_what() {
    let waiting = |waiting_for| Event::StateChanged {
        to: State::Waiting,
        waiting_for,
        reason: None,
        confirmation: None,
    };
    check(State::Open, &waiting(Some(WaitingFor::User)), "waiting");
    check(
        State::Open,
        &waiting(None),
        "waiting_for: it is missing: say for what: user, part, supplier, device, appointment",
    );
}

#[test]
fn a_ticket_is_handed_on_with_a_reason_and_then_is_nobodys() {
    let assigned = Event::Assigned {
        to: Some("ann".into()),
    };
    let ticket = after(Some(&ticket_in(State::Open)), &assigned, "ann", 2).unwrap();
    let hand_on = |to, reason: &str| Event::TierChanged {
        to,
        reason: reason.into(),
    };
    let event = hand_on(Tier::Second, "needs the network team");
    let next = after(Some(&ticket), &event, "ann", 3).unwrap();
    assert_eq!((next.tier, next.assignee), (Tier::Second, None));
    let missing = hand_on(Tier::Second, "");
    check(State::Open, &missing, "reason: it is empty");
    let stays = hand_on(Tier::First, "so");
    check(State::Open, &stays, "tier: it is there already");
    let resolved = "tier: the ticket is resolved: open it again first";
    check(State::Resolved, &hand_on(Tier::Third, "so"), resolved);
}

#[test]
fn nobody_writes_to_a_requester_who_is_not_there() {
    let written = Event::Messaged {
        side: Side::Technician,
        text: "hello".into(),
        asked: None,
    };
    let nobody = "requester: nobody has asked for this ticket: write a note instead";
    check(State::Open, &written, nobody);
}

#[test]
fn each_event_counts_the_version_up() {
    let first = after(None, &opening(), "ann", 1).unwrap();
    let note = Event::Noted { text: "x".into() };
    let second = after(Some(&first), &note, "bob", 9).unwrap();
    assert_eq!((first.version, second.version), (1, 2));
    assert_eq!((second.opened_at, second.changed_at), (1, 9));
    assert_eq!(second.opened_by, "ann");
}

#[test]
fn an_empty_title_is_refused() {
    let event = Event::Opened {
        title: " ".into(),
        site: "default".into(),
        priority: Priority::Low,
        requester: None,
        asked: None,
        person: None,
        weight: None,
    };
    let refusal = after(None, &event, "ann", 1).unwrap_err();
    assert_eq!(refusal.to_string(), "title: it is empty");
}

#[test]
fn whoever_takes_it_or_answers_works_on_it() {
    let opening = Event::Opened {
        title: "no sound".into(),
        site: "default".into(),
        priority: Priority::Normal,
        requester: Some("rosa".into()),
        asked: None,
        person: None,
        weight: None,
    };
    let new = after(None, &opening, "ann", 0).unwrap();
    let message = |side| Event::Messaged {
        side,
        text: "x".into(),
        asked: None,
    };
    let assigned = |to: Option<&str>| Event::Assigned {
        to: to.map(Into::into),
    };
    for (event, expected) in [
        (message(Side::Requester), State::New),
        (message(Side::Technician), State::Open),
        (assigned(None), State::New),
        (assigned(Some("bob")), State::Open),
        (Event::Noted { text: "x".into() }, State::New),
    ] {
        assert_eq!(after(Some(&new), &event, "ann", 1).unwrap().state, expected);
    }
}

#[test]
fn a_device_is_opened_for_a_ticket_that_is_about_it() {
    let opened = Event::RemoteOpened {
        device: "d".into(),
        tool: "RustDesk".into(),
    };
    check(State::New, &opened, "device: it is not on the ticket");
    let device = Event::DeviceAdded { device: "d".into() };
    let about = after(Some(&ticket_in(State::New)), &device, "ann", 2).unwrap();
    let next = after(Some(&about), &opened, "ann", 3).unwrap();
    assert_eq!((next.state, next.version), (State::New, about.version + 1));
}
