//! Whatever asks a device for something needs an open ticket of the asker's own site.

use crate::link::registry::Command;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::super::routes;
use super::Bench;
use crate::api::time;
use crate::store::testing::on_both;

/// What each route that reaches a device is asked with.
fn ask(path: &str, device: &str, asset: &str) -> Value {
    match path.rsplit('/').next() {
        Some("actions") => {
            json!({"device": device, "action": "service.restart", "phase": "plan", "parameters": {"unit": "a.service"}})
        }
        Some("probes") => json!({"device": device, "asset": asset}),
        Some("snapshots") => {
            let now = time::now_us();
            let (from, to) = (time::shown(now - 60_000_000), time::shown(now));
            json!({"device": device, "from": from, "to": to})
        }
        Some("live-metrics") => json!({"device": device}),
        Some("tables") => json!({"device": device, "table": "processes"}),
        _ => json!({"device": device, "checks": ["disk.space"]}),
    }
}

#[tokio::test]
async fn without_an_open_ticket_of_ones_own_site_no_device_hears_of_it() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, device_key) = bench.device().await;
        let (_session, mut commands) = bench.session(device_key);
        bench.can_look(device_key).await;
        let asset = bench.printer().await;
        bench
            .account("elsewhere", crate::store::accounts::Role::Admin, &["lyon"])
            .await;
        for title in ["open", "to be closed"] {
            bench
                .post("technician", "/tickets", json!({"title": title}))
                .await;
        }
        for state in ["proposed", "resolved", "closed"] {
            bench
                .post(
                    "admin",
                    "/tickets/2/state",
                    json!({"state": state, "reason": "test"}),
                )
                .await;
        }
        assert_eq!(bench.get("admin", "/tickets/2").await["state"], "closed");
        bench
            .post(
                "elsewhere",
                "/tickets",
                json!({"title": "theirs", "site": "lyon"}),
            )
            .await;
        let tries = [
            ("technician", "999"),
            ("technician", "0"),
            ("technician", "x"),
            ("technician", "2"),
            ("elsewhere", "1"),
            ("elsewhere", "3"),
        ];
        let mut n_asked = 0;
        for route in routes().into_iter().filter(|route| route.asks_device) {
            for (who, ticket) in tries {
                let path = route.path.replace("{ticket}", ticket);
                let answer = bench
                    .post(who, &path, ask(route.path, &device, &asset))
                    .await;
                assert!(
                    answer.status.is_client_error(),
                    "{who} {path}: {} {}",
                    answer.status,
                    answer.body
                );
                n_asked += 1;
            }
            // The same without a ticket's path.
            let bare = route.path.replace("/tickets/{ticket}", "");
            let answer = bench
                .post("admin", &bare, ask(route.path, &device, &asset))
                .await;
            assert!(answer.status.is_client_error(), "{bare}: {}", answer.status);
        }
        assert_eq!(n_asked, 36);
        let pending = bench
            .state
            .store
            .orders_for_device_pending(device_key)
            .await
            .unwrap();
        assert!(pending.is_empty(), "{pending:?}");
        assert!(commands.try_recv().is_err(), "the device heard of it");
    })
    .await;
}

#[tokio::test]
async fn a_ticket_is_about_devices_of_its_own_site() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, device_key) = bench.device().await;
        let (_session, mut commands) = bench.session(device_key);
        bench.can_look(device_key).await;
        let asset = bench.printer().await;
        let made = bench.post("admin", "/sites", json!({"name": "lyon"})).await;
        assert_eq!(made.status, StatusCode::NO_CONTENT, "{}", made.body);
        let with_device = json!({"title": "theirs", "site": "lyon", "devices": [device]});
        let without = json!({"title": "theirs", "site": "lyon"});
        let opened = bench.post("admin", "/tickets", without).await;
        let number = opened.body["number"].as_i64().unwrap();
        let on_it = |way: &str| format!("/tickets/{number}/{way}");
        for (path, body) in [
            ("/tickets".to_owned(), with_device),
            (on_it("devices"), json!({"device": device})),
            (on_it("snapshots"), json!({"device": device})),
            (on_it("assets"), json!({"asset": asset})),
            (on_it("checks"), ask("/checks", &device, &asset)),
            (on_it("actions"), ask("/actions", &device, &asset)),
            (on_it("tables"), ask("/tables", &device, &asset)),
            (on_it("probes"), ask("/probes", &device, &asset)),
        ] {
            let refused = bench.post("admin", &path, body).await;
            let detail = refused.body["detail"].as_str().unwrap_or_default();
            assert!(
                refused.status.is_client_error() && detail.contains("belongs to the site default"),
                "{path}: {}",
                refused.body
            );
        }
        assert!(commands.try_recv().is_err(), "the device heard of it");
    })
    .await;
}

#[tokio::test]
async fn no_other_route_reaches_a_device() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, device_key) = bench.device().await;
        let (_session, mut commands) = bench.session(device_key);
        bench.can_look(device_key).await;
        let asset = bench.printer().await;
        bench
            .post(
                "technician",
                "/tickets",
                json!({"title": "open", "devices": [device]}),
            )
            .await;
        for route in routes()
            .into_iter()
            .filter(|route| !route.asks_device && route.method != Method::DELETE)
        {
            let path = route
                .path
                .replace("{ticket}", "1")
                .replace("{device}", &device)
                .replace("{asset}", &asset)
                .replace(['{', '}'], "");
            if path == "/sign-out" {
                continue;
            }
            for body in [
                json!({}),
                ask("/checks", &device, &asset),
                ask("/actions", &device, &asset),
                ask("/probes", &device, &asset),
            ] {
                bench.call("admin", route.method.clone(), &path, body).await;
            }
            let pending = bench
                .state
                .store
                .orders_for_device_pending(device_key)
                .await
                .unwrap();
            assert!(
                pending.is_empty(),
                "{} {path} asked the device for something",
                route.method
            );
            // What a policy says of the checks that run by themselves asks for nothing.
            let told = commands.try_recv().ok();
            assert!(
                matches!(told, None | Some(Command::Policies)),
                "{} {path} told the device {told:?}",
                route.method
            );
        }
    })
    .await;
}
