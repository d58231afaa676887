//! What those who watch the collector are told.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{Bench, Id, NewOutcome, NewReport, ReportBody};
use crate::store::testing::{NOW, on_both};

async fn metrics(bench: &Bench) -> String {
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = bench.app.clone().oneshot(request).await.unwrap();
    let bytes = axum::body::to_bytes(answer.into_body(), 1 << 16).await;
    String::from_utf8(bytes.unwrap().to_vec()).unwrap()
}

#[track_caller]
fn says(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|known| known == *line), "{line} in {text}");
    }
}

fn report(device_key: i64, seq: u64, outcome: NewOutcome) -> NewReport {
    NewReport {
        device_key,
        spool_id: Id([1; 16]),
        seq,
        reported_at: NOW,
        corrected_at: NOW,
        boot_id: "b".into(),
        outcome,
    }
}

#[tokio::test]
async fn every_number_is_counted_once_by_what_became_of_it() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (_, key) = bench.device().await;
        let sample = |key, seq| {
            report(
                key,
                seq,
                NewOutcome::Committed(ReportBody::Sample(vec![(0, 1)])),
            )
        };
        let rejected = NewOutcome::Rejected {
            reason: "rows: 513".into(),
            first_bytes: vec![],
        };
        let reports = vec![
            sample(key, 1),
            sample(key, 2),
            report(key, 3, rejected),
            report(key, 0, NewOutcome::Thinned(vec![(2, 6), (5, 8)])),
            sample(key, 9),
        ];
        let store = &bench.state.store;
        store.record_reports(reports.clone()).await.unwrap();
        // Known already, and one of a device that is not there takes its transaction back.
        let unknown = vec![sample(key + 1_000, 1)];
        let (again, unknown) =
            tokio::join!(store.record_reports(reports), store.record_reports(unknown));
        again.unwrap();
        assert!(unknown.is_err());
        says(
            &metrics(&bench).await,
            &[
                "# TYPE sonde_reports counter",
                "sonde_reports_total{fate=\"committed\"} 3",
                "sonde_reports_total{fate=\"rejected\"} 1",
                "sonde_reports_total{fate=\"thinned\"} 5",
                "# EOF",
            ],
        );
    })
    .await;
}

#[tokio::test]
async fn ends_of_jobs_and_connections_without_a_place_are_counted() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        let with = json!({"title": "slow", "devices": [device]});
        bench.post("technician", "/tickets", with).await;
        let ask = async |wait: u32| {
            let ask = json!({"device": device, "wait_seconds": wait});
            bench.post("technician", "/tickets/1/checks", ask).await
        };
        let asked = ask(0).await;
        let cancel = format!(
            "/jobs/{}/cancel",
            asked.body["jobs"][0]["id"].as_str().unwrap()
        );
        bench.post("technician", &cancel, Value::Null).await;
        ask(0).await;
        let device_task = bench.answers(key);
        ask(30).await;
        device_task.abort();
        let passes: Vec<_> = (0..300)
            .map(|_| bench.state.gate.enter([192, 0, 2, 1].into()))
            .collect();
        says(
            &metrics(&bench).await,
            &[
                "sonde_jobs_ended_total{state=\"cancelled\"} 1",
                "sonde_jobs_ended_total{state=\"succeeded\"} 2",
                "sonde_agents_connections 256",
                "sonde_agents_refused_total{full=\"address\"} 44",
                "sonde_store_failures_total 0",
            ],
        );
        drop(passes);
    })
    .await;
}
