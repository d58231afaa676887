//! A window of a device's flight recorder, frozen on a ticket.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Bench;
use crate::api::time;
use crate::store::testing::on_both;

/// So many seconds before now.
fn before(seconds: i64) -> String {
    time::shown(time::now_us() - seconds * 1_000_000)
}

#[tokio::test]
async fn what_lies_outside_the_recorder_is_refused_and_nothing_is_frozen() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, device_key) = bench.device().await;
        let (_session, mut commands) = bench.session(device_key);
        let ticket = json!({"title": "slow at nine", "devices": [device]});
        bench.post("technician", "/tickets", ticket).await;
        let snapshots = bench.get("viewer", "/tickets/1/snapshots").await;
        let n_before = snapshots["items"].as_array().unwrap().len();
        let day = 86_400;
        let freeze = |from: Value, to: Value| json!({"device": device, "from": from, "to": to});
        for (from, to, field) in [
            (json!(before(2 * day)), json!(before(day + 60)), "from"),
            (json!(before(60)), json!(before(120)), "to"),
            (json!(before(60)), json!(before(-3_600)), "to"),
            (json!(before(60)), Value::Null, "to"),
            (json!("yesterday"), json!(before(60)), "from"),
            // This device declares none.
            (json!(before(120)), json!(before(60)), "device"),
        ] {
            let answer = bench
                .post("technician", "/tickets/1/snapshots", freeze(from, to))
                .await;
            assert!(answer.status.is_client_error(), "{}", answer.body);
            assert_eq!(answer.body["field"], field, "{}", answer.body);
            assert!(answer.body["detail"].is_string());
        }
        let snapshots = bench.get("viewer", "/tickets/1/snapshots").await;
        assert_eq!(snapshots["items"].as_array().unwrap().len(), n_before);
        assert!(commands.try_recv().is_err(), "the device heard of it");
        let whole = json!({"device": device});
        let taken = bench
            .post("technician", "/tickets/1/snapshots", whole)
            .await;
        assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.body);
        assert_eq!(taken.body["jobs"], json!([]));
    })
    .await;
}
