//! The list of devices: what narrows and orders it, what comes with it, what is told of it.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Bench, connect, critical};
use crate::bus::Live;
use crate::store::Id;
use crate::store::reports::{Body, NewOutcome, NewReport};
use crate::store::testing::{self, NOW, on_both};

impl Bench {
    /// A device on which something is critical.
    async fn ill(&self, name: &str) -> i64 {
        let store = &self.state.store;
        let (_, device_key) = testing::device(store, name).await;
        let changes = sonde_proto::v1::FindingChanges {
            findings: vec![critical()],
            ..Default::default()
        };
        let report = NewReport {
            device_key,
            spool_id: Id([2; 16]),
            seq: 1,
            reported_at: NOW,
            corrected_at: NOW,
            boot_id: "b".into(),
            outcome: NewOutcome::Committed(Body::Findings(changes)),
        };
        store.record_reports(vec![report]).await.unwrap();
        device_key
    }
}

fn names(list: &Value) -> String {
    let items = list["items"].as_array().unwrap().iter();
    let names: Vec<_> = items.map(|one| one["hostname"].as_str().unwrap()).collect();
    names.join(" ")
}

#[tokio::test]
async fn devices_come_as_they_are_asked_for_with_their_number() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (_, key) = bench.device().await;
        connect(&bench.state.store, key).await;
        bench.ill("lab-2").await;
        testing::device(&bench.state.store, "lab-1").await;
        let get = async |query: &str| bench.get("viewer", &format!("/devices{query}")).await;
        let list = get("?sort=-name&limit=2").await;
        assert_eq!(
            (names(&list), &list["total"]),
            ("pc lab-2".to_owned(), &json!(3))
        );
        let next = list["next"].as_str().unwrap();
        let rest = get(&format!("?sort=-name&after={next}")).await;
        assert_eq!(
            (names(&rest), &rest["next"]),
            ("lab-1".to_owned(), &Value::Null)
        );
        assert_eq!(names(&get("?sort=status").await), "lab-2 lab-1 pc");
        let list = get("?status=critical,warning&connected=false").await;
        assert_eq!(
            (names(&list), &list["total"]),
            ("lab-2".to_owned(), &json!(1))
        );
        let counts = get("/counts?text=lab").await;
        let expected = json!({
            "total": 2, "connected": 0,
            "sites": [{"name": "default", "n_devices": 2}],
            "os": [{"name": "linux", "n_devices": 2}],
            "statuses": [{"name": "critical", "n_devices": 1}, {"name": "none", "n_devices": 1}],
        });
        assert_eq!(counts, expected);
        let ask = async |query: &str| {
            let path = format!("/devices?{query}");
            bench
                .call("viewer", Method::GET, &path, Value::Null)
                .await
                .told()
        };
        for (query, told) in [
            (
                "sort=size".to_owned(),
                "422 sort: size is no order of devices",
            ),
            ("status=ill".to_owned(), "422 status: ill is no status"),
            (
                "after=7".to_owned(),
                "422 after: it is no place in this list",
            ),
            (
                format!("sort=name&after={next}"),
                "422 after: it is no place in this order",
            ),
            ("facts=os".to_owned(), "422 facts: os names no column"),
            (
                "facts=os.size".to_owned(),
                "422 facts: there is no table os",
            ),
            ("q=files".to_owned(), "422 q: there is no table files"),
        ] {
            assert_eq!(ask(&query).await, told);
        }
    })
    .await;
}

#[tokio::test]
async fn a_question_narrows_the_list_and_says_where_it_is_wrong() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let key = bench.ill("lab-2").await;
        bench.ill("lab-1").await;
        bench.services(key).await;
        let get = async |query: &str| bench.get("viewer", &format!("/devices?{query}")).await;
        let list =
            get("q=services%20where%20name%20=%20'b'&facts=services.name,services.state").await;
        assert_eq!(names(&list), "lab-2");
        let facts = json!([
            {"name": "services.name", "type": "text", "unit": ""},
            {"name": "services.state", "type": "text", "unit": ""},
        ]);
        assert_eq!(list["facts"], facts);
        let said = json!({
            "services.name": {"least": "", "most": "b", "n_values": 2},
            "services.state": {"least": "up", "most": "up", "n_values": 1},
        });
        assert_eq!(list["items"][0]["facts"], said);
        let path = "/devices?q=services%20where%20size%20=%201";
        let wrong = bench.call("viewer", Method::GET, path, Value::Null).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.body["at"], json!({"begin": 15, "end": 19}));
        let path = "/devices?q=%20files";
        let wrong = bench.call("viewer", Method::GET, path, Value::Null).await;
        assert_eq!(wrong.body["at"], json!({"begin": 1, "end": 6}));
    })
    .await;
}

#[tokio::test]
async fn lights_of_all_that_one_may_see_are_told_as_they_turn() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench
            .account("eve", crate::store::accounts::Role::Viewer, &["lyon"])
            .await;
        let mut stream = bench.listen("/devices", "").await;
        let mut blind = bench.listen_as("eve", "/devices", "").await;
        assert_eq!(stream.next().await, "listening ");
        assert_eq!(blind.next().await, "listening ");
        let key = bench.ill("lab-2").await;
        let other = testing::device(&bench.state.store, "lab-1").await.1;
        for device_key in [key, other, key] {
            bench.state.work.announce(Live::Device { device_key });
        }
        let told = stream.next().await;
        assert_eq!(told, "lights critical,none", "both at once, each once");
        let path = "/devices?text=lab-2";
        let id = bench.get("viewer", path).await["items"][0]["id"].clone();
        let path = format!("/devices/{}", id.as_str().unwrap());
        let removed = bench
            .call("senior", Method::DELETE, &path, Value::Null)
            .await;
        assert_eq!(removed.status, StatusCode::NO_CONTENT);
        assert_eq!(stream.next().await, "lights removed");
        // Whoever sees none of them hears of a ticket's device of their own site first.
        bench
            .state
            .work
            .announce(Live::Device { device_key: other });
        let nothing = tokio::time::timeout(std::time::Duration::ZERO, blind.next()).await;
        assert!(nothing.is_err());
    })
    .await;
}
