//! Requests that wait: what they say afterwards is for who may still see it.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Bench;
use crate::store::accounts::Role;
use crate::store::testing::{NOW, on_both};

/// Time for a request to begin to wait.
const BEGUN: Duration = Duration::from_millis(300);

#[tokio::test]
async fn who_is_disabled_or_moved_while_waiting_is_told_nothing_more() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        bench.account("mover", Role::Viewer, &["default"]).await;
        let store = &bench.state.store;
        store.create_site("lyon", NOW).await.unwrap();
        let title = json!({"title": "slow"});
        bench.post("technician", "/tickets", title).await;
        let ask = json!({"device": device});
        let asked = bench.post("technician", "/tickets/1/checks", ask).await;
        let id = asked.body["jobs"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/jobs/{id}?wait_seconds=60");
        let wait = async |who| {
            let answer = bench.call(who, Method::GET, &path, Value::Null).await;
            answer.status
        };
        let meanwhile = async {
            tokio::time::sleep(BEGUN).await;
            store
                .set_disabled("viewer", true, "root", NOW)
                .await
                .unwrap();
            let lyon = vec!["lyon".to_owned()];
            store
                .set_role("mover", Role::Viewer, lyon, "root", NOW)
                .await
                .unwrap();
            let cancel = format!("/jobs/{id}/cancel");
            bench.post("technician", &cancel, Value::Null).await;
        };
        let (viewer, mover, senior, ()) =
            tokio::join!(wait("viewer"), wait("mover"), wait("senior"), meanwhile);
        assert_eq!(viewer, StatusCode::UNAUTHORIZED);
        assert_eq!(mover, StatusCode::NOT_FOUND);
        assert_eq!(senior, StatusCode::OK);
    })
    .await;
}
