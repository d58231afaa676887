//! Who may mute what, and what the audit log says of it.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Bench;
use crate::store::testing::on_both;

#[tokio::test]
async fn a_technician_mutes_devices_and_takes_that_back_and_not_the_fleet() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        let mute = async |who: &str, device: Option<&str>, check: &str| {
            let ask = json!({"device": device, "check": check, "reason": "being moved"});
            bench.post(who, "/mutes", ask).await
        };
        let end = async |who: &str, id: &Value| {
            let path = format!("/mutes/{}", id.as_str().unwrap());
            bench
                .call(who, Method::DELETE, &path, Value::Null)
                .await
                .status
        };
        let fleet = mute("technician", None, "disk.space").await;
        assert_eq!(fleet.status, StatusCode::FORBIDDEN, "{}", fleet.body);
        let fleet = mute("senior", None, "disk.space").await;
        assert_eq!(fleet.status, StatusCode::CREATED, "{}", fleet.body);
        let unknown = mute("technician", Some(&device), "disk.spice").await;
        assert_eq!(unknown.body["field"], "check", "{}", unknown.body);
        let own = mute("technician", Some(&device), "disk.space").await;
        assert_eq!(own.status, StatusCode::CREATED, "{}", own.body);
        let foreign = mute("senior", Some(&device), "").await;
        let (other, _) = crate::store::testing::device(&bench.state.store, "other").await;
        let listed = async |query: &str| {
            let list = bench.get("viewer", &format!("/mutes{query}")).await;
            list["items"].as_array().unwrap().len()
        };
        assert_eq!(listed("").await, 3);
        assert_eq!(listed(&format!("?device={device}")).await, 3);
        assert_eq!(listed(&format!("?device={other}")).await, 1);
        assert_eq!(
            end("technician", &foreign.body["id"]).await,
            StatusCode::FORBIDDEN
        );
        assert_eq!(
            end("technician", &own.body["id"]).await,
            StatusCode::NO_CONTENT
        );
        assert_eq!(
            end("senior", &foreign.body["id"]).await,
            StatusCode::NO_CONTENT
        );
    })
    .await;
}

#[tokio::test]
async fn whatever_is_done_stands_in_the_audit_log_with_who_did_it() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        let before = bench.state.store.audit_log(None, 1_000).await.unwrap();
        bench.post("admin", "/sites", json!({"name": "lyon"})).await;
        let token = bench.post("admin", "/enrolment-tokens", json!({})).await;
        let own = bench
            .post(
                "technician-session",
                "/me/tokens",
                json!({"name": "report"}),
            )
            .await;
        for (who, what, id) in [
            ("admin", "enrolment-tokens", &token.body["id"]),
            ("technician", "me/tokens", &own.body["id"]),
            ("senior", "devices", &json!(device)),
        ] {
            let path = format!("/{what}/{}", id.as_str().unwrap());
            let ended = bench.call(who, Method::DELETE, &path, Value::Null).await;
            assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);
        }
        let log = bench.state.store.audit_log(None, 1_000).await.unwrap();
        let mut said: Vec<String> = log[..log.len() - before.len()]
            .iter()
            .map(|link| format!("{} {}", link.entry.actor, link.entry.deed))
            .collect();
        said.reverse();
        assert_eq!(
            said,
            [
                "admin site.create",
                "admin token.create",
                "technician credential.create",
                "admin token.revoke",
                "technician credential.revoke",
                "senior device.remove",
            ]
        );
    })
    .await;
}
