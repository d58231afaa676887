//! Canned replies, macros, the matrix of priorities.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Bench};
use crate::store::accounts::Role;
use crate::store::testing::on_both;

impl Bench {
    async fn set(&self, who: &str, path: &str, body: Value) -> Answer {
        self.call(who, Method::PUT, path, body).await
    }
}

#[tokio::test]
async fn a_canned_reply_is_written_to_the_requester_in_their_language() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let ticket = json!({"title": "no sound", "requester": "Rosa"});
        bench.post("technician", "/tickets", ticket).await;
        let hello =
            json!({"en": "Dear {requester}, {ticket}", "fr": "Bonjour {requester}, {technician}"});
        let junior = bench
            .set("technician", "/replies/hello", hello.clone())
            .await;
        assert_eq!(junior.status, StatusCode::FORBIDDEN);
        let set = bench.set("senior", "/replies/hello", hello).await;
        assert_eq!(set.status, StatusCode::OK, "{}", set.body);
        let wrong = bench
            .set("senior", "/replies/other", json!({"en": "{name}"}))
            .await;
        assert_eq!(wrong.told(), "422 en: nothing is known for {name}");
        for (lang, expected) in [("en", "Dear Rosa, 1"), ("fr", "Bonjour Rosa, technician")] {
            let path = format!("/tickets/1/messages?lang={lang}");
            let sent = bench
                .post("technician", &path, json!({"reply": "hello"}))
                .await;
            assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
            let timeline = bench.get("viewer", "/tickets/1/timeline").await;
            let last = timeline["items"].as_array().unwrap().last().unwrap();
            assert_eq!(last["text"], expected);
        }
        for (body, expected) in [
            (json!({}), "422 text: it is missing"),
            (
                json!({"reply": "bye"}),
                "404 : no reply bye that you may see",
            ),
            (
                json!({"reply": "hello", "text": "x"}),
                "422 reply: a message is either written or canned",
            ),
        ] {
            let refused = bench.post("technician", "/tickets/1/messages", body).await;
            assert_eq!(refused.told(), expected);
        }
        let removed = bench
            .call("senior", Method::DELETE, "/replies/hello", Value::Null)
            .await;
        assert_eq!(removed.status, StatusCode::NO_CONTENT);
        let log = bench.get("admin", "/audit").await.to_string();
        assert!(
            log.contains("reply.set") && log.contains("reply.remove"),
            "{log}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_macro_is_one_change_and_starts_its_checks() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        let ticket = json!({"title": "no sound", "requester": "Rosa", "devices": [device]});
        bench.post("technician", "/tickets", ticket).await;
        bench.set("senior", "/replies/hello", json!({"en": "hello"})).await;
        let sound = json!({
            "claim": true, "tags": ["sound"], "priority": "high", "reply": "hello", "state": "waiting",
            "waiting_for": "user", "checks": ["disk.space", "other.check"],
        });
        let set = bench.set("senior", "/macros/sound", sound).await;
        assert_eq!(set.status, StatusCode::OK, "{}", set.body);
        let run = async |name: &str| {
            bench.post("technician", "/tickets/1/macros", json!({"macro": name})).await
        };
        let ran = run("sound").await;
        assert_eq!(ran.status, StatusCode::OK, "{}", ran.body);
        assert_eq!(
            (&ran.body["assignee"], &ran.body["state"], &ran.body["priority"], &ran.body["tags"]),
            (&json!("technician"), &json!("waiting"), &json!("high"), &json!(["sound"]))
        );
        let jobs = bench.get("viewer", "/tickets/1/jobs").await;
        assert_eq!(jobs["items"][0]["title"], "disk.space");
        // All of it or nothing: what is closed cannot be proposed.
        let done = json!({"tags": ["done"], "state": "closed"});
        bench.set("senior", "/macros/done", done).await;
        let refused = run("done").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        let ticket = bench.get("viewer", "/tickets/1").await;
        assert_eq!(ticket["tags"], json!(["sound"]));
        for (body, expected) in [
            (json!({}), "422 macro: it does nothing"),
            (json!({"reply": "bye"}), "404 : no reply bye that you may see"),
            (json!({"tier": "second"}), "422 reason: it is missing"),
        ] {
            assert_eq!(bench.set("senior", "/macros/wrong", body).await.told(), expected);
        }
        assert_eq!(run("none").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn the_priority_follows_from_impact_and_urgency() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let open = async |more: Value| {
            let mut ticket = json!({"title": "no sound"});
            ticket
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            bench.post("technician", "/tickets", ticket).await
        };
        let weighed = json!({"impact": "high", "urgency": "high"});
        assert_eq!(open(weighed.clone()).await.body["priority"], "urgent");
        assert_eq!(open(json!({})).await.body["priority"], "normal");
        for (wrong, expected) in [
            (
                json!({"impact": "high"}),
                "422 urgency: it goes with impact",
            ),
            (
                json!({"urgency": "low"}),
                "422 impact: it goes with urgency",
            ),
            (
                json!({"impact": "high", "urgency": "low", "priority": "low"}),
                "422 priority: it follows from impact and urgency",
            ),
        ] {
            assert_eq!(open(wrong).await.told(), expected);
        }
        let mut matrix = bench.get("viewer", "/matrix").await;
        matrix["high"]["high"] = json!("low");
        assert_eq!(
            bench
                .set("technician", "/matrix", matrix.clone())
                .await
                .status,
            StatusCode::FORBIDDEN
        );
        bench.account("eve", Role::Admin, &["lyon"]).await;
        let of_some = bench.set("eve", "/matrix", matrix.clone()).await;
        assert_eq!(
            of_some.status,
            StatusCode::FORBIDDEN,
            "it concerns all sites"
        );
        assert_eq!(
            bench.set("senior", "/matrix", matrix.clone()).await.body,
            matrix
        );
        let set = bench
            .post("technician", "/tickets/2/priority", weighed)
            .await;
        assert_eq!(set.body["priority"], "low", "{}", set.body);
        let nothing = bench
            .post("technician", "/tickets/2/priority", json!({}))
            .await;
        assert_eq!(nothing.told(), "422 priority: it is missing");
    })
    .await;
}
