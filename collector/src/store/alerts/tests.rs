//! Alerts and their tickets.

use super::super::Id;
use super::super::reports::{Body, NewOutcome, NewReport};
use super::super::testing::{NOW, device, on_both, slow};
use super::super::tickets::{Happened, TicketChange};
use super::*;
use crate::desk::{Confirmation, Priority, WaitingFor};
use crate::wording::wording;

fn of(device_key: Option<i64>) -> AlertFilter {
    AlertFilter {
        device_key,
        most: 10,
        ..AlertFilter::default()
    }
}

#[tokio::test]
async fn one_alert_is_open_for_each_key() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        let raise = |status, at| Raise {
            device_key: key,
            check: "disk.space".into(),
            subject: "/".into(),
            status,
            at,
        };
        let raised = async |status, at| {
            let raised = store.raise_alert(raise(status, at), None).await;
            raised.unwrap().alert_key
        };
        let alert_key = raised(v1::Status::Warning, NOW).await;
        assert_eq!(raised(v1::Status::Critical, NOW + 1).await, alert_key);
        let open = store.open_alerts(&of(Some(key))).await.unwrap();
        assert_eq!((open.len(), open[0].status, open[0].opened_at), (1, 2, NOW));
        let cleared = store
            .clear_alert(key, "disk.space", "/", NOW + 2)
            .await
            .unwrap();
        assert_eq!(cleared.unwrap().alert.alert_key, alert_key);
        assert_eq!(
            store.clear_alert(key, "disk.space", "/", NOW + 3).await,
            Ok(None)
        );
        assert_eq!(store.open_alerts(&of(None)).await.unwrap(), []);
        assert_ne!(raised(v1::Status::Warning, NOW + 4).await, alert_key);
    })
    .await;
}

#[tokio::test]
async fn a_fault_that_comes_back_goes_on_with_its_ticket_until_that_is_closed() {
    on_both(|store| async move {
        let (id, key) = device(&store, "pc").await;
        let fault = async |at| {
            let raise = Raise {
                device_key: key,
                check: "disk.space".into(),
                subject: "/".into(),
                status: v1::Status::Critical,
                at,
            };
            let ticket = OpenTicket {
                title: "the disk is full".into(),
                site: "default".into(),
                priority: Priority::High,
                requester: None,
                person: None,
                weight: None,
                devices: vec![id.to_string()],
                note: None,
                opened_by: "policy default".into(),
                at,
            };
            let raised = store.raise_alert(raise, Some(ticket)).await.unwrap();
            (raised.ticket.unwrap(), raised.is_new_ticket)
        };
        let over = async |at| store.clear_alert(key, "disk.space", "/", at).await.unwrap();
        let move_on = async |number, to| {
            let change = TicketChange {
                number,
                event: Event::StateChanged {
                    to,
                    waiting_for: (to == State::Waiting).then_some(WaitingFor::Part),
                    reason: None,
                    confirmation: None,
                },
                actor: "ann".into(),
                expected_version: None,
                at: NOW,
            };
            store.change_ticket(change).await.unwrap();
        };
        let state = async |number| store.ticket(number).await.unwrap().unwrap().ticket.state;
        let (first, is_new) = fault(NOW).await;
        assert!(is_new);
        assert_eq!(fault(NOW + 1).await, (first, false), "it has its ticket");
        over(NOW + 2).await;
        assert_eq!(state(first).await, State::Resolved, "nobody has taken it");
        assert_eq!(fault(NOW + 3).await, (first, false), "it is the same fault");
        assert_eq!(state(first).await, State::Open);
        move_on(first, State::Waiting).await;
        over(NOW + 4).await;
        assert_eq!(state(first).await, State::Waiting, "somebody has");
        for to in [State::Proposed, State::Resolved, State::Closed] {
            move_on(first, to).await;
        }
        let (second, is_new) = fault(NOW + 5).await;
        assert!(is_new && second != first);
    })
    .await;
}

#[tokio::test]
async fn what_an_alert_was_raised_for_and_is_bad_still_is_not_solved() {
    on_both(|store| async move {
        let (id, key) = device(&store, "pc").await;
        report(&store, key, 1, "/", v1::Status::Critical).await;
        let raise = |check: &str| Raise {
            device_key: key,
            check: check.into(),
            subject: "/".into(),
            status: v1::Status::Critical,
            at: NOW,
        };
        let ticket = OpenTicket {
            title: "the disk is full".into(),
            site: "default".into(),
            priority: Priority::High,
            requester: None,
            person: None,
            weight: None,
            devices: vec![id.to_string()],
            note: None,
            opened_by: "policy default".into(),
            at: NOW,
        };
        let propose = async |number| {
            let change = TicketChange {
                number,
                event: Event::StateChanged {
                    to: State::Proposed,
                    waiting_for: None,
                    reason: None,
                    confirmation: None,
                },
                actor: "ann".into(),
                expected_version: None,
                at: NOW,
            };
            store.change_ticket(change).await.map(drop)
        };
        let still = |what: &str| {
            let why = wording!(
                "{} on pc is critical; say why it is solved all the same",
                what
            );
            Err(StoreError::refused("reason", why))
        };
        let disk = store.raise_alert(raise("disk.space"), Some(ticket.clone()));
        let disk = disk.await.unwrap().ticket.unwrap();
        assert_eq!(propose(disk).await, still("disk.space /"));
        report(&store, key, 2, "/", v1::Status::Ok).await;
        assert_eq!(propose(disk).await, Ok(()));
        let conflict = store.raise_alert(raise("device.conflict"), Some(ticket));
        let conflict = conflict.await.unwrap().ticket.unwrap();
        assert_eq!(propose(conflict).await, still("device.conflict"));
        store
            .clear_alert(key, "device.conflict", "/", NOW)
            .await
            .unwrap();
        let conflict = store.ticket(conflict).await.unwrap().unwrap();
        assert_eq!(conflict.ticket.state, State::Resolved);
    })
    .await;
}

async fn report(store: &Store, device_key: i64, seq: u64, subject: &str, status: v1::Status) {
    let changes = v1::FindingChanges {
        findings: vec![v1::Finding {
            check: "disk.space".into(),
            subject: subject.into(),
            status: status.into(),
            ..v1::Finding::default()
        }],
        ..v1::FindingChanges::default()
    };
    let report = NewReport {
        device_key,
        spool_id: Id([1; 16]),
        seq,
        reported_at: NOW,
        corrected_at: NOW,
        boot_id: "b".into(),
        outcome: NewOutcome::Committed(Body::Findings(changes)),
    };
    store.record_reports(vec![report]).await.unwrap();
}

#[tokio::test]
async fn since_when_alerts_are_ok_is_read_at_once() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        for (seq, subject, status) in [
            (1, "ok", v1::Status::Ok),
            (2, "bad", v1::Status::Warning),
            (3, "unknown", v1::Status::Unknown),
        ] {
            report(&store, key, seq, subject, status).await;
        }
        let mut keys = Vec::new();
        for subject in ["ok", "bad", "unknown", "gone"] {
            let raise = Raise {
                device_key: key,
                check: "disk.space".into(),
                subject: subject.into(),
                status: v1::Status::Warning,
                at: NOW,
            };
            keys.push(store.raise_alert(raise, None).await.unwrap().alert_key);
        }
        let expected = HashMap::from([(keys[0], NOW), (keys[3], 0)]);
        assert_eq!(store.open_alerts_ok_since().await.unwrap(), expected);
    })
    .await;
}

#[tokio::test]
async fn a_ticket_ends_with_its_last_alert_unless_somebody_has_taken_it() {
    on_both(|store| async move {
        let (id, key) = device(&store, "pc").await;
        let raise = async |check: &str, subject: &str| {
            let raise = Raise {
                device_key: key,
                check: check.into(),
                subject: subject.into(),
                status: v1::Status::Critical,
                at: NOW,
            };
            let ticket = OpenTicket {
                title: format!("{check} {subject}"),
                opened_by: "policy default".into(),
                ..slow(vec![id.to_string()])
            };
            let raised = store.raise_alert(raise, Some(ticket)).await.unwrap();
            raised.ticket.unwrap()
        };
        let over = async |check: &str, subject: &str| {
            let cleared = store.clear_alert(key, check, subject, NOW + 1).await;
            cleared.unwrap().unwrap().solved
        };
        let ticket = async |number| store.ticket(number).await.unwrap().unwrap().ticket;
        // What the same check finds on the same device is one case.
        let disks = raise("disk.space", "/").await;
        assert_eq!(raise("disk.space", "/srv").await, disks);
        let other = raise("net.dns", "").await;
        assert_ne!(other, disks);
        let last = store.timeline(disks, 0, 100).await.unwrap().pop().unwrap();
        let told = Event::Noted {
            text: "too: disk.space /srv".into(),
        };
        assert_eq!(last.event, Happened::Known(told));
        assert_eq!(over("disk.space", "/").await, None);
        assert_eq!(ticket(disks).await.state, State::New);
        assert_eq!(over("disk.space", "/srv").await, Some(disks));
        assert_eq!(ticket(disks).await.state, State::Resolved);
        let last = store.timeline(disks, 0, 100).await.unwrap().pop().unwrap();
        let Happened::Known(Event::StateChanged { confirmation, .. }) = last.event else {
            panic!("no state was changed");
        };
        assert_eq!(
            (last.actor.as_str(), confirmation),
            ("collector", Some(Confirmation::Checks))
        );
        let taken = TicketChange {
            number: other,
            event: Event::Assigned {
                to: Some("ann".into()),
            },
            actor: "ann".into(),
            expected_version: None,
            at: NOW,
        };
        store.change_ticket(taken).await.unwrap();
        assert_eq!(over("net.dns", "").await, None);
        assert_eq!(ticket(other).await.state, State::Open);
        // Its finding is bad still, whoever cleared the alert.
        report(&store, key, 1, "/", v1::Status::Critical).await;
        assert_eq!(raise("disk.space", "/").await, disks);
        assert_eq!(ticket(disks).await.state, State::Open);
        assert_eq!(over("disk.space", "/").await, None);
        assert_eq!(ticket(disks).await.state, State::Open);
    })
    .await;
}
