//! All that is held of a person is given out, and goes.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Bench;
use crate::store::accounts::Role;
use crate::store::testing::on_both;

#[tokio::test]
async fn what_is_held_of_a_person_is_given_out_whole_and_erased_when_their_name_is_typed() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench.account("far", Role::Admin, &["lyon"]).await;
        let rosa = json!({"name": "Rosa Durand", "site": "default", "mails": ["Rosa@Example.org"]});
        let added = bench.post("technician", "/persons", rosa).await;
        let path = format!("/persons/{}", added.body["id"].as_str().unwrap());
        let ticket = json!({"title": "no sound", "requester": "rosa durand", "devices": []});
        let opened = bench.post("technician", "/tickets", ticket).await;
        assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
        let (export, erase) = (format!("{path}/export"), format!("{path}/erase"));
        let all = bench.get("senior", &export).await;
        assert_eq!(all["person"]["mails"], json!(["Rosa@Example.org"]));
        assert_eq!(all["tickets"][0]["number"], 1, "{all}");
        assert_eq!(all["namesakes"], 0);
        let body = |name: &str| json!({ "name": name });
        let far = bench.post("far", &erase, body("Rosa Durand")).await;
        assert_eq!(far.status, StatusCode::NOT_FOUND, "another site's");
        let far = bench.call("far", Method::GET, &export, Value::Null).await;
        assert_eq!(far.status, StatusCode::NOT_FOUND, "another site's");
        let wrong = bench.post("admin", &erase, body("rosa durand")).await;
        assert_eq!(
            wrong.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            wrong.body
        );
        let erased = bench.post("admin", &erase, body("Rosa Durand")).await;
        assert_eq!(erased.status, StatusCode::OK, "{}", erased.body);
        assert_eq!(erased.body["tickets"], json!([1]));
        let shown = bench.get("viewer", "/tickets/1").await;
        assert_eq!(shown["requester"], erased.body["pseudonym"]);
        let again = bench.post("admin", &erase, body("Rosa Durand")).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
        let log = bench.state.store.audit_log(None, 2).await.unwrap();
        let deeds: Vec<&str> = log.iter().map(|link| &*link.entry.deed).collect();
        assert_eq!(deeds, ["person.erase", "person.export"]);
    })
    .await;
}
