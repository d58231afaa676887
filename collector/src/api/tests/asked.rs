//! The page at which somebody at a device asks for help.

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::Bench;
use crate::account::hash_secret;
use crate::api::time;
use crate::store::help_links::NewHelpLink;
use crate::store::testing::on_both;

#[tokio::test]
async fn somebody_at_a_device_asks_on_a_page_that_works_once() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (_, key) = bench.device().await;
        let link = async |secret: &str| {
            let link = NewHelpLink {
                secret_hash: hash_secret(secret),
                device_key: key,
                login: "rosa".into(),
                at: time::now_us(),
            };
            bench.state.store.make_help_link(link).await.unwrap();
            format!("https://help.example/h/{secret}")
        };
        let url = link("one").await;
        for _ in 0..2 {
            let page = bench.show(&url).await;
            assert!(
                page.contains("rosa, pc") && page.contains("What does not work?"),
                "{page}"
            );
        }
        for form in ["", "text=%20", "since=x"] {
            let refused = bench
                .browse(Method::POST, &format!("{url}/ask"), form)
                .await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        }
        let path = format!("{url}/ask");
        let asked = bench
            .browse(Method::POST, &path, "text=no%20sound&since=noon")
            .await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.html);
        let to = asked.headers["location"].to_str().unwrap().to_owned();
        assert!(bench.show(&to).await.contains("no sound\nSince when: noon"));
        let ticket = bench.get("viewer", "/tickets/1").await;
        assert_eq!(
            (&ticket["title"], &ticket["asked"]["login"]),
            (&json!("no sound"), &json!("rosa"))
        );
        let again = bench.browse(Method::GET, &url, "").await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
        assert!(again.html.contains("used already"), "{}", again.html);
        let url = link("two").await;
        assert!(bench.show(&url).await.contains("1 no sound"));
        let other = bench.asked_for("").await.0;
        let path = format!("{url}/read");
        let strange = bench
            .browse(Method::POST, &path, &format!("ticket={other}"))
            .await;
        assert_eq!(strange.status, StatusCode::UNPROCESSABLE_ENTITY);
        let read = bench
            .browse(Method::POST, &format!("{url}/read"), "ticket=1")
            .await;
        assert!(
            read.headers["location"]
                .to_str()
                .unwrap()
                .starts_with("/r/")
        );
    })
    .await;
}
