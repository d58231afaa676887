//! Accounts that nobody gets into any more, and what the audit log says of that.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Bench;
use crate::store::accounts::Role;
use crate::store::testing::on_both;

#[tokio::test]
async fn whoever_cannot_get_in_is_given_new_secrets_once_and_by_another() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench.account("ann", Role::Technician, &[]).await;
        let reset = async |who: &str, name: &str| {
            let path = format!("/accounts/{name}/reset");
            bench.call(who, Method::POST, &path, Value::Null).await
        };
        assert_eq!(
            reset("admin", "admin").await.told(),
            "422 account: nobody resets themselves"
        );
        let nobody = reset("admin", "bob").await;
        assert_eq!(nobody.status, StatusCode::NOT_FOUND, "{}", nobody.body);
        let refused = reset("senior", "ann").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let before = bench.call("ann", Method::GET, "/me", Value::Null).await;
        assert_eq!(before.status, StatusCode::OK);
        let new = reset("admin", "ann").await;
        assert_eq!(new.status, StatusCode::OK, "{}", new.body);
        assert_eq!(new.body["role"], "technician");
        for secret in ["password", "totp_secret", "totp_url"] {
            assert!(!new.body[secret].as_str().unwrap().is_empty(), "{secret}");
        }
        for who in ["ann", "ann-session"] {
            let after = bench.call(who, Method::GET, "/me", Value::Null).await;
            assert_eq!(after.status, StatusCode::UNAUTHORIZED, "{who}");
        }
        let key = [("idempotency-key", "k")];
        let path = "/accounts/ann/reset";
        let kept = bench.call_with("admin", Method::POST, path, Value::Null, &key);
        assert_eq!(kept.await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let log = bench.get("admin", "/audit?actor=admin&subject=ann").await;
        let deeds = log["items"].as_array().unwrap();
        assert!(!deeds.is_empty(), "it stands in the log");
        let secret = new.body["password"].as_str().unwrap();
        assert!(!log.to_string().contains(secret));
    })
    .await;
}

#[tokio::test]
async fn the_audit_log_is_narrowed_by_who_what_and_when() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        for site in ["lyon", "nice"] {
            bench.post("admin", "/sites", json!({"name": site})).await;
        }
        let (device, _) = bench.device().await;
        let ticket = json!({"title": "slow", "devices": [device]});
        bench.post("technician", "/tickets", ticket).await;
        let n_items = async |query: &str| {
            let log = bench.get("admin", &format!("/audit?{query}")).await;
            log["items"].as_array().unwrap().len()
        };
        assert_eq!(n_items("actor=admin&deed=site").await, 2);
        assert_eq!(n_items("actor=technician&deed=site").await, 0);
        assert_eq!(n_items("actor=admin&subject=nice").await, 1);
        assert_eq!(
            n_items("deed=site").await,
            n_items("deed=site.create").await
        );
        assert_eq!(n_items("deed=sit").await, 0);
        assert_eq!(n_items("deed=%25").await, 0);
        let all = n_items("limit=1000").await;
        assert_eq!(n_items("from=2020-01-01T00:00:00Z&limit=1000").await, all);
        assert_eq!(n_items("to=2020-01-01T00:00:00Z").await, 0);
        let wrong = bench
            .call("admin", Method::GET, "/audit?from=then", Value::Null)
            .await;
        assert_eq!(wrong.body["field"], "from");
    })
    .await;
}
