//! A browser's session: a cookie that no script reads, and a token for every change.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Bench};
use crate::account::{NewUser, create_user};
use crate::api::time;
use crate::store::accounts::Role;
use crate::store::testing::on_both;

/// "sonde_session=…", as a browser sends it back.
fn pair(answer: &Answer) -> String {
    let cookie = answer.cookie.as_deref().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_session_is_a_cookie_and_its_changes_come_with_their_token() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let user = NewUser {
            name: "ann".into(),
            role: Role::Technician,
            sites: vec![],
            password: None,
        };
        let made = create_user(&bench.state.store, user, "root", time::now_us()).await;
        let made = made.unwrap();
        let proof =
            json!({"name": "ann", "password": made.password, "code": made.recovery_codes[0]});
        let begun = bench.post("", "/sign-in", proof).await;
        assert_eq!(begun.status, StatusCode::OK, "{}", begun.body);
        assert_eq!(begun.body.get("secret"), None);
        let cookie = begun.cookie.clone().unwrap();
        for part in ["Path=/", "Max-Age=43200", "HttpOnly", "SameSite=Strict"] {
            assert!(cookie.split("; ").any(|one| one == part), "{cookie}");
        }
        let pair = pair(&begun);
        let ask = async |method: Method, path: &str, body: Value, more: &[(&'static str, &str)]| {
            let headers = [&[("cookie", pair.as_str())], more].concat();
            bench.call_with("", method, path, body, &headers).await
        };
        let me = ask(Method::GET, "/me", Value::Null, &[]).await.body;
        assert_eq!(
            (&me["name"], &me["csrf"]),
            (&json!("ann"), &begun.body["csrf"])
        );
        let csrf = me["csrf"].as_str().unwrap().to_owned();
        let ticket = || json!({"title": "no sound"});
        let refused = ask(Method::POST, "/tickets", ticket(), &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(refused.body["type"], "urn:sonde:csrf");
        // Not even to be repeated under a key.
        let keyed = [("idempotency-key", "k1")];
        let refused = ask(Method::POST, "/tickets", ticket(), &keyed).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let with = [("x-csrf-token", csrf.as_str())];
        let opened = ask(Method::POST, "/tickets", ticket(), &with).await;
        assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
        let evil = [("host", "desk"), ("origin", "https://evil.example")];
        let foreign = ask(Method::GET, "/tickets", Value::Null, &evil).await;
        assert_eq!(foreign.body["type"], "urn:sonde:another-origin");

        let left = ask(Method::POST, "/sign-out", Value::Null, &with).await;
        assert_eq!(left.status, StatusCode::NO_CONTENT);
        assert!(left.cookie.unwrap().contains("Max-Age=0"));
        let over = ask(Method::GET, "/me", Value::Null, &[]).await;
        assert_eq!(over.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}
