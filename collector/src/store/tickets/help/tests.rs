//! What comes of what people say, on both engines.

use sonde_proto::help::Reason;

use super::super::super::reports::{Body, NewOutcome, NewReport, RecordedFate};
use super::super::super::testing::{NOW, device, on_both};
use super::super::super::{Store, sites::DEFAULT_SITE};
use super::super::{Happened, TicketChange};
use super::*;
use crate::desk::Side;
use crate::desk::WaitingFor;
use crate::desk::person::Details;
use crate::store::persons::NewPerson;

const MINUTE_US: i64 = 60_000_000;

fn said(n: u8, login: &str, text: &str) -> NewSaid {
    NewSaid {
        said_id: Id([n; 16]),
        login: login.into(),
        full_name: String::new(),
        text: text.into(),
        ticket: None,
        solved: false,
        asked_at: NOW - MINUTE_US,
        taken_at: NOW,
    }
}

fn on(ticket: i64, said: NewSaid) -> NewSaid {
    NewSaid {
        ticket: Some(ticket),
        ..said
    }
}

/// As it comes from a device; gives what became of it.
async fn say(store: &Store, device_key: i64, said: NewSaid) -> SaidFate {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    let (login, said_id) = (said.login.clone(), said.said_id);
    let report = NewReport {
        device_key,
        spool_id: Id([5; 16]),
        seq: NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
        reported_at: NOW,
        corrected_at: said.asked_at,
        boot_id: "b".into(),
        outcome: NewOutcome::Committed(Body::Said(Box::new(said))),
    };
    let recorded = store.record_reports(vec![report]).await.unwrap();
    // Refused or not, it is accounted for and does not come again.
    assert_eq!(recorded[0].fate, RecordedFate::Committed);
    let fate = store.help_said(device_key, &login, said_id).await.unwrap();
    let fate = fate.unwrap();
    let taken = recorded[0].said.as_ref().map(|taken| taken.number);
    assert!(taken.is_none() || taken == fate.ticket);
    fate
}

fn fate(ticket: i64, reason: Option<Reason>) -> SaidFate {
    SaidFate {
        ticket: Some(ticket).filter(|ticket| *ticket != 0),
        reason: reason.map(|reason| reason.as_str().to_owned()),
    }
}

async fn change(store: &Store, number: i64, event: Event) {
    let change = TicketChange {
        number,
        event,
        actor: "ann".into(),
        expected_version: None,
        at: NOW + MINUTE_US,
    };
    store.change_ticket(change).await.unwrap();
}

fn to(state: State, waiting_for: Option<WaitingFor>) -> Event {
    Event::StateChanged {
        to: state,
        waiting_for,
        reason: Some("so".into()),
        confirmation: None,
    }
}

fn reply(text: &str) -> Event {
    Event::Messaged {
        side: Side::Technician,
        text: text.into(),
        asked: None,
    }
}

async fn state(store: &Store, number: i64) -> State {
    store.ticket(number).await.unwrap().unwrap().ticket.state
}

#[tokio::test]
async fn what_is_said_opens_a_ticket_about_its_device_once() {
    on_both(|store| async move {
        let (id, key) = device(&store, "pc-7").await;
        let first = said(1, "rosa", "the printer\ndoes nothing");
        assert_eq!(say(&store, key, first.clone()).await, fate(1, None));
        // It comes again after a crash, under another number.
        assert_eq!(say(&store, key, first).await, fate(1, None));
        let ticket = store.ticket(1).await.unwrap().unwrap().ticket;
        assert_eq!(ticket.title, "the printer");
        assert_eq!(ticket.devices, [id.to_string()]);
        assert_eq!(ticket.requester.as_deref(), Some("rosa"));
        assert_eq!(ticket.opened_by, "rosa on pc-7");
        assert_eq!(ticket.opened_at, NOW);
        let asked = Asked {
            device: id.to_string(),
            login: "rosa".into(),
            said: "01".repeat(16),
            at: NOW - MINUTE_US,
        };
        assert_eq!(ticket.asked, Some(asked.clone()));
        let timeline = store.timeline(1, 0, 10).await.unwrap();
        assert_eq!(timeline.len(), 3);
        let written = Event::Messaged {
            side: Side::Requester,
            text: "the printer\ndoes nothing".into(),
            asked: Some(asked),
        };
        assert_eq!(timeline[2].event, Happened::Known(written));
        let owed = store.take_owed_snapshots(NOW + 1, NOW + 2).await.unwrap();
        assert_eq!(owed.len(), 1);
        assert!(store.ticket(2).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn who_has_asked_is_a_person_where_that_is_clear() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc-7").await;
        let person = NewPerson {
            site: DEFAULT_SITE.into(),
            details: Details {
                name: "Rosa Marín".into(),
                language: None,
                phones: vec![],
                mails: vec!["rosa@example.org".into()],
                note: String::new(),
                group: None,
            },
            by: "ann".into(),
            at: NOW,
        };
        store.add_person(person).await.unwrap();
        let named = NewSaid {
            full_name: "Guest Account".into(),
            ..said(2, "guest", "b")
        };
        say(&store, key, said(1, "ROSA", "a")).await;
        say(&store, key, named).await;
        let requester = async |number| {
            let ticket = store.ticket(number).await.unwrap().unwrap();
            ticket.ticket.requester.unwrap()
        };
        assert_eq!(requester(1).await, "Rosa Marín");
        assert_eq!(requester(2).await, "Guest Account");
    })
    .await;
}

#[tokio::test]
async fn an_answer_ends_the_wait_for_it_and_a_closed_ticket_is_followed() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        say(&store, key, said(1, "rosa", "no sound")).await;
        change(&store, 1, to(State::Waiting, Some(WaitingFor::User))).await;
        let yes = on(1, said(2, "rosa", "since monday"));
        assert_eq!(say(&store, key, yes).await, fate(1, None));
        assert_eq!(state(&store, 1).await, State::Open);
        change(&store, 1, to(State::Proposed, None)).await;
        let confirmed = NewSaid {
            solved: true,
            ..on(1, said(3, "rosa", ""))
        };
        assert_eq!(say(&store, key, confirmed).await, fate(1, None));
        assert_eq!(state(&store, 1).await, State::Resolved);
        let back = on(1, said(4, "rosa", "it is back"));
        assert_eq!(say(&store, key, back).await, fate(1, None));
        assert_eq!(state(&store, 1).await, State::Open);
        for next in [State::Proposed, State::Resolved, State::Closed] {
            change(&store, 1, to(next, None)).await;
        }
        let again = on(1, said(5, "rosa", "and again"));
        assert_eq!(say(&store, key, again).await, fate(2, Some(Reason::Closed)));
        let second = store.ticket(2).await.unwrap().unwrap();
        assert_eq!(second.ticket.marks.links, [(Relation::Follows, 1)]);
        let rebuilt = store.rebuild_ticket(2).await.unwrap();
        assert_eq!(rebuilt, second);
    })
    .await;
}

#[tokio::test]
async fn nobody_reads_or_answers_what_another_has_asked() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        let (_, other) = device(&store, "other").await;
        say(&store, key, said(1, "rosa", "no sound")).await;
        change(
            &store,
            1,
            Event::Noted {
                text: "a secret".into(),
            },
        )
        .await;
        change(&store, 1, reply("louder?")).await;
        let list = async |key, login: &str| -> Vec<(i64, u32)> {
            let tickets = store.help_tickets(key, login, None, 10).await.unwrap();
            tickets
                .iter()
                .map(|one| (one.number, one.n_answers))
                .collect()
        };
        assert_eq!(list(key, "rosa").await, [(1, 1)]);
        assert!(list(key, "bob").await.is_empty());
        assert!(list(other, "rosa").await.is_empty());
        let read = async |key, login: &str| store.help_ticket(key, login, 1, 10).await.unwrap();
        assert_eq!(read(key, "bob").await, None);
        assert_eq!(read(other, "rosa").await, None);
        let own = read(key, "rosa").await.unwrap();
        let texts: Vec<&str> = own.messages.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(texts, ["no sound", "louder?"]);
        assert_eq!(own.messages[0].at, NOW - MINUTE_US);
        // What somebody says about another's ticket is not lost, and does not come onto it.
        let no_ticket = Some(Reason::NoTicket);
        let strange = on(1, said(2, "bob", "mine too"));
        assert_eq!(say(&store, key, strange).await, fate(2, no_ticket));
        let elsewhere = on(1, said(3, "rosa", "here too"));
        assert_eq!(say(&store, other, elsewhere).await, fate(3, no_ticket));
        let solved = NewSaid {
            solved: true,
            ..on(1, said(4, "bob", ""))
        };
        assert_eq!(say(&store, key, solved).await, fate(0, no_ticket));
        assert_eq!(read(key, "rosa").await.unwrap().messages.len(), 2);
        let none = store.help_said(key, "bob", Id([1; 16])).await.unwrap();
        assert_eq!(none, None);
    })
    .await;
}

#[tokio::test]
async fn one_person_does_not_fill_the_desk() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        let most = MOST_OF_ONE as i64;
        for n in 1..=most {
            assert_eq!(
                say(&store, key, said(n as u8, "rosa", "x")).await,
                fate(n, None)
            );
        }
        let many = Some(Reason::ManyOpen);
        assert_eq!(
            say(&store, key, said(50, "rosa", "y")).await,
            fate(most, many)
        );
        assert_eq!(
            say(&store, key, said(51, "bob", "z")).await,
            fate(most + 1, None)
        );
        let long_ago = NewSaid {
            taken_at: NOW + 2 * HOUR_US,
            ..said(52, "bob", "later")
        };
        let mut last = fate(0, None);
        for n in 60..=120 {
            last = say(&store, key, said(n, "rosa", "y")).await;
        }
        assert_eq!(last, fate(0, Some(Reason::TooOften)));
        assert_eq!(say(&store, key, long_ago).await, fate(most + 2, None));
    })
    .await;
}

#[tokio::test]
async fn a_machine_that_enrols_anew_keeps_what_its_users_have_asked() {
    on_both(|store| async move {
        let (id, key) = device(&store, "pc").await;
        let (next, next_key) = device(&store, "pc").await;
        say(&store, key, said(1, "rosa", "no sound")).await;
        store.join_device(&next, &id, "ann", NOW + 1).await.unwrap();
        let own = store
            .help_tickets(next_key, "rosa", None, 10)
            .await
            .unwrap();
        assert_eq!(own.len(), 1);
        assert!(
            store
                .help_tickets(key, "rosa", None, 10)
                .await
                .unwrap()
                .is_empty()
        );
        let before = store.ticket(1).await.unwrap();
        assert_eq!(Some(store.rebuild_ticket(1).await.unwrap()), before);
    })
    .await;
}
