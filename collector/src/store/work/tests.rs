//! The way of an order, on both engines.

use sonde_proto::v1::{self, job_event};

use super::super::Store;
use super::super::alerts::{AlertFilter, Raise};
use super::super::reports::{Body, NewOutcome, NewReport, RecordedFate};
use super::super::testing::{HOUR_US, NOW, ask_writer, device, on_both, slow};
use super::super::tickets::{Happened, TicketChange};
use super::super::{Id, StoreError};
use super::{
    ABSENCE_US, Bound, CancelOutcome, JobState, NewJobEvent, NewOrder, Origin, SILENCE_US, Told,
};
use crate::desk::{Event, State};
use crate::wording::wording;

async fn ticket(store: &Store) -> i64 {
    let ticket = slow(vec![]);
    store.open_ticket(ticket).await.unwrap().number
}

fn order(device_key: i64, origin: Origin) -> NewOrder {
    NewOrder {
        id: Id::random(),
        device_key,
        origin,
        kind: "checks",
        title: "disk.space".into(),
        request: "{}".into(),
        consent: None,
        asset: None,
        requested_by: "ann".into(),
        issued_at: NOW,
        expires_at: NOW + HOUR_US,
        bound: None,
    }
}

async fn close(store: &Store, number: i64) -> super::super::tickets::Changed {
    let mut changed = None;
    for to in [State::Proposed, State::Resolved, State::Closed] {
        let event = Event::StateChanged {
            to,
            waiting_for: None,
            reason: None,
            confirmation: None,
        };
        let change = TicketChange {
            number,
            event,
            actor: "ann".into(),
            expected_version: None,
            at: NOW,
        };
        changed = Some(store.change_ticket(change).await.unwrap());
    }
    changed.unwrap()
}

#[tokio::test]
async fn a_device_cannot_be_asked_without_an_open_ticket() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        let nowhere = store
            .submit_orders(vec![order(key, Origin::Ticket(77))])
            .await;
        assert_eq!(nowhere, Err(StoreError::not_found(wording!("ticket"))));
        let number = ticket(&store).await;
        close(&store, number).await;
        let closed = store
            .submit_orders(vec![order(key, Origin::Ticket(number))])
            .await;
        let Err(StoreError::Refused { field, reason, .. }) = closed else {
            panic!("{closed:?}");
        };
        assert_eq!(field, "ticket");
        assert!(
            reason
                .to_string()
                .contains("new, open, waiting, proposed, resolved"),
            "{reason}"
        );
        assert_eq!(store.n_open_jobs(key).await, Ok(0));
        let open = ticket(&store).await;
        let orders = vec![order(key, Origin::Ticket(open))];
        store.submit_orders(orders).await.unwrap();
        let without = ask_writer(
            &store,
            "UPDATE ticket_orders SET ticket = NULL WHERE job_key > 0 RETURNING job_key",
        )
        .await;
        let Err(StoreError::Refused { .. } | StoreError::Broken(_) | StoreError::Conflict { .. }) =
            without
        else {
            panic!("{without:?}");
        };
    })
    .await;
}

#[tokio::test]
async fn a_request_for_several_devices_is_kept_whole_or_not_at_all() {
    on_both(|store| async move {
        let (_, first) = device(&store, "a").await;
        let (_, second) = device(&store, "b").await;
        let number = ticket(&store).await;
        let orders = || {
            let of = |key| order(key, Origin::Ticket(number));
            vec![of(first), of(second)]
        };
        store.submit_orders(orders()).await.unwrap();
        assert_eq!(store.n_open_jobs(first).await, Ok(1));
        let gone = Id([7; 16]);
        store.device_in_conflict(second, gone, NOW).await.unwrap();
        let refused = store.submit_orders(orders()).await;
        let Err(StoreError::Refused { field, .. }) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(field, "device");
        assert_eq!(store.n_open_jobs(first).await, Ok(1));
    })
    .await;
}

#[tokio::test]
async fn an_order_is_handed_to_one_installation_byte_for_byte() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        let number = ticket(&store).await;
        let order = order(key, Origin::Ticket(number));
        store.submit_orders(vec![order.clone()]).await.unwrap();
        store.submit_orders(vec![order.clone()]).await.unwrap();
        assert_eq!(store.n_open_jobs(key).await, Ok(1));
        let (one, two) = (Id([1; 16]), Id([2; 16]));
        let bound = Bound {
            order_bytes: vec![1],
        };
        let bind =
            async |installation, bytes| store.bind_order(order.id, installation, bytes, NOW).await;
        assert_eq!(bind(one, vec![1]).await, Ok(bound.clone()));
        assert_eq!(bind(one, vec![9]).await, Ok(bound));
        assert_eq!(
            bind(two, vec![1]).await,
            Err(StoreError::conflict(wording!(
                "the order is bound to another installation"
            )))
        );
        let pending = store.orders_for_device_pending(key).await.unwrap();
        assert_eq!(pending.len(), 1);
        assert_eq!(pending[0].installation_id, Some(one));
    })
    .await;
}

#[tokio::test]
async fn what_never_left_expires_and_what_was_never_answered_is_unknown() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        let number = ticket(&store).await;
        let (queued, handed) = (
            order(key, Origin::Ticket(number)),
            order(key, Origin::Ticket(number)),
        );
        store.submit_orders(vec![queued.clone()]).await.unwrap();
        store.submit_orders(vec![handed.clone()]).await.unwrap();
        store
            .bind_order(handed.id, Id([1; 16]), vec![1], NOW)
            .await
            .unwrap();
        let due = NOW + HOUR_US;
        assert_eq!(store.expire_due(due - 1).await, Ok(vec![]));
        let states = async |now| {
            let changes = store.expire_due(now).await.unwrap();
            changes
                .into_iter()
                .map(|change| (change.id, change.state))
                .collect::<Vec<_>>()
        };
        assert_eq!(states(due).await, [(queued.id, JobState::Expired)]);
        assert_eq!(
            states(due + SILENCE_US).await,
            [(handed.id, JobState::Unknown)]
        );
        let timeline = store.timeline(number, 0, 100).await.unwrap();
        assert_eq!(timeline.len(), 5);
    })
    .await;
}

#[tokio::test]
async fn closing_the_ticket_cancels_what_is_queued() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        let number = ticket(&store).await;
        let (queued, handed) = (
            order(key, Origin::Ticket(number)),
            order(key, Origin::Ticket(number)),
        );
        store.submit_orders(vec![queued.clone()]).await.unwrap();
        store.submit_orders(vec![handed.clone()]).await.unwrap();
        store
            .bind_order(handed.id, Id([1; 16]), vec![1], NOW)
            .await
            .unwrap();
        let changed = close(&store, number).await;
        let cancelled: Vec<Id> = changed.cancelled.iter().map(|job| job.id).collect();
        assert_eq!(cancelled, [queued.id]);
        assert_eq!(changed.to_cancel, [handed.id]);
        let job = store.job(queued.id).await.unwrap().unwrap();
        assert_eq!(job.state, JobState::Cancelled);
        let again = store.cancel_job(queued.id, "ann", NOW).await;
        assert_eq!(again, Ok(CancelOutcome::Ended(JobState::Cancelled)));
    })
    .await;
}

#[tokio::test]
async fn the_jobs_of_a_removed_device_end_and_its_alerts_are_over() {
    on_both(|store| async move {
        let (id, key) = device(&store, "pc").await;
        let number = ticket(&store).await;
        let queued = order(key, Origin::Ticket(number));
        let handed = NewOrder {
            bound: Some((Id([1; 16]), vec![1])),
            ..order(key, Origin::Ticket(number))
        };
        let both = vec![queued.clone(), handed.clone()];
        store.submit_orders(both).await.unwrap();
        let raise = Raise {
            device_key: key,
            check: "disk.space".into(),
            subject: "/".into(),
            status: v1::Status::Critical,
            at: NOW,
        };
        store.raise_alert(raise, None).await.unwrap();
        let (_, jobs) = store.remove_device(&id, "ann", NOW).await.unwrap();
        let every = AlertFilter {
            most: 10,
            ..AlertFilter::default()
        };
        assert_eq!(store.open_alerts(&every).await.unwrap(), []);
        let ended: Vec<_> = jobs.iter().map(|job| (job.id, job.state)).collect();
        let expected = [
            (queued.id, JobState::Cancelled),
            (handed.id, JobState::Unknown),
        ];
        assert_eq!(ended, expected);
        assert_eq!(store.n_open_jobs(key).await, Ok(0));
    })
    .await;
}

/// What a device says of a job, as its report number `seq`.
async fn says(store: &Store, device_key: i64, seq: u64, job: Id, event: job_event::Event) {
    let number = seq as u32;
    let event = v1::JobEvent {
        order_id: job.0.to_vec().into(),
        number,
        at_us: NOW,
        event: Some(event),
    };
    report(
        store,
        device_key,
        seq,
        Body::Job(vec![NewJobEvent { at: NOW, event }]),
    )
    .await;
}

async fn report(store: &Store, device_key: i64, seq: u64, body: Body) {
    let report = NewReport {
        device_key,
        spool_id: SPOOL,
        seq,
        reported_at: NOW,
        corrected_at: NOW,
        boot_id: "b".into(),
        outcome: NewOutcome::Committed(body),
    };
    let recorded = store.record_reports(vec![report]).await.unwrap();
    assert_eq!(recorded[0].fate, RecordedFate::Committed);
}

const SPOOL: Id = Id([4; 16]);
const INSTALLATION: Id = Id([1; 16]);

/// A job that was handed out.
async fn handed_out(store: &Store, device_key: i64, ticket: i64) -> Id {
    let order = NewOrder {
        bound: Some((INSTALLATION, vec![1])),
        ..order(device_key, Origin::Ticket(ticket))
    };
    store.submit_orders(vec![order.clone()]).await.unwrap();
    order.id
}

fn accepted() -> job_event::Event {
    job_event::Event::Accepted(v1::JobAccepted {})
}

fn is_end(event: &Happened) -> bool {
    matches!(event, Happened::Known(Event::WorkEnded { .. }))
}

async fn state(store: &Store, job: Id) -> JobState {
    store.job(job).await.unwrap().unwrap().state
}

#[tokio::test]
async fn what_began_on_a_device_that_stays_away_is_unknown_until_it_tells() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        let number = ticket(&store).await;
        let job = handed_out(&store, key, number).await;
        says(&store, key, 1, job, accepted()).await;
        // It expires an hour after NOW; the device was last heard of at NOW.
        let away = NOW + ABSENCE_US;
        assert_eq!(store.expire_due(away - 1).await, Ok(vec![]));
        let changes = store.expire_due(away).await.unwrap();
        let ended: Vec<_> = changes.iter().map(|job| (job.id, job.state)).collect();
        assert_eq!(ended, [(job, JobState::Unknown)]);
        let timeline = store.timeline(number, 0, 100).await.unwrap();
        let last = timeline.last().unwrap();
        assert!(is_end(&last.event));
        assert_eq!(last.actor, "collector");
        let succeeded = job_event::Event::Ended(v1::JobEnded {
            outcome: v1::Outcome::Succeeded.into(),
            ..v1::JobEnded::default()
        });
        says(&store, key, 2, job, succeeded).await;
        assert_eq!(state(&store, job).await, JobState::Succeeded);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_its_device_does_not_know_ends_when_all_is_told() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        let number = ticket(&store).await;
        let there = handed_out(&store, key, number).await;
        let lost = handed_out(&store, key, number).await;
        let unwanted = handed_out(&store, key, number).await;
        let on_its_way = handed_out(&store, key, number).await;
        says(&store, key, 1, there, accepted()).await;
        says(&store, key, 2, lost, accepted()).await;
        store.cancel_job(unwanted, "ann", NOW).await.unwrap();
        let told = Told {
            device_key: key,
            installation_id: INSTALLATION,
            running: vec![there],
            spools: vec![(SPOOL, 1)],
            next_seq: 4,
        };
        let missing = store.missing_jobs(&told).await.unwrap().unwrap();
        let end = async || {
            let changes = store.end_missing(missing.clone(), NOW).await.unwrap();
            let ended = changes.iter().map(|job| (job.id, job.state));
            ended.collect::<Vec<_>>()
        };
        assert_eq!(end().await, [], "number 3 may be the end of it");
        report(&store, key, 3, Body::Sample(vec![])).await;
        let expected = [(lost, JobState::Unknown), (unwanted, JobState::Cancelled)];
        assert_eq!(end().await, expected);
        assert_eq!(state(&store, there).await, JobState::Accepted);
        assert_eq!(state(&store, on_its_way).await, JobState::Queued);
        let all = Told {
            running: vec![there],
            ..told
        };
        assert_eq!(store.missing_jobs(&all).await, Ok(None));
    })
    .await;
}

#[tokio::test]
async fn a_folder_that_went_back_in_time_proves_nothing() {
    on_both(|store| async move {
        let (_, key) = device(&store, "pc").await;
        let number = ticket(&store).await;
        let job = handed_out(&store, key, number).await;
        store.cancel_job(job, "ann", NOW).await.unwrap();
        let told = Told {
            device_key: key,
            installation_id: INSTALLATION,
            running: vec![],
            spools: vec![(SPOOL, 7)],
            next_seq: 7,
        };
        let missing = store.missing_jobs(&told).await.unwrap().unwrap();
        store.end_missing(missing, NOW).await.unwrap();
        assert_eq!(state(&store, job).await, JobState::Unknown);
    })
    .await;
}

#[tokio::test]
async fn who_cancelled_stands_in_the_audit_log_and_on_the_ticket() {
    on_both(|store| async move {
        let (id, key) = device(&store, "pc").await;
        let number = ticket(&store).await;
        let queued = order(key, Origin::Ticket(number));
        store.submit_orders(vec![queued.clone()]).await.unwrap();
        let handed = handed_out(&store, key, number).await;
        for job in [queued.id, handed, handed] {
            store.cancel_job(job, "bob", NOW).await.unwrap();
        }
        store.cancel_job(handed, "eve", NOW).await.unwrap();
        let log = store.audit_log(None, 2).await.unwrap();
        let shown: Vec<_> = log
            .iter()
            .map(|link| (&*link.entry.actor, &*link.entry.deed, &*link.entry.subject))
            .collect();
        assert_eq!(shown, [("bob", "work.cancel", id.as_str()); 2]);
        assert!(log[0].entry.detail.contains(&handed.to_string()));
        let job = store.job(handed).await.unwrap().unwrap();
        assert_eq!(job.cancel_asked_by.as_deref(), Some("bob"));
        let timeline = store.timeline(number, 0, 100).await.unwrap();
        let ends: Vec<_> = timeline
            .iter()
            .filter(|entry| is_end(&entry.event))
            .map(|entry| &*entry.actor)
            .collect();
        assert_eq!(ends, ["bob"]);
    })
    .await;
}
