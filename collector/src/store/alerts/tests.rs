//! Alerts and their tickets.

use super::super::Id;
use super::super::reports::{Body, NewOutcome, NewReport};
use super::super::testing::{NOW, device, on_both};
use super::super::tickets::TicketChange;
use super::*;
use crate::desk::Priority;

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
        assert_eq!(cleared.unwrap().alert_key, alert_key);
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
                    waiting_for: None,
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
        move_on(first, State::Proposed).await;
        move_on(first, State::Resolved).await;
        assert_eq!(fault(NOW + 3).await, (first, false), "it is the same fault");
        assert_eq!(state(first).await, State::Open);
        over(NOW + 4).await;
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
            let why = format!("{what} on pc is critical; say why it is solved all the same");
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
        assert_eq!(propose(conflict).await, Ok(()));
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
