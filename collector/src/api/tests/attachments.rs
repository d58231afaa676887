//! Files on tickets: what is taken, who sees them, what a browser does with them.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;
use tower::ServiceExt as _;

use super::{Bench, PREFIX};
use crate::desk::attachment::MOST_BYTES;
use crate::store::testing::on_both;

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\npicture";

impl Bench {
    pub(super) async fn bytes(
        &self,
        who: &str,
        method: &str,
        path: &str,
        body: Vec<u8>,
    ) -> (StatusCode, header::HeaderMap, Vec<u8>) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {who}"))
            .body(Body::from(body));
        let answer = self.app.clone().oneshot(request.unwrap()).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = axum::body::to_bytes(answer.into_body(), 1 << 24).await;
        (status, headers, body.unwrap().to_vec())
    }

    pub(super) async fn attach(
        &self,
        query: &str,
        body: Vec<u8>,
    ) -> (StatusCode, serde_json::Value) {
        let path = format!("{PREFIX}/tickets/1/attachments?{query}");
        let (status, _, answer) = self.bytes("technician", "POST", &path, body).await;
        (status, serde_json::from_slice(&answer).unwrap())
    }
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_and_is_opened_nowhere() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let ticket = json!({"title": "no sound", "requester": "Rosa"});
        bench.post("technician", "/tickets", ticket).await;
        let hostile = "name=..%2Fa%22%0D%0Ab.html&side=technician";
        let (status, kept) = bench.attach(hostile, PICTURE.to_vec()).await;
        assert_eq!(status, StatusCode::CREATED, "{kept}");
        assert_eq!(kept["name"], "a___b.html");
        assert_eq!(kept["media_type"], "image/png");
        let path = format!(
            "{PREFIX}/tickets/1/attachments/{}",
            kept["id"].as_str().unwrap()
        );
        let (status, headers, body) = bench.bytes("viewer", "GET", &path, vec![]).await;
        assert_eq!((status, &body[..]), (StatusCode::OK, PICTURE));
        assert_eq!(
            headers[header::CONTENT_DISPOSITION],
            "attachment; filename*=UTF-8''a___b.html"
        );
        assert_eq!(
            headers[header::CONTENT_SECURITY_POLICY],
            "default-src 'none'; sandbox"
        );
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        let timeline = bench.get("viewer", "/tickets/1/timeline").await;
        let event = timeline["items"]
            .as_array()
            .unwrap()
            .last()
            .unwrap()
            .clone();
        assert_eq!(
            (&event["kind"], &event["name"]),
            (&json!("attached"), &kept["name"])
        );
        let found = bench.get("viewer", "/tickets?search=html").await;
        assert_eq!(found["items"][0]["number"], 1);
    })
    .await;
}

#[tokio::test]
async fn the_requester_sees_what_was_given_to_them_and_nothing_else() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let ticket = json!({"title": "no sound", "requester": "Rosa"});
        bench.post("technician", "/tickets", ticket).await;
        let (_, shared) = bench
            .attach("name=for-you.png&side=technician", PICTURE.to_vec())
            .await;
        let (_, own) = bench.attach("name=between-us.png", PICTURE.to_vec()).await;
        let made = bench
            .post("technician", "/tickets/1/pages", json!({}))
            .await
            .body;
        let url = made["url"].as_str().unwrap();
        let place = url.strip_prefix("https://help.example").unwrap().to_owned();
        let (_, _, page) = bench.bytes("", "GET", &place, vec![]).await;
        let page = String::from_utf8(page).unwrap();
        assert!(
            page.contains("for-you.png") && !page.contains("between-us"),
            "{page}"
        );
        let file = |id: &serde_json::Value| format!("{place}/files/{}", id.as_str().unwrap());
        let (status, headers, body) = bench.bytes("", "GET", &file(&shared["id"]), vec![]).await;
        assert_eq!((status, &body[..]), (StatusCode::OK, PICTURE));
        assert_eq!(
            headers[header::CONTENT_SECURITY_POLICY],
            "default-src 'none'; sandbox"
        );
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
        let (status, ..) = bench.bytes("", "GET", &file(&own["id"]), vec![]).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn what_is_too_large_or_nothing_is_refused_and_named() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench
            .post("technician", "/tickets", json!({"title": "no sound"}))
            .await;
        let (status, refused) = bench.attach("name=a.png", vec![]).await;
        assert_eq!(
            (status, &refused["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("body"))
        );
        let (status, refused) = bench.attach("name=..", PICTURE.to_vec()).await;
        assert_eq!(
            (status, &refused["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("name"))
        );
        let (status, refused) = bench
            .attach("name=a.png&side=technician", PICTURE.to_vec())
            .await;
        assert_eq!(
            (status, &refused["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("side"))
        );
        let (status, kept) = bench.attach("name=a.bin", vec![7; MOST_BYTES]).await;
        assert_eq!(status, StatusCode::CREATED, "{kept}");
        let path = format!("{PREFIX}/tickets/1/attachments?name=a.bin");
        let large = vec![7; MOST_BYTES + 1];
        let (status, headers, _) = bench.bytes("technician", "POST", &path, large).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(
            headers[header::CONTENT_TYPE],
            crate::api::PROBLEM_MEDIA_TYPE
        );
    })
    .await;
}
