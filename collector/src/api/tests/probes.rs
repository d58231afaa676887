//! Having a device look for an asset: an order of a ticket, and looked for again before it is solved.

use axum::http::{Method, StatusCode};
use prost::Message as _;
use serde_json::{Value, json};
use sonde_proto::v1::{self, work_order::Work};

use super::{Bench, connect, run_and_find};
use crate::store::Store;
use crate::store::testing::{NOW, on_both};

/// What the order that waits for the device says.
async fn ordered(store: &Store, device_key: i64) -> Vec<v1::RunChecks> {
    let pending = store.orders_for_device_pending(device_key).await.unwrap();
    let checks = pending.iter().filter_map(|order| {
        let bytes = order.order_bytes.as_ref()?;
        match v1::WorkOrder::decode(&bytes[..]).unwrap().work {
            Some(Work::Checks(checks)) => Some(checks),
            Some(_) | None => None,
        }
    });
    checks.collect()
}

#[tokio::test]
async fn a_probe_is_an_order_of_a_ticket_that_is_about_the_asset_from_then_on() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        let printer = bench.printer().await;
        bench.opened(json!({"title": "nothing prints"})).await;
        let probe = async |body: Value| bench.post("technician", "/tickets/1/probes", body).await;
        let by = |device: &str| json!({"asset": printer, "device": device});
        assert_eq!(
            probe(by(&device)).await.told(),
            "422 device: the agent of pc looks for no assets"
        );
        bench.can_look(key).await;
        assert_eq!(
            probe(json!({"asset": printer})).await.told(),
            "422 device: no device of the site default is connected that could look for it"
        );
        let nowhere = bench
            .asset(json!({"name": "Screen", "kind": "screen"}))
            .await;
        assert_eq!(
            probe(json!({"asset": nowhere, "device": device}))
                .await
                .told(),
            "422 asset: nobody knows the address of Screen"
        );
        assert_eq!(bench.get("viewer", "/tickets/1").await["assets"], json!([]));

        connect(&bench.state.store, key).await;
        let (_session, _commands) = bench.session(key);
        let asked = probe(json!({"asset": printer})).await;
        assert_eq!(asked.status, StatusCode::OK, "{}", asked.body);
        let job = &asked.body["jobs"][0];
        assert_eq!(
            (&job["hostname"], &job["kind"], &job["title"], &job["asset"]),
            (
                &json!("pc"),
                &json!("probe"),
                &json!("net.asset 192.0.2.7:9100"),
                &json!(printer)
            )
        );
        let store = &bench.state.store;
        let order = ordered(store, key).await.pop().unwrap();
        assert_eq!(
            (&order.checks[..], &*order.asset),
            (&["net.asset".to_owned()][..], "192.0.2.7:9100")
        );
        let ticket = bench.get("viewer", "/tickets/1").await;
        assert_eq!(ticket["assets"][0]["id"], json!(printer));
        assert_eq!(ticket["devices"][0]["id"], json!(device));
        // It is on the ticket already.
        assert_eq!(probe(by(&device)).await.status, StatusCode::OK);

        let checks = json!({"device": device, "checks": ["net.asset"]});
        let bare = bench.post("technician", "/tickets/1/checks", checks).await;
        assert_eq!(
            bare.told(),
            "422 checks[0]: net.asset looks for an asset, which has to be named"
        );
        let policy = json!({"checks": {"net.asset": {"every_seconds": 60}}});
        let policy = bench
            .call("admin", Method::PUT, "/policies/x", policy)
            .await;
        assert_eq!(
            policy.told(),
            "422 checks.net.asset: net.asset runs for a ticket alone"
        );
        let first =
            json!({"title": "again", "assets": [printer], "first": {"probe": {"asset": printer}}});
        let opened = bench.opened(first).await;
        assert_eq!(opened["jobs"][0]["title"], "net.asset 192.0.2.7:9100");
        assert_eq!(opened["assets"][0]["id"], json!(printer));
    })
    .await;
}

fn silent(subject: &str, status: v1::Status) -> v1::Finding {
    v1::Finding {
        check: "net.asset".into(),
        subject: subject.into(),
        status: status.into(),
        since_us: NOW,
        ..v1::Finding::default()
    }
}

#[tokio::test]
async fn what_was_not_found_is_looked_for_again_before_it_is_solved() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        bench.can_look(key).await;
        connect(&bench.state.store, key).await;
        let printer = bench.printer().await;
        let hub = json!({"name": "Hub", "kind": "switch", "address": "hub.example"});
        let hub = bench.asset(hub).await;
        bench.opened(json!({"title": "nothing prints"})).await;
        let mut seq = 0;
        let mut run = async |status: v1::Status| {
            let pending = bench.state.store.orders_for_device_pending(key).await.unwrap();
            let mut subjects = Vec::new();
            for order in pending {
                seq += 1;
                let asked: Value = serde_json::from_str(&order.request).unwrap();
                let subject = asked["address"].as_str().unwrap().to_owned();
                let finding = silent(&subject, status);
                run_and_find(&bench.state, key, order.id, seq, finding).await;
                subjects.push(subject);
            }
            subjects
        };
        for asset in [&printer, &hub] {
            let body = json!({"asset": asset, "device": device});
            let asked = bench.post("technician", "/tickets/1/probes", body).await;
            assert_eq!(asked.status, StatusCode::OK, "{}", asked.body);
            run(v1::Status::Critical).await;
        }
        let timeline = bench.get("viewer", "/tickets/1/timeline").await.to_string();
        assert!(timeline.contains("192.0.2.7:9100"), "{timeline}");
        let state = async |state: &str, reason: Option<&str>| {
            let body = json!({"state": state, "reason": reason});
            bench.post("technician", "/tickets/1/state", body).await
        };
        let refused = state("proposed", None).await.told();
        // The one does not make the other well.
        assert!(
            refused.contains("net.asset 192.0.2.7:9100 on pc is critical, net.asset hub.example on pc is critical"),
            "{refused}"
        );
        let store = &bench.state.store;
        assert_eq!(state("proposed", Some("so")).await.status, StatusCode::OK);
        assert_eq!(state("resolved", None).await.status, StatusCode::OK);
        let since = store.ticket(1).await.unwrap().unwrap().ticket.state_since;
        let hour = since + crate::store::testing::HOUR_US;
        // It is looked for where it is now.
        let path = format!("/assets/{hub}");
        let moved = json!({"name": "Hub", "kind": "switch", "address": "192.0.2.9"});
        bench.call("technician", Method::PUT, &path, moved).await;
        assert!(bench.state.work.recheck(1, hour).await.unwrap().is_some());
        let mut subjects = run(v1::Status::Ok).await;
        subjects.sort_unstable();
        assert_eq!(subjects, ["192.0.2.7:9100", "192.0.2.9"]);
    })
    .await;
}
