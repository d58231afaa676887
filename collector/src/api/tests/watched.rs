//! Looking at live metrics on a ticket.

use axum::http::StatusCode;
use serde_json::json;

use super::Bench;
use crate::api::time;
use crate::store::testing::on_both;

#[tokio::test]
async fn a_device_that_is_away_shows_nothing_live() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, device_key) = bench.device().await;
        let ticket = json!({"title": "slow", "devices": [device]});
        bench.post("technician", "/tickets", ticket).await;
        let look = || {
            let body = json!({"device": device});
            bench.post("technician", "/tickets/1/live-metrics", body)
        };
        let refused = look().await;
        assert!(refused.status.is_client_error(), "{}", refused.body);
        assert_eq!(refused.body["field"], "device");
        let (_session, mut commands) = bench.session(device_key);
        let asked = look().await;
        assert_eq!(asked.status, StatusCode::OK, "{}", asked.body);
        assert_eq!(asked.body["jobs"][0]["kind"], "live");
        assert!(commands.try_recv().is_ok());
        let long = json!({"device": device, "seconds": 1_801});
        let refused = bench
            .post("technician", "/tickets/1/live-metrics", long)
            .await;
        assert_eq!(refused.body["field"], "seconds");
    })
    .await;
}

#[tokio::test]
async fn only_a_job_of_live_metrics_that_goes_on_is_watched_by_technicians() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, device_key) = bench.device().await;
        let (_session, _commands) = bench.session(device_key);
        let ticket = json!({"title": "slow", "devices": [device]});
        bench.post("technician", "/tickets", ticket).await;
        let body = json!({"device": device});
        let asked = bench
            .post("technician", "/tickets/1/live-metrics", body.clone())
            .await;
        let id = asked.body["jobs"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/jobs/{id}/metrics");
        for who in ["viewer", "stranger"] {
            let answer = bench
                .call(who, axum::http::Method::GET, &path, json!({}))
                .await;
            assert!(answer.status.is_client_error(), "{who}: {}", answer.status);
        }
        // Nobody has heard of it for an hour.
        let later = time::now_us() + 3_600_000_000;
        bench.state.store.expire_due(later).await.unwrap();
        let ended = bench
            .call("technician", axum::http::Method::GET, &path, json!({}))
            .await;
        assert_eq!(ended.status, StatusCode::CONFLICT, "{}", ended.body);
        let checks = bench.post("technician", "/tickets/1/checks", body).await;
        let other = checks.body["jobs"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/jobs/{other}/metrics");
        let answer = bench
            .call("technician", axum::http::Method::GET, &path, json!({}))
            .await;
        assert_eq!(answer.body["field"], "job", "{}", answer.body);
    })
    .await;
}
