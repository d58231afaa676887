//! Tokens, and who makes them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Bench;
use crate::account::{NewUser, create_user};
use crate::api::time;
use crate::store::accounts::Role;
use crate::store::testing::on_both;

#[tokio::test]
async fn a_token_alone_makes_no_other_token() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let user = NewUser {
            name: "ann".into(),
            role: Role::Technician,
            sites: vec![],
            password: None,
        };
        let made = create_user(&bench.state.store, user, "root", time::now_us());
        let made = made.await.unwrap();
        let [first, second, third, ..] = &made.recovery_codes[..] else {
            panic!("{made:?}");
        };
        let sign_in = async |token_name: Value, code: &str| {
            let body = json!({
                "name": "ann", "password": made.password, "code": code, "token_name": token_name,
            });
            let signed_in = bench.post("", "/sign-in", body).await;
            let in_cookie = |cookie: &String| {
                let (_, rest) = cookie.split_once('=').unwrap();
                rest.split(';').next().unwrap().to_owned()
            };
            let secret = signed_in.body["secret"].as_str().map(str::to_owned);
            secret.or(signed_in.cookie.as_ref().map(in_cookie)).unwrap()
        };
        let token = sign_in(json!("laptop"), first).await;
        let session = sign_in(Value::Null, second).await;
        let ask = async |who: &str, password: Value, code: Value| {
            let body = json!({"name": "report", "password": password, "code": code});
            let answer = bench.post(who, "/me/tokens", body).await;
            let kind = answer.body["type"].as_str().unwrap_or_default().to_owned();
            (answer.status, kind)
        };
        let refused = |kind: &str| (StatusCode::UNAUTHORIZED, format!("urn:sonde:{kind}"));
        let right = json!(made.password);
        let none = Value::Null;
        let needed = ask(&token, none.clone(), none.clone()).await;
        assert_eq!(needed, refused("password-needed"));
        let needed = ask(&token, right.clone(), none.clone()).await;
        assert_eq!(needed, refused("code-needed"));
        let wrong = ask(&token, json!("wrong"), json!(third)).await;
        assert_eq!(wrong, refused("wrong"));
        let wrong = ask(&token, right.clone(), json!("000000")).await;
        assert_eq!(wrong, refused("wrong"));
        let listed = bench.get(&token, "/me/tokens").await;
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);
        let made = ask(&token, right, json!(third)).await;
        assert_eq!(made.0, StatusCode::CREATED);
        let made = ask(&session, none.clone(), none).await;
        assert_eq!(made.0, StatusCode::CREATED);
    })
    .await;
}
