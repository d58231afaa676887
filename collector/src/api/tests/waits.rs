//! Requests that wait: what they say afterwards is for who may still see it.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Bench, run_order};
use crate::bus::Live;
use crate::store::accounts::{AccountChange, Role};
use crate::store::testing::{NOW, on_both};

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
            // Who has heard of something else has been let in, has read the job and waits.
            let until = async |listeners| {
                while bench.state.work.listeners() != listeners {
                    tokio::task::yield_now().await;
                }
            };
            until((3, 0)).await;
            bench.state.work.announce(Live::Ticket {
                number: 1,
                version: 1,
            });
            until((3, 0)).await;
            let disabled = AccountChange {
                disabled: Some(true),
                ..AccountChange::default()
            };
            store
                .change_account("viewer", disabled, "root", NOW)
                .await
                .unwrap();
            let moved = AccountChange {
                sites: Some(vec!["lyon".to_owned()]),
                ..AccountChange::default()
            };
            store
                .change_account("mover", moved, "root", NOW)
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

#[tokio::test]
async fn what_is_ordered_is_said_though_nothing_more_can_be_read() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, device_key) = bench.device().await;
        let (_session, mut commands) = bench.session(device_key);
        let title = json!({"title": "slow"});
        bench.post("technician", "/tickets", title).await;
        let ask = json!({"device": device, "checks": ["disk.space"], "wait_seconds": 60});
        let meanwhile = async {
            commands.recv().await.unwrap();
            let store = &bench.state.store;
            let kept = store.orders_for_device_pending(device_key).await.unwrap();
            let events = run_order(&bench.state, device_key, kept[0].id, 1);
            let ended = events.await;
            bench.state.store.close().await;
            for change in ended {
                bench.state.work.announce(Live::Job(change));
            }
            kept[0].id.to_string()
        };
        let asked = bench.post("technician", "/tickets/1/checks", ask);
        let (answer, job) = tokio::join!(asked, meanwhile);
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
        let shown = &answer.body["jobs"][0];
        assert_eq!(
            (&shown["id"], &shown["state"]),
            (&json!(job), &json!("queued"))
        );
        assert_eq!(shown["ticket"], 1);
        assert_eq!(answer.retry_after, None);
    })
    .await;
}
