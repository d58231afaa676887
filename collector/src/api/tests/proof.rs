//! What was found wrong on a ticket, until it is well again.

use axum::http::StatusCode;
use serde_json::{Value, json};
use sonde_proto::v1;

use super::{Bench, connect, critical};
use crate::store::Id;
use crate::store::reports::{Body, NewOutcome, NewReport};
use crate::store::testing::{NOW, on_both};
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
