//! Lists in pages: each item once, in the list's order, and no list comes whole.

use std::collections::HashSet;
use std::sync::Arc;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use sonde_proto::v1;

use super::Bench;
use crate::api::routes;
use crate::store::Id;
use crate::store::reports::{Body, FactChange, NewOutcome, NewReport};
use crate::store::testing::{self, NOW, on_both};

fn report(device_key: i64, spool: u8, seq: u64, outcome: NewOutcome) -> NewReport {
    NewReport {
        device_key,
        spool_id: Id([spool; 16]),
        seq,
        reported_at: NOW,
        corrected_at: NOW,
        boot_id: "b".into(),
        outcome,
    }
}

/// A table of three rows, one of them without its key's text.
fn services() -> (v1::TableDeclaration, [v1::Row; 3]) {
    let text = |text: &str| v1::Value {
        value: Some(v1::value::Value::Text(text.into())),
    };
    let column = |name: &str, role: v1::ColumnRole| v1::Column {
        name: name.into(),
        r#type: v1::ValueType::Text.into(),
        role: role.into(),
        unit: String::new(),
    };
    let declaration = v1::TableDeclaration {
        name: "services".into(),
        every_us: 1,
        columns: vec![
            column("name", v1::ColumnRole::Key),
            column("state", v1::ColumnRole::Slow),
        ],
        ..v1::TableDeclaration::default()
    };
    let names = [text("b"), text(""), v1::Value::default()];
    let rows = names.map(|name| v1::Row {
        values: vec![name, text("up")],
    });
    (declaration, rows)
}

impl Bench {
    /// A report of the three services of a device, which declares them.
    async fn services_of(&self, device_key: i64) -> NewReport {
        let (declaration, rows) = services();
        let body = v1::declaration::Body::Table(declaration.clone());
        let (id, bytes) = sonde_proto::declaration::encode(body);
        let store = &self.state.store;
        let saved = store.save_declarations(device_key, vec![(Id(id), bytes)], NOW);
        saved.await.unwrap();
        let facts = Body::Facts(vec![FactChange {
            declaration_id: Id(id),
            declaration: Arc::new(declaration),
            change: v1::TableChange {
                table: "services".into(),
                declaration_id: id.to_vec().into(),
                rows: rows.into(),
                ..v1::TableChange::default()
            },
        }]);
        report(device_key, 1, 2, NewOutcome::Committed(facts))
    }

    pub(super) async fn services(&self, device_key: i64) {
        let report = self.services_of(device_key).await;
        self.state.store.record_reports(vec![report]).await.unwrap();
    }

    /// The list whole, and the same by pages of one item.
    pub(super) async fn pages(
        &self,
        path: &str,
        cursor: &str,
        name: &str,
    ) -> (Vec<Value>, Vec<Value>) {
        let whole = self.get("admin", path).await;
        assert_eq!(whole["next"], Value::Null, "{path}");
        let items = |page: &Value| page[name].as_array().unwrap().clone();
        let (mut all, mut next) = (Vec::new(), String::new());
        loop {
            let page = self.get("admin", &format!("{path}?limit=1{next}")).await;
            assert!(items(&page).len() <= 1, "{path}");
            all.extend(items(&page));
            match page["next"].as_str() {
                Some(token) => next = format!("&{cursor}={}", token.replace('é', "%C3%A9")),
                None => return (items(&whole), all),
            }
        }
    }
}

#[tokio::test]
async fn a_list_by_pages_is_the_list() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        let store = &bench.state.store;
        for site in ["Zermatt", "lyon", "élan"] {
            store.create_site(site, NOW).await.unwrap();
            let path = format!("/policies/{}", site.replace('é', "%C3%A9"));
            let policy = json!({"sites": [site]});
            let set = bench.call("admin", Method::PUT, &path, policy).await;
            assert_eq!(set.status, StatusCode::OK);
            let made = bench.post("admin", "/enrolment-tokens", json!({"site": site}));
            assert_eq!(made.await.status, StatusCode::CREATED);
            let asset = json!({"site": site, "name": "hub", "kind": "switch"});
            let made = bench.post("admin", "/assets", asset).await;
            assert_eq!(made.status, StatusCode::CREATED);
            let mute = json!({"site": site, "reason": "known"});
            let made = bench.post("admin", "/mutes", mute).await;
            assert_eq!(made.status, StatusCode::CREATED);
        }
        let ticket = json!({"title": "slow", "devices": [device]});
        bench.post("technician", "/tickets", ticket).await;
        for _ in 0..2 {
            let taken = store.take_snapshot(1, key, false, "admin", NOW + 1);
            taken.await.unwrap();
        }
        let rejected = |spool, seq| {
            let outcome = NewOutcome::Rejected {
                reason: format!("{spool} {seq}"),
                first_bytes: vec![],
            };
            report(key, spool, seq, outcome)
        };
        let facts = bench.services_of(key).await;
        let reports = vec![rejected(1, 1), facts, rejected(2, 1), rejected(2, 3)];
        store.record_reports(reports).await.unwrap();
        for (path, cursor, name, n) in [
            ("/sites".to_owned(), "after", "items", 4),
            ("/accounts".to_owned(), "after", "items", 4),
            ("/policies".to_owned(), "after", "items", 3),
            ("/assets".to_owned(), "after", "items", 3),
            ("/enrolment-tokens".to_owned(), "before", "items", 4),
            ("/me/tokens".to_owned(), "before", "items", 2),
            ("/mutes".to_owned(), "before", "items", 3),
            ("/tickets/1/snapshots".to_owned(), "after", "items", 3),
            (format!("/devices/{device}/rejected"), "before", "items", 3),
            (
                format!("/devices/{device}/facts/services"),
                "after",
                "rows",
                3,
            ),
        ] {
            let (whole, all) = bench.pages(&path, cursor, name).await;
            assert_eq!(whole.len(), n, "{path}");
            assert_eq!(all, whole, "{path}");
        }
        let path = format!("/devices/{device}/reports");
        let (whole, all) = bench.pages(&path, "after", "spools").await;
        assert_eq!(whole.len(), 2);
        let ranges = |spools: &[Value]| -> Vec<(Value, Value)> {
            let of = |spool: &Value| {
                let name = spool["spool"].clone();
                let ranges = spool["ranges"].as_array().unwrap().clone();
                ranges.into_iter().map(move |range| (name.clone(), range))
            };
            spools.iter().flat_map(of).collect()
        };
        assert_eq!(ranges(&all).len(), 4);
        assert_eq!(ranges(&all), ranges(&whole));
    })
    .await;
}

#[tokio::test]
async fn what_is_no_place_in_a_list_is_refused() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = testing::device(&bench.state.store, "pc").await;
        for path in [
            "/sites?after=x".to_owned(),
            "/assets?after=1".to_owned(),
            "/me/tokens?before=1".to_owned(),
            "/remote-tools?after=x".to_owned(),
            format!("/remote-tools?after={device}"),
            format!("/devices/{device}/rejected?before=1.2"),
            format!("/devices/{device}/reports?after=1"),
            format!("/devices/{device}/facts/services?after=0"),
        ] {
            let answer = bench.call("admin", Method::GET, &path, Value::Null).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            assert_eq!(answer.body["remedy"], "give `next` of the page before");
        }
    })
    .await;
}

/// What a device or the collector bounds by itself comes whole.
const WHOLE: [&str; 12] = [
    "/actions",
    "/callers",
    "/checks",
    "/devices/{device}/facts",
    "/devices/{device}/findings",
    "/devices/{device}/metrics",
    "/devices/{device}/series",
    "/tables",
    "/tickets/{ticket}/attachments",
    "/tickets/{ticket}/pages",
    "/tickets/{ticket}/remote-tools",
    "/tickets/{ticket}/technicians",
];

#[test]
fn every_list_has_pages() {
    let document = serde_json::to_value(crate::api::route::openapi(&routes())).unwrap();
    let schemas = &document["components"]["schemas"];
    for (path, item) in document["paths"].as_object().unwrap() {
        let get = &item["get"];
        let content = &get["responses"]["200"]["content"]["application/json"];
        let Some(name) = content["schema"]["$ref"].as_str() else {
            continue;
        };
        let schema = &schemas[name.rsplit('/').next().unwrap()]["properties"];
        let path = path.strip_prefix(crate::api::PREFIX).unwrap();
        if schema["items"].is_null() || WHOLE.contains(&path) {
            continue;
        }
        assert!(schema["next"].is_object(), "{path} has no `next`");
        let parameters = get["parameters"].as_array().unwrap();
        let is_cursor = |one: &Value| matches!(one["name"].as_str(), Some("before" | "after"));
        assert!(parameters.iter().any(is_cursor), "{path} takes no cursor");
    }
}

/// What is put together of parts has no field of one name twice.
#[test]
fn every_answer_has_a_field_once() {
    let document = serde_json::to_value(crate::api::route::openapi(&routes())).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        let parts = schema["allOf"].as_array().into_iter().flatten();
        let mut seen = HashSet::new();
        for part in parts {
            let of = part["$ref"].as_str().and_then(|of| of.rsplit('/').next());
            let part = of.map_or(part, |of| &schemas[of]);
            let fields = part["properties"].as_object().into_iter().flatten();
            for (field, _) in fields {
                assert!(seen.insert(field), "{name} has {field} twice");
            }
        }
    }
}
