//! Every route against every role.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::super::route::Least;
use super::super::{PREFIX, routes};
use super::Bench;
use crate::store::Store;
use crate::store::accounts::Role;
use crate::store::testing::{self, on_both};

fn rank(who: &str, least: Least) -> bool {
    match (who, least) {
        (_, Least::Stranger) => true,
        // It is refused as a stranger's, whoever signed in sends it.
        (_, Least::Signed) => false,
        ("", _) => false,
        (_, Least::SignedIn) => true,
        (who, Least::Role(role)) => Role::named(who).unwrap() >= role,
    }
}

#[tokio::test]
async fn every_route_refuses_strangers_and_roles_that_are_too_low() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        for route in routes() {
            let path = route
                .path
                .replace("{ticket}", "999")
                .replace(['{', '}'], "");
            for who in ["viewer", "", "technician", "senior", "admin"] {
                if route.path == "/sign-out" && !who.is_empty() {
                    continue;
                }
                let answer = bench
                    .call(who, route.method.clone(), &path, json!({}))
                    .await;
                let refused = matches!(
                    answer.status,
                    StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
                );
                let named = format!("{} {} as {who:?}: {}", route.method, path, answer.body);
                assert_eq!(!refused, rank(who, route.least), "{named}");
                if refused {
                    let is_stranger = who.is_empty() || route.least == Least::Signed;
                    assert_eq!(
                        answer.status == StatusCode::UNAUTHORIZED,
                        is_stranger,
                        "{named}"
                    );
                    assert!(answer.body["remedy"].is_string(), "{named}");
                }
            }
        }
    })
    .await;
}

#[test]
fn whatever_asks_a_device_has_its_ticket_in_the_path() {
    let asking: Vec<&str> = routes()
        .iter()
        .filter(|route| route.asks_device)
        .map(|route| route.path)
        .collect();
    assert_eq!(
        asking,
        [
            "/tickets/{ticket}/snapshots",
            "/tickets/{ticket}/checks",
            "/tickets/{ticket}/actions",
            "/tickets/{ticket}/tables",
            "/tickets/{ticket}/probes",
            "/tickets/{ticket}/live-metrics",
        ]
    );
}

#[tokio::test]
async fn the_document_describes_every_route() {
    let folder = testing::Folder::new();
    let store = Store::open(&folder.sqlite_url()).await.unwrap();
    let bench = Bench::new(store).await;
    let request = Request::get("/api/openapi.json")
        .body(Body::empty())
        .unwrap();
    let response = bench.app.oneshot(request).await.unwrap();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 24)
        .await
        .unwrap();
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = std::collections::HashSet::new();
    for route in routes() {
        let path = format!("{PREFIX}{}", route.path);
        let method = route.method.as_str().to_lowercase();
        let operation = &document["paths"][&path][&method];
        assert!(operation["summary"].is_string(), "{method} {path}");
        let id = operation["operationId"].to_string();
        assert!(ids.insert(id.clone()), "{id} is there twice");
    }
    let headers = |path: &str| {
        let parameters = document["paths"][format!("{PREFIX}{path}")]["post"]["parameters"].clone();
        let all = parameters.as_array().unwrap().clone().into_iter();
        let headers = all.filter(|one| one["in"] == "header");
        headers
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        headers("/tickets/{ticket}/notes"),
        ["Accept-Language", "Idempotency-Key", "If-Match"]
    );
    assert_eq!(headers("/me/tokens"), ["Accept-Language"]);
    assert_eq!(
        headers("/tickets/{ticket}/checks"),
        ["Accept-Language", "Idempotency-Key"]
    );
    let text = document.to_string();
    for (at, _) in text.match_indices("#/components/schemas/") {
        let name = text[at + 21..].split('"').next().unwrap();
        let schema = &document["components"]["schemas"][name];
        assert!(schema.is_object(), "{name} is named and not described");
    }
}

#[tokio::test]
async fn a_ticket_is_given_to_those_who_may_work_on_it() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        for (name, role) in [("lea", Role::Technician), ("leo", Role::Viewer)] {
            bench.account(name, role, &["lyon"]).await;
        }
        let names = async |site: &str| {
            let ticket = json!({"title": "no sound", "site": site});
            let opened = bench.post("technician", "/tickets", ticket).await.body;
            assert_eq!(
                opened["next_states"],
                json!(["open", "waiting", "proposed"])
            );
            let path = format!("/tickets/{}/technicians", opened["number"]);
            let listed = bench.get("technician", &path).await;
            let items = listed["items"].as_array().unwrap().clone();
            items
                .iter()
                .map(|one| one["name"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(names("default").await, ["admin", "senior", "technician"]);
        assert_eq!(
            names("lyon").await,
            ["admin", "lea", "senior", "technician"]
        );
    })
    .await;
}
