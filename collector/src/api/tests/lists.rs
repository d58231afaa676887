//! Lists and what narrows them down.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use sonde_proto::v1;
use tower::ServiceExt as _;

use super::Bench;
use crate::api::PROBLEM_MEDIA_TYPE;
use crate::store::accounts::Role;
use crate::store::alerts::Raise;
use crate::store::testing::{NOW, on_both};

#[tokio::test]
async fn a_parameter_that_there_is_not_is_refused() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let asked = async |path: &str| {
            let answer = bench.call("viewer", Method::GET, path, Value::Null).await;
            let field = answer.body["field"].as_str().unwrap_or_default().to_owned();
            (answer.status, field)
        };
        let wrong = asked("/tickets?limit=3&stat=open").await;
        assert_eq!(wrong, (StatusCode::BAD_REQUEST, "stat".to_owned()));
        let wrong = asked("/mutes?check=x").await;
        assert_eq!(wrong, (StatusCode::BAD_REQUEST, "check".to_owned()));
        let wrong = asked("/tickets/1/timeline?lang=de").await;
        assert_eq!(wrong, (StatusCode::UNPROCESSABLE_ENTITY, "lang".to_owned()));
        let right = asked("/tickets?state=unresolved&lang=fr&limit=3").await;
        assert_eq!(right.0, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_ticket_in_a_list_names_its_devices_and_how_they_stand() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        let with = json!({"title": "slow", "devices": [device]});
        bench.post("technician", "/tickets", with).await;
        bench
            .post("technician", "/tickets", json!({"title": "loud"}))
            .await;
        let list = bench.get("viewer", "/tickets").await;
        assert_eq!(list["items"][0]["devices"], json!([]));
        assert_eq!(
            list["items"][1]["devices"],
            json!([{"id": device, "hostname": "pc", "connected": false, "status": null}])
        );
        let timeline = bench.get("viewer", "/tickets/1/timeline").await;
        assert_eq!(timeline["items"][1]["kind"], "device_added");
        assert_eq!(timeline["items"][1]["hostname"], "pc");
    })
    .await;
}

#[tokio::test]
async fn alerts_come_in_pages_and_of_ones_own_sites() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (_, device_key) = bench.device().await;
        bench.account("elsewhere", Role::Viewer, &["lyon"]).await;
        for subject in ["/a", "/b", "/c"] {
            let raise = Raise {
                device_key,
                check: "disk.space".into(),
                subject: subject.into(),
                status: v1::Status::Critical,
                at: NOW,
            };
            bench.state.store.raise_alert(raise, None).await.unwrap();
        }
        let first = bench.get("viewer", "/alerts?limit=2").await;
        let path = format!("/alerts?limit=2&before={}", first["next"].as_str().unwrap());
        let second = bench.get("viewer", &path).await;
        let items = [&first, &second].map(|page| page["items"].as_array().unwrap());
        let subjects: Vec<&Value> = items
            .into_iter()
            .flatten()
            .map(|item| &item["subject"])
            .collect();
        assert_eq!(subjects, ["/c", "/b", "/a"]);
        assert_eq!(second["next"], Value::Null);
        let theirs = bench.get("elsewhere", "/alerts").await;
        assert_eq!(theirs["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn whoever_asks_wrongly_is_told_so_in_one_way() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        for path in ["/healthz", "/metrics", "/api/openapi.json"] {
            let request = Request::post(path).body(Body::empty()).unwrap();
            let answer = bench.app.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
            assert_eq!(answer.headers()["content-type"], PROBLEM_MEDIA_TYPE);
        }
        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let answer = bench.app.clone().oneshot(request).await.unwrap();
        let text = axum::body::to_bytes(answer.into_body(), 1 << 16).await;
        let text = String::from_utf8(text.unwrap().to_vec()).unwrap();
        let counted = "sonde_http_answers_total{class=\"4xx\"} 3\n";
        assert!(text.contains(counted), "{text}");
    })
    .await;
}

#[tokio::test]
async fn a_site_that_there_is_not_is_refused_with_the_names_there_are() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        for site in ["lyon", "nice"] {
            bench.state.store.create_site(site, NOW).await.unwrap();
        }
        for (path, body, field) in [
            ("/tickets", json!({"title": "slow", "site": "lion"}), "site"),
            ("/mutes", json!({"site": "lion", "reason": "x"}), "site"),
            ("/enrolment-tokens", json!({"site": "lion"}), "site"),
            (
                "/accounts",
                json!({"name": "ann", "role": "viewer", "sites": ["nice", "lion"]}),
                "sites[1]",
            ),
        ] {
            let refused = bench.post("admin", path, body).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            assert_eq!(refused.body["field"], field, "{path}");
            assert_eq!(refused.body["remedy"], "there are: lyon, nice", "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn jobs_come_in_pages_the_newest_first() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        bench
            .post("technician", "/tickets", json!({"title": "slow"}))
            .await;
        let mut ordered = Vec::new();
        for _ in 0..3 {
            let ask = json!({"device": device});
            let asked = bench.post("technician", "/tickets/1/checks", ask).await;
            ordered.push(asked.body["jobs"][0]["id"].clone());
        }
        ordered.reverse();
        for base in [
            "/tickets/1/jobs".to_owned(),
            format!("/devices/{device}/jobs"),
        ] {
            let first = bench.get("viewer", &format!("{base}?limit=2")).await;
            let next = first["next"].as_str().unwrap();
            let second = bench
                .get("viewer", &format!("{base}?limit=2&before={next}"))
                .await;
            let items = [&first, &second].map(|page| page["items"].as_array().unwrap());
            let ids: Vec<&Value> = items.into_iter().flatten().map(|job| &job["id"]).collect();
            assert_eq!(ids, ordered.iter().collect::<Vec<_>>(), "{base}");
            assert_eq!(second["next"], Value::Null, "{base}");
        }
    })
    .await;
}
