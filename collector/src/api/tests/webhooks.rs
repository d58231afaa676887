//! Webhooks and their sources, through the API.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::Bench;
use crate::api::PREFIX;
use crate::clock::now_us;
use crate::hostile;
use crate::store::accounts::Role;
use crate::store::testing::{device, on_both};
use crate::webhooks::signature::Secret;

impl Bench {
    /// A message for the intake, signed with this secret.
    async fn sends(
        &self,
        source: &str,
        secret: &str,
        id: &str,
        body: &Value,
    ) -> (StatusCode, Value) {
        let bytes = STANDARD
            .decode(secret.strip_prefix("whsec_").unwrap())
            .unwrap();
        let (at, body) = (now_us() / 1_000_000, body.to_string());
        let signed = Secret::of(bytes).sign(id, at, body.as_bytes());
        self.posts(
            source,
            &[
                ("webhook-id", id),
                ("webhook-timestamp", &at.to_string()),
                ("webhook-signature", &signed),
            ],
            body,
        )
        .await
    }

    async fn posts(
        &self,
        source: &str,
        fields: &[(&str, &str)],
        body: String,
    ) -> (StatusCode, Value) {
        let mut request = Request::post(format!("{PREFIX}/intake/{source}"))
            .header("content-type", "application/json");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let response = self
            .app
            .clone()
            .oneshot(request.body(Body::from(body)).unwrap())
            .await
            .unwrap();
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20)
            .await
            .unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let value = serde_json::from_str(&text);
        (status, value.unwrap_or_else(|_| panic!("{status}: {text}")))
    }

    async fn source(&self, name: &str, site: &str) -> String {
        let made = self
            .post(
                "admin",
                "/webhook-sources",
                json!({"name": name, "site": site}),
            )
            .await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        made.body["secret"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_webhook_is_declared_changed_and_removed_and_its_secret_is_shown_once() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let new = json!({"name": "glpi", "url": "https://glpi.example/in", "kinds": ["noted"], "sites": ["default"]});
        let made = bench.post("admin", "/webhooks", new.clone()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        assert!(made.body["secret"].as_str().unwrap().starts_with("whsec_"));
        let shown = bench.get("admin", "/webhooks/glpi").await;
        assert_eq!(shown["secret"], Value::Null);
        assert_eq!((&shown["kinds"], &shown["enabled"]), (&json!(["noted"]), &json!(true)));
        assert_eq!(bench.post("admin", "/webhooks", new).await.status, StatusCode::CONFLICT);
        let set = json!({"enabled": false, "kinds": []});
        let set = bench.call("admin", Method::PUT, "/webhooks/glpi", set).await;
        assert_eq!((&set.body["enabled"], &set.body["kinds"]), (&json!(false), &json!([])));
        let renewed = bench.post("admin", "/webhooks/glpi/secret", Value::Null).await;
        assert_ne!(renewed.body["secret"], made.body["secret"]);
        let test = bench.post("admin", "/webhooks/glpi/test", Value::Null).await;
        assert_eq!(test.status, StatusCode::ACCEPTED, "{}", test.body);
        let told = bench.get("admin", "/webhooks/glpi/deliveries?state=waiting").await;
        assert_eq!(told["items"][0]["id"], test.body["delivery"]);
        let nothing = bench.post("admin", "/webhooks/glpi/replay", json!({})).await;
        assert_eq!(nothing.body["n_deliveries"], 0);
        let gone = bench.call("admin", Method::DELETE, "/webhooks/glpi", Value::Null).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        assert_eq!(bench.get("admin", "/webhooks").await["items"], json!([]));
        // Whose account works for some sites declares nothing for all.
        bench.account("local", Role::Admin, &["default"]).await;
        let local = bench.call("local", Method::GET, "/webhooks", Value::Null).await;
        assert_eq!(local.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_webhook_is_named() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let good = json!({"name": "a", "url": "https://a.example/"});
        for (field, value, named) in [
            ("name", json!("a/b"), "name"),
            ("name", json!(".a"), "name"),
            ("name", json!("x".repeat(65)), "name"),
            ("url", json!("http://a.example/"), "url"),
            ("url", json!("https://u:p@a.example/"), "url"),
            ("url", json!("https://192.168.0.3/in"), "url"),
            ("url", json!("https://[::ffff:10.0.0.1]/in"), "url"),
            ("kinds", json!(["noted", "nothing"]), "kinds[1]"),
            ("sites", json!(["nowhere"]), "sites[0]"),
        ] {
            let mut bad = good.clone();
            bad[field] = value;
            let answer = bench.post("admin", "/webhooks", bad).await;
            assert_eq!(
                answer.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{}",
                answer.body
            );
            assert_eq!(answer.body["field"], named, "{}", answer.body);
        }
        let kinds = json!({"name": "a", "url": "https://a.example/", "kinds": ["nothing"]});
        let remedy = bench.post("admin", "/webhooks", kinds).await.body["remedy"].to_string();
        assert!(remedy.contains("state_changed"), "{remedy}");
        assert_eq!(
            bench
                .post("admin", "/webhooks/none/test", Value::Null)
                .await
                .status,
            StatusCode::NOT_FOUND
        );
    })
    .await;
}

#[tokio::test]
async fn a_signed_message_opens_a_ticket_and_later_ones_add_to_it() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        device(&bench.state.store, "pc-7").await;
        let person = json!({"name": "Rosa Élan", "site": "default", "mails": ["rosa@a.example"]});
        let person = bench.post("admin", "/persons", person).await;
        assert_eq!(person.status, StatusCode::CREATED, "{}", person.body);
        let secret = bench.source("glpi", "default").await;
        let said = json!({
            "title": "no sound", "text": "since\nMonday", "priority": "high", "devices": ["PC-7", "pc-8"], "reference": "77",
            "requester": {"name": "R. Elan", "mail": "Rosa@a.example", "phone": "06 12 34 56 78"},
        });
        let (status, taken) = bench.sends("glpi", &secret, "m1", &said).await;
        assert_eq!((status, &taken), (StatusCode::CREATED, &json!({"number": 1, "outcome": "opened"})));
        let ticket = bench.get("technician", "/tickets/1").await;
        assert_eq!((&ticket["requester"], &ticket["priority"]), (&json!("Rosa Élan"), &json!("high")));
        assert_eq!(ticket["devices"][0]["hostname"], "pc-7");
        assert_eq!(ticket["opened_by"], "source glpi");
        let told = bench.get("technician", "/tickets/1/timeline").await.to_string();
        for part in ["since\\nMonday", "glpi: 77", "R. Elan, Rosa@a.example, 06 12 34 56 78", "called so: pc-8", "snapshot_taken"] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert_eq!(bench.sends("glpi", &secret, "m1", &said).await, (StatusCode::OK, json!({"number": 1, "outcome": "known"})));
        let more = json!({"title": "still no sound", "reference": "77"});
        assert_eq!(bench.sends("glpi", &secret, "m2", &more).await, (StatusCode::OK, json!({"number": 1, "outcome": "added"})));
        let told = bench.get("technician", "/tickets/1/timeline").await.to_string();
        assert!(told.contains("still no sound"), "{told}");
    })
    .await;
}

#[tokio::test]
async fn who_does_not_sign_learns_nothing_and_waits_in_the_end() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let secret = bench.source("glpi", "default").await;
        let other = bench.source("other", "default").await;
        let said = json!({"title": "no sound"});
        let (status, wrong) = bench.sends("glpi", &other, "m1", &said).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(
            bench.sends("nobody", &secret, "m1", &said).await,
            (status, wrong.clone())
        );
        assert_eq!(
            bench.posts("glpi", &[], said.to_string()).await,
            (status, wrong.clone())
        );
        assert_eq!(
            bench.posts("glpi", &[], "x".repeat(1 << 16)).await,
            (status, wrong)
        );
        for _ in 0..16 {
            bench.posts("glpi", &[], String::new()).await;
        }
        // A good one waits as well: who comes from there is not known before it is read.
        let (status, slow) = bench.sends("glpi", &secret, "m1", &said).await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{slow}");
        let none = bench.get("technician", "/tickets").await;
        assert_eq!(none["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_signed_message_is_judged_and_hostile_text_is_inert() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let secret = bench.source("glpi", "default").await;
        for (n, (said, field)) in [
            (json!({}), "body"),
            (json!({"title": " "}), "title"),
            (json!({"title": "x".repeat(201)}), "title"),
            (json!({"title": "x", "text": "x".repeat(20_001)}), "text"),
            (json!({"title": "x", "priority": "never"}), "body"),
            (json!({"title": "x", "devices": vec!["a"; 21]}), "devices"),
            (json!({"title": "x", "other": 1}), "body"),
            (json!({"title": "x", "reference": "x".repeat(201)}), "reference"),
        ].into_iter().enumerate() {
            let (status, answer) = bench.sends("glpi", &secret, &format!("bad{n}"), &said).await;
            assert_eq!((status, &answer["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)), "{answer}");
        }
        for (n, text) in hostile::texts().enumerate() {
            let said = json!({
                "title": format!("x{text}"), "text": text, "requester": {"name": text, "phone": text}, "devices": [text],
                "reference": text,
            });
            let (status, answer) = bench.sends("glpi", &secret, &format!("m{n}"), &said).await;
            let is_too_large = text.len() > 20_000 && status.is_client_error();
            assert!(status.is_success() || is_too_large, "{text:?}: {answer}");
        }
        let told = bench.get("technician", "/tickets/1/timeline").await.to_string();
        assert!(!told.contains('\u{1b}') && !told.contains('\u{202e}') && !told.contains("\\u001b"), "{told}");
    })
    .await;
}
