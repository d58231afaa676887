//! What was found wrong on a ticket, until it is well again.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use sonde_proto::v1;

use super::{Bench, connect, critical, run_and_find};
use crate::store::Id;
use crate::store::reports::{Body, NewOutcome, NewReport};
use crate::store::testing::{HOUR_US, NOW, on_both};
use crate::store::tickets::Endings;

/// The device reports its finding of `disk.space` with this status.
async fn found(bench: &Bench, device_key: i64, seq: u64, status: v1::Status) {
    let finding = v1::Finding {
        status: status.into(),
        ..critical()
    };
    let report = NewReport {
        device_key,
        spool_id: Id([2; 16]),
        seq,
        reported_at: NOW + seq as i64,
        corrected_at: NOW + seq as i64,
        boot_id: "b".into(),
        outcome: NewOutcome::Committed(Body::Findings(v1::FindingChanges {
            findings: vec![finding],
            ..v1::FindingChanges::default()
        })),
    };
    let store = &bench.state.store;
    store.record_reports(vec![report]).await.unwrap();
}

#[tokio::test]
async fn what_is_wrong_still_is_no_solution_without_a_reason() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        connect(&bench.state.store, key).await;
        let session = bench.answers(key);
        found(&bench, key, 1, v1::Status::Critical).await;
        for title in ["one", "two"] {
            let ticket = json!({"title": title, "devices": [device]});
            bench.post("technician", "/tickets", ticket).await;
        }
        let ask = json!({"device": device, "checks": ["disk.space"], "wait_seconds": 30});
        for path in ["/tickets/1/checks", "/tickets/2/checks"] {
            let ran = bench.post("technician", path, ask.clone()).await;
            assert_eq!(ran.body["jobs"][0]["state"], "succeeded", "{}", ran.body);
        }
        let propose = async |number: i64, reason: Option<&str>| {
            let body = json!({"state": "proposed", "reason": reason});
            let path = format!("/tickets/{number}/state");
            bench.post("technician", &path, body).await
        };
        let refused = propose(1, None).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let detail = refused.body["detail"].as_str().unwrap_or_default();
        assert!(
            detail.contains("disk.space /srv on pc is critical"),
            "{detail}"
        );
        assert_eq!(refused.body["field"], "reason");
        let told = propose(1, Some("the user deletes it tonight")).await;
        assert_eq!(told.body["state"], "proposed", "{}", told.body);
        // Nobody asked for these tickets, so that their checks alone say when they are solved.
        let resolved = async || {
            let endings = Endings {
                now: NOW,
                silence_us: i64::MAX,
                close_after_us: i64::MAX,
            };
            let ended = bench.state.store.end_tickets(endings, 0, 10).await.unwrap();
            ended.changed.len()
        };
        assert_eq!(resolved().await, 0);

        found(&bench, key, 2, v1::Status::Ok).await;
        let solved = propose(2, None).await;
        assert_eq!(solved.body["state"], "proposed", "{}", solved.body);
        assert_eq!(resolved().await, 2);
        let shown = bench.get("viewer", "/tickets/1").await;
        assert_eq!(shown["state"], "resolved");
        session.abort();
    })
    .await;
}

#[tokio::test]
async fn what_is_resolved_is_checked_again_and_opens_when_it_is_back() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        connect(&bench.state.store, key).await;
        let ticket = json!({"title": "full", "devices": [device]});
        bench.post("technician", "/tickets", ticket).await;
        let store = &bench.state.store;
        let mut seq = 10;
        // Whatever the device is to do now, it does, and finds this.
        let mut run = async |status: v1::Status| {
            let finding = v1::Finding {
                status: status.into(),
                ..critical()
            };
            let pending = store.orders_for_device_pending(key).await.unwrap();
            for order in &pending {
                seq += 1;
                run_and_find(&bench.state, key, order.id, seq, finding.clone()).await;
            }
            pending.len()
        };
        let resolve = async || {
            for state in ["proposed", "resolved"] {
                let body = json!({"state": state, "reason": "emptied"});
                bench.post("technician", "/tickets/1/state", body).await;
            }
            let ticket = store.ticket(1).await.unwrap().unwrap().ticket;
            assert_eq!(ticket.state.as_str(), "resolved");
            ticket.state_since
        };
        let recheck = async |at: i64| bench.state.work.recheck(1, at).await.unwrap().is_some();
        let ask = json!({"device": device, "checks": ["disk.space"]});
        bench.post("technician", "/tickets/1/checks", ask).await;
        assert_eq!(run(v1::Status::Critical).await, 1);
        let since = resolve().await;
        assert!(!recheck(since + HOUR_US - 1).await, "it is too early");
        let due = async |at: i64| store.rechecks_due(at, 0, 9).await.unwrap();
        assert!(due(since + HOUR_US - 1).await.is_empty());
        assert_eq!(due(since + HOUR_US).await, [1]);
        assert!(recheck(since + HOUR_US).await);
        assert!(!recheck(since + HOUR_US).await, "once is enough");
        assert_eq!(run(v1::Status::Ok).await, 1);
        assert!(recheck(since + 24 * HOUR_US).await);
        assert_eq!(run(v1::Status::Critical).await, 1);
        let timeline = bench.get("viewer", "/tickets/1/timeline").await;
        let last = timeline["items"].as_array().unwrap().last().unwrap();
        assert_eq!(
            (&last["to"], &last["actor"]),
            (&json!("open"), &json!("collector"))
        );
        assert_eq!(
            last["reason"],
            "checked again: disk.space /srv on pc is critical"
        );
        let since = resolve().await;
        for at in [HOUR_US, 24 * HOUR_US] {
            assert!(recheck(since + at).await);
            assert_eq!(run(v1::Status::Ok).await, 1);
        }
        assert!(!recheck(i64::MAX).await, "it is well");
        let shown = store.ticket(1).await.unwrap();
        assert_eq!(store.rebuild_ticket(1).await.ok(), shown);
    })
    .await;
}

#[tokio::test]
async fn who_says_that_it_is_solved_is_told_what_the_devices_find_now() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        connect(&bench.state.store, key).await;
        let session = bench.answers(key);
        found(&bench, key, 1, v1::Status::Critical).await;
        let ticket = json!({"title": "full", "devices": [device]});
        bench.post("technician", "/tickets", ticket).await;
        let propose = json!({"state": "proposed"});
        let count = async || {
            let jobs = bench.get("viewer", "/tickets/1/jobs").await;
            jobs["items"].as_array().unwrap().len()
        };
        bench
            .post("technician", "/tickets/1/state", propose.clone())
            .await;
        assert_eq!(count().await, 0, "nothing has failed on it");
        let open = json!({"state": "open"});
        bench.post("technician", "/tickets/1/state", open).await;
        let ask = json!({"device": device, "checks": ["disk.space"], "wait_seconds": 30});
        bench.post("technician", "/tickets/1/checks", ask).await;
        let shown = bench.get("viewer", "/tickets/1").await;
        let seen = format!("\"{}\"", shown["version"]);
        let with = [("if-match", seen.as_str())];
        let call = |body: Value| {
            bench.call_with("technician", Method::POST, "/tickets/1/state", body, &with)
        };
        let refused = call(propose).await;
        assert_eq!(refused.body["field"], "reason", "{}", refused.body);
        assert_eq!(count().await, 2);
        // What the checks have put onto it is not held against whoever asked for them.
        let again = call(json!({"state": "proposed"})).await;
        assert_eq!(again.body["field"], "reason", "{}", again.body);
        assert_eq!(count().await, 3);
        let note = json!({"text": "I look at it, too"});
        bench.post("admin", "/tickets/1/notes", note).await;
        let late = call(json!({"state": "proposed", "reason": "all the same"})).await;
        assert_eq!(
            late.status,
            StatusCode::PRECONDITION_FAILED,
            "{}",
            late.body
        );
        assert!(
            late.body["detail"]
                .as_str()
                .unwrap()
                .contains("noted by admin"),
            "{}",
            late.body
        );
        assert_eq!(
            count().await,
            3,
            "whoever saw an older ticket moves nothing"
        );
        session.abort();
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_is_read_as_everything_else_is() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        found(&bench, key, 1, v1::Status::Critical).await;
        let ticket = json!({"title": "full", "devices": [device]});
        bench.post("technician", "/tickets", ticket).await;
        found(&bench, key, 2, v1::Status::Ok).await;
        let list = bench.get("viewer", "/tickets/1/snapshots").await;
        let id = list["items"][0]["id"].as_str().unwrap();
        let path = format!("/tickets/1/snapshots/{id}?lang=fr");
        let frozen = bench.get("viewer", &path).await;
        let finding = &frozen["findings"][0];
        assert_eq!(finding["status"], "critical", "{frozen}");
        assert_eq!(finding["summary"], "2,5\u{a0}% libres sur /srv");
        assert_eq!(frozen["partial"], true);
        for state in ["proposed", "resolved", "closed"] {
            let body = json!({"state": state, "reason": "test"});
            bench.post("admin", "/tickets/1/state", body).await;
        }
        let late = json!({"device": device});
        let late = bench.post("technician", "/tickets/1/snapshots", late).await;
        assert_eq!(
            late.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            late.body
        );
        let kept: Value = bench.get("viewer", "/tickets/1/snapshots").await;
        assert_eq!(kept["items"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_measured_since_the_time_of_which_the_ticket_speaks_is_in_its_snapshot() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        let store = &bench.state.store;
        let load = crate::store::metrics::NewSeries {
            name: "load".into(),
            labels: String::new(),
            unit: String::new(),
            scale: -1,
            counter: false,
        };
        store.name_series(key, vec![load]).await.unwrap();
        let now = crate::clock::now_us();
        let reports = [(1, 40), (2, 20), (3, 5)].map(|(seq, minutes)| NewReport {
            device_key: key,
            spool_id: Id([2; 16]),
            seq,
            reported_at: 0,
            corrected_at: now - minutes * 60_000_000,
            boot_id: "b".into(),
            outcome: NewOutcome::Committed(Body::Sample(vec![(0, minutes)])),
        });
        store.record_reports(reports.into()).await.unwrap();
        let ticket = json!({"title": "slow for half an hour", "devices": [device]});
        bench.post("technician", "/tickets", ticket).await;
        let list = bench.get("viewer", "/tickets/1/snapshots").await;
        let id = list["items"][0]["id"].as_str().unwrap();
        let path = format!("/tickets/1/snapshots/{id}");
        let window = bench.get("viewer", &path).await["window"].clone();
        assert_eq!(
            (&window["words"], &window["step_seconds"]),
            (&json!("for half an hour"), &json!(60))
        );
        let points = window["metrics"][0]["points"].as_array().unwrap();
        let values = points
            .iter()
            .map(|point| (point["value"].clone(), point["most"].clone()));
        let expected = [4.0, 2.0, 0.5].map(|value| (json!(value), json!(value)));
        assert_eq!(values.collect::<Vec<_>>(), expected);
        let timeline = bench.get("viewer", "/tickets/1/timeline").await;
        let taken = timeline["items"].as_array().unwrap().last().unwrap();
        let said = json!({
            "words": "for half an hour", "from_at": window["from_at"], "to_at": window["to_at"],
        });
        assert_eq!(taken["window"], said);
        assert!(said["from_at"].as_str().unwrap().ends_with('Z'));
        let freeze = json!({"device": device});
        bench
            .post("technician", "/tickets/1/snapshots", freeze)
            .await;
        let list = bench.get("viewer", "/tickets/1/snapshots").await;
        let id = list["items"][1]["id"].as_str().unwrap();
        let later = bench
            .get("viewer", &format!("/tickets/1/snapshots/{id}"))
            .await;
        assert_eq!(later["window"], Value::Null);
    })
    .await;
}
