//! Things without an agent: what is known of them, tickets about them, and having a device look for one.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use sonde_proto::v1;

use super::Bench;
use crate::store::Id;
use crate::store::accounts::Role;
use crate::store::testing::{NOW, on_both};

impl Bench {
    pub(super) async fn asset(&self, body: Value) -> String {
        let added = self.post("technician", "/assets", body).await;
        assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
        added.body["id"].as_str().unwrap().to_owned()
    }

    pub(super) async fn printer(&self) -> String {
        let printer = json!({
            "name": "Printer 3", "kind": "printer", "address": "192.0.2.7", "port": 9100, "place": "corridor",
        });
        self.asset(printer).await
    }

    /// The device's agent knows how to look for assets.
    pub(super) async fn can_look(&self, device_key: i64) {
        let catalogue = v1::Catalogue {
            checks: vec![v1::CheckDeclaration {
                id: "net.asset".into(),
                takes_asset: true,
                ..v1::CheckDeclaration::default()
            }],
            ..v1::Catalogue::default()
        };
        let body = v1::declaration::Body::Catalogue(catalogue);
        let (id, bytes) = sonde_proto::declaration::encode(body);
        let saved = self
            .state
            .store
            .save_declarations(device_key, vec![(Id(id), bytes)], NOW);
        saved.await.unwrap();
    }

    pub(super) async fn opened(&self, body: Value) -> Value {
        let opened = self.post("technician", "/tickets", body).await;
        assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
        opened.body
    }
}

fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|one| one["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_asset_is_added_set_found_and_removed() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let printer = bench.printer().await;
        let hub = json!({"name": "Hub", "kind": "access_point", "serial": "CN-77"});
        bench.asset(hub).await;
        let path = format!("/assets/{printer}");
        let shown = bench.get("viewer", &path).await;
        assert_eq!(
            (&shown["site"], &shown["version"], &shown["removed_at"]),
            (&json!("default"), &json!(1), &Value::Null)
        );
        for (search, expected) in [
            ("", &["Hub", "Printer 3"][..]),
            ("&search=corr", &["Printer 3"]),
            ("&search=print%203", &["Printer 3"]),
            ("&search=192.0.2.7", &["Printer 3"]),
            ("&search=CN-77", &["Hub"]),
            ("&search=access", &["Hub"]),
            ("&search=192.0.2.8", &[]),
            ("&kind=printer", &["Printer 3"]),
        ] {
            let found = bench.get("viewer", &format!("/assets?limit=9{search}")).await;
            assert_eq!(names(&found), expected, "{search}");
        }
        let first = bench.get("viewer", "/assets?limit=1").await;
        let next = first["next"].as_str().unwrap();
        let second = bench.get("viewer", &format!("/assets?after={next}")).await;
        assert_eq!((names(&first), names(&second)), (vec!["Hub"], vec!["Printer 3"]));
        let set = async |body: Value| bench.call("technician", Method::PUT, &path, body).await;
        let now = json!({"name": "Printer 3", "kind": "printer", "address": "printer-3.example", "version": 1});
        let changed = set(now.clone()).await.body;
        assert_eq!((&changed["port"], &changed["version"]), (&Value::Null, &json!(2)));
        assert_eq!(set(now).await.status, StatusCode::CONFLICT);
        let removed = bench.call("technician", Method::DELETE, &path, Value::Null).await;
        assert_eq!(removed.status, StatusCode::NO_CONTENT);
        assert_eq!(names(&bench.get("viewer", "/assets").await), ["Hub"]);
        let all = bench.get("viewer", "/assets?removed=true").await;
        assert_eq!(names(&all), ["Hub", "Printer 3"]);
        // Another one can be called so now.
        bench.printer().await;
        let gone = set(json!({"name": "Printer 3", "kind": "printer"})).await;
        assert_eq!(gone.told(), "422 asset: Printer 3 was removed");
        let audited = bench.get("admin", "/audit").await.to_string();
        for deed in ["asset.add", "asset.set", "asset.remove"] {
            assert!(audited.contains(deed), "{deed}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_kept_of_an_asset_is_refused_by_its_field() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let printer = bench.printer().await;
        let refused = async |body: Value| bench.post("technician", "/assets", body).await.told();
        let long = |n: usize| "x".repeat(n);
        for (body, expected) in [
            (
                json!({"name": "PRINTER  3", "kind": "other"}),
                "409 : an asset of this site is called Printer 3 already",
            ),
            (
                json!({"name": " ", "kind": "other"}),
                "422 name: it is empty",
            ),
            (
                json!({"name": long(201), "kind": "other"}),
                "422 name: 201 characters, where 200 are the most",
            ),
            (
                json!({"name": "a", "kind": "other", "address": "127.0.0.1"}),
                "422 address: 127.0.0.1 is not one thing's: it is that of the machine itself",
            ),
            (
                json!({"name": "a", "kind": "other", "address": "http://a/"}),
                "422 address: \"http://a/\" is neither a name nor an address",
            ),
            (
                json!({"name": "a", "kind": "other", "port": 80}),
                "422 port: it goes with an address",
            ),
            (
                json!({"name": "a", "kind": "other", "site": "lyon"}),
                "422 site: no site \"lyon\" that you may see",
            ),
            (
                json!({"name": "a", "kind": "other", "version": 1}),
                "422 version: a new asset has none",
            ),
        ] {
            assert_eq!(refused(body).await, expected);
        }
        let unknown = bench.post(
            "technician",
            "/assets",
            json!({"name": "a", "kind": "fridge"}),
        );
        assert!(unknown.await.status.is_client_error());
        bench.account("eve", Role::Technician, &["lyon"]).await;
        let elsewhere = json!({"name": "Printer 3", "kind": "printer", "site": "lyon"});
        let path = format!("/assets/{printer}");
        let moved = bench
            .call("technician", Method::PUT, &path, elsewhere.clone())
            .await;
        assert_eq!(moved.told(), "422 site: it belongs to default for good");
        // Of another site it can be called so.
        let added = bench.post("eve", "/assets", elsewhere).await;
        assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
        assert_eq!(names(&bench.get("eve", "/assets").await), ["Printer 3"]);
        let hidden = bench.call("eve", Method::GET, &path, Value::Null).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_ticket_is_about_assets_of_its_site_and_is_found_by_them() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let printer = bench.printer().await;
        let hub = bench.asset(json!({"name": "Hub", "kind": "switch"})).await;
        let opened = bench
            .opened(json!({"title": "nothing prints", "assets": [printer]}))
            .await;
        assert_eq!(opened["site"], "default");
        let about = &opened["assets"][0];
        assert_eq!(
            (
                &about["name"],
                &about["kind"],
                &about["address"],
                &about["removed"]
            ),
            (
                &json!("Printer 3"),
                &json!("printer"),
                &json!("192.0.2.7"),
                &json!(false)
            )
        );
        bench.opened(json!({"title": "other"})).await;
        let add = async |ticket: i64, asset: &str| {
            let path = format!("/tickets/{ticket}/assets");
            bench
                .post("technician", &path, json!({"asset": asset}))
                .await
        };
        assert_eq!(
            add(1, &printer).await.told(),
            "422 asset: it is on the ticket already"
        );
        assert_eq!(add(1, &hub).await.body["assets"][1]["name"], "Hub");
        let numbers = async |query: &str| {
            let list = bench.get("viewer", &format!("/tickets?{query}")).await;
            let items = list["items"].as_array().unwrap().iter();
            items
                .map(|one| one["number"].as_i64().unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(numbers(&format!("asset={printer}")).await, [1]);
        assert_eq!(numbers("search=hub").await, [1]);
        assert_eq!(numbers(&format!("search=prints&asset={hub}")).await, [1]);
        let timeline = bench.get("viewer", "/tickets/1/timeline").await;
        let last = timeline["items"].as_array().unwrap().last().unwrap();
        assert_eq!(
            (&last["kind"], &last["asset_name"]),
            (&json!("asset_added"), &json!("Hub"))
        );
        let off = format!("/tickets/1/assets/{hub}");
        let off = async || {
            bench
                .call("technician", Method::DELETE, &off, Value::Null)
                .await
        };
        assert_eq!(off().await.status, StatusCode::OK);
        assert_eq!(off().await.told(), "422 asset: it is not on the ticket");
        assert_eq!(numbers(&format!("asset={hub}")).await, [0; 0]);

        bench.account("eve", Role::Admin, &["lyon"]).await;
        let theirs = json!({"name": "Theirs", "kind": "other", "site": "lyon"});
        let theirs = bench.post("admin", "/assets", theirs).await.body["id"].clone();
        assert_eq!(
            add(1, theirs.as_str().unwrap()).await.told(),
            "422 asset: Theirs belongs to the site lyon, the ticket to another"
        );
        let mixed = json!({"title": "x", "assets": [printer, theirs]});
        let mixed = bench.post("admin", "/tickets", mixed).await;
        assert_eq!(
            mixed.told(),
            "422 assets: Theirs belongs to the site lyon, the ticket to default"
        );
        let strange = bench
            .post(
                "eve",
                "/tickets",
                json!({"title": "x", "assets": [printer]}),
            )
            .await;
        assert_eq!(strange.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn an_asset_that_open_tickets_are_about_is_not_removed() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let printer = bench.printer().await;
        for title in ["one", "two"] {
            bench
                .opened(json!({"title": title, "assets": [printer]}))
                .await;
        }
        let path = format!("/assets/{printer}");
        let remove = async || {
            bench
                .call("technician", Method::DELETE, &path, Value::Null)
                .await
        };
        assert_eq!(
            remove().await.told(),
            "422 asset: tickets that are not resolved are about Printer 3: 1, 2"
        );
        let merged = bench
            .post("technician", "/tickets/2/merge", json!({"into": 1}))
            .await;
        assert_eq!(merged.status, StatusCode::OK, "{}", merged.body);
        assert!(remove().await.told().ends_with("about Printer 3: 1"));
        for state in ["open", "proposed", "resolved"] {
            let body = json!({"state": state});
            bench.post("technician", "/tickets/1/state", body).await;
        }
        assert_eq!(remove().await.status, StatusCode::NO_CONTENT);
        let shown = bench.get("viewer", "/tickets/1").await;
        assert_eq!(
            (&shown["assets"][0]["name"], &shown["assets"][0]["removed"]),
            (&json!("Printer 3"), &json!(true))
        );
        let third = bench.opened(json!({"title": "three"})).await;
        let path = format!("/tickets/{}/assets", third["number"]);
        let late = bench
            .post("technician", &path, json!({"asset": printer}))
            .await;
        assert_eq!(late.told(), "422 asset: Printer 3 was removed");
        let late = json!({"title": "x", "assets": [printer]});
        let late = bench.post("technician", "/tickets", late).await;
        assert_eq!(late.told(), "422 asset: Printer 3 was removed");
    })
    .await;
}

#[tokio::test]
async fn whoever_names_an_asset_finds_it_with_its_open_tickets() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let printer = bench.printer().await;
        bench
            .opened(json!({"title": "nothing prints", "assets": [printer]}))
            .await;
        for (words, matched, in_part) in [
            ("192.0.2.7", "address", false),
            ("printer%203", "asset", false),
            ("corridor", "asset", true),
        ] {
            let found = bench.get("viewer", &format!("/callers?q={words}")).await;
            let first = &found["items"][0];
            assert_eq!(
                (&first["matched"], &first["in_part"], &first["asset"]["id"]),
                (&json!(matched), &json!(in_part), &json!(printer)),
                "{words}"
            );
            assert_eq!(first["tickets"][0]["number"], 1);
        }
        bench.account("eve", Role::Viewer, &["lyon"]).await;
        let found = bench.get("eve", "/callers?q=192.0.2.7").await;
        assert_eq!(found["items"], json!([]));
    })
    .await;
}
