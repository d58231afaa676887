//! The ways through the API that people take.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Method, Request, StatusCode, header};
use futures::StreamExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::super::PREFIX;
use super::{Bench, connect, run_order};
use crate::store::accounts::Role;
use crate::store::testing::on_both;

/// Waiting longer than this is a failure.
const DEADLINE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn from_a_ticket_a_check_is_run_and_read_in_both_languages() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        connect(&bench.state.store, key).await;
        let session = bench.answers(key);
        let opened = bench
            .post(
                "technician",
                "/tickets",
                json!({"title": "slow", "devices": [device]}),
            )
            .await;
        assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
        assert_eq!(opened.body["number"], 1);
        let snapshots = bench.get("viewer", "/tickets/1/snapshots").await;
        assert_eq!(snapshots["items"][0]["partial"], false);
        let ask = json!({"device": device, "checks": ["disk.space"], "wait_seconds": 30});
        let ran = bench.post("technician", "/tickets/1/checks", ask).await;
        assert_eq!(ran.status, StatusCode::OK, "{}", ran.body);
        let job = &ran.body["jobs"][0];
        assert_eq!(job["state"], "succeeded");
        assert_eq!(job["findings"][0]["summary"], "2.5\u{a0}% free on /srv");
        assert_eq!(
            job["findings"][0]["args"],
            json!({"free": 2.5, "mount": "/srv"})
        );
        let path = format!("/jobs/{}?lang=fr", job["id"].as_str().unwrap());
        let french = bench.get("viewer", &path).await;
        assert_eq!(
            french["findings"][0]["summary"],
            "2,5\u{a0}% libres sur /srv"
        );
        let timeline = bench.get("viewer", "/tickets/1/timeline").await;
        let result = &timeline["items"][4]["result"];
        assert_eq!(result["findings"][0]["status"], "critical", "{timeline}");
        assert_eq!(result["findings"][0]["summary"], "2.5\u{a0}% free on /srv");
        let kinds: Vec<&str> = timeline["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["kind"].as_str().unwrap())
            .collect();
        assert_eq!(
            kinds,
            [
                "opened",
                "device_added",
                "snapshot_taken",
                "work_asked",
                "work_ended"
            ]
        );
        session.abort();
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_with_its_field_and_remedy() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        bench.post("technician", "/tickets", json!({"title": "slow"})).await;
        let refused = async |path: &str, body: Value| {
            let answer = bench.post("technician", path, body).await;
            format!(
                "{} {}: {} / {}",
                answer.status.as_u16(),
                answer.body["field"].as_str().unwrap_or_default(),
                answer.body["detail"].as_str().unwrap_or_default(),
                answer.body["remedy"].as_str().unwrap_or_default()
            )
        };
        assert_eq!(
            refused("/tickets/1/checks", json!({"device": device, "checks": ["disk.spice"]})).await,
            "422 checks[0]: the device has no check \"disk.spice\" / it has: disk.space"
        );
        let action = |phase: &str, parameters: Value| {
            json!({"device": device, "action": "service.restart", "phase": phase, "parameters": parameters})
        };
        assert_eq!(
            refused("/tickets/1/actions", action("plan", json!({"unit": 7}))).await,
            "422 parameters.unit: 7 is not of type text / as here: \"some text\""
        );
        let mut silent = action("apply", json!({"unit": "a.service"}));
        silent["consent"] = json!(" \u{a0}");
        assert_eq!(
            refused("/tickets/1/actions", silent).await,
            "422 consent: it is empty / say how the user agreed"
        );
        let unknown_phase = refused("/tickets/1/actions", action("do", json!({}))).await;
        assert!(unknown_phase.starts_with("422 phase: unknown variant `do`"), "{unknown_phase}");
        let unknown_field =
            refused("/tickets/1/checks", json!({"device": device, "wait": 3})).await;
        assert!(unknown_field.starts_with("422 wait: unknown field `wait`"), "{unknown_field}");
        let nowhere = refused("/tickets/77/checks", json!({"device": device})).await;
        assert_eq!(nowhere, "404 : no ticket 77 that you may see / ");
        for state in ["proposed", "resolved", "closed"] {
            bench.post("technician", "/tickets/1/state", json!({"state": state})).await;
        }
        assert_eq!(
            refused("/tickets/1/checks", json!({"device": device})).await,
            "422 ticket: ticket 1 is closed; a device can be asked for a ticket that is new, open, waiting, \
             proposed, resolved / open a new one"
        );
        assert_eq!(bench.state.store.n_open_jobs(key).await, Ok(0));
    })
    .await;
}

#[tokio::test]
async fn an_order_for_a_device_that_is_away_is_queued_and_says_so() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        bench
            .post("technician", "/tickets", json!({"title": "slow"}))
            .await;
        let ask = json!({"device": device, "wait_seconds": 30, "expires_in_seconds": 60});
        let asked = bench.post("technician", "/tickets/1/checks", ask).await;
        let job = &asked.body["jobs"][0];
        assert_eq!(job["state"], "queued");
        assert_eq!(job["waiting_for_device"], true);
        let path = format!("/jobs/{}/cancel", job["id"].as_str().unwrap());
        let cancelled = bench.post("technician", &path, Value::Null).await;
        assert_eq!(
            cancelled.body,
            json!({"outcome": "cancelled", "state": "cancelled"})
        );
    })
    .await;
}

#[tokio::test]
async fn another_sites_things_are_not_there() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        bench.account("elsewhere", Role::Admin, &["lyon"]).await;
        let opened = bench
            .post(
                "technician",
                "/tickets",
                json!({"title": "slow", "devices": [device]}),
            )
            .await;
        assert_eq!(opened.status, StatusCode::CREATED);
        for path in [
            format!("/devices/{device}"),
            format!("/devices/{device}/findings"),
            "/tickets/1".into(),
            "/tickets/1/live".into(),
            "/tickets/1/timeline".into(),
        ] {
            let answer = bench
                .call("elsewhere", Method::GET, &path, Value::Null)
                .await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(bench.get("elsewhere", "/devices").await["items"], json!([]));
        assert_eq!(bench.get("elsewhere", "/tickets").await["items"], json!([]));
        let ask = json!({"device": device});
        let asked = bench.post("elsewhere", "/tickets/1/checks", ask).await;
        assert_eq!(asked.status, StatusCode::NOT_FOUND);
        let all = bench
            .call("elsewhere", Method::GET, "/accounts", Value::Null)
            .await;
        assert_eq!(all.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn the_second_of_two_changes_gets_412_and_a_repeated_call_its_first_answer() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let key = [("idempotency-key", "k1")];
        let open = async |title: &str| {
            let body = json!({ "title": title });
            bench
                .call_with("technician", Method::POST, "/tickets", body, &key)
                .await
        };
        let first = open("slow").await;
        let again = open("slow").await;
        assert_eq!((again.status, &again.body), (first.status, &first.body));
        assert_eq!(again.etag, first.etag);
        for path in ["/enrolment-tokens", "/me/tokens"] {
            let refused = bench.call_with("admin", Method::POST, path, json!({}), &key);
            assert_eq!(refused.await.body["field"], "Idempotency-Key");
        }
        assert_eq!(open("other").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let tag = first.etag.unwrap();
        let note = async |tag: &str| {
            let body = json!({"text": "seen"});
            let headers = [("if-match", tag)];
            bench
                .call_with(
                    "technician",
                    Method::POST,
                    "/tickets/1/notes",
                    body,
                    &headers,
                )
                .await
        };
        let noted = note(&tag).await;
        assert_eq!(noted.status, StatusCode::OK, "{}", noted.body);
        assert_eq!(note(&tag).await.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(note(&noted.etag.unwrap()).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn disabling_an_account_ends_what_it_is_signed_in_with() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        assert_eq!(bench.get("technician", "/me").await["role"], "technician");
        let body = json!({"disabled": true});
        let changed = bench
            .call("admin", Method::PATCH, "/accounts/technician", body)
            .await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
        let me = bench
            .call("technician", Method::GET, "/me", Value::Null)
            .await;
        assert_eq!(me.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn a_live_stream_tells_of_the_ticket_and_ends_with_its_credential() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = bench.device().await;
        bench
            .post("technician", "/tickets", json!({"title": "slow"}))
            .await;
        let request = Request::get(format!("{PREFIX}/tickets/1/live"))
            .header(header::AUTHORIZATION, "Bearer viewer")
            .body(Body::empty())
            .unwrap();
        let response = bench.app.clone().oneshot(request).await.unwrap();
        let mut stream = response.into_body().into_data_stream();
        let next = async |stream: &mut BodyDataStream| {
            let chunk = tokio::time::timeout(DEADLINE, stream.next()).await;
            let chunk = chunk.expect("the stream says something in time");
            let text = chunk.map(|chunk| String::from_utf8(chunk.unwrap().to_vec()).unwrap());
            // Without its id.
            text.map(|text| text.split("\nid:").next().unwrap().trim_end().to_owned())
        };
        let ticket =
            |version: i64| format!("event: ticket\ndata: {{\"number\":1,\"version\":{version}}}");
        let first = next(&mut stream).await.unwrap();
        assert_eq!(first, ticket(1), "how it stands comes first");
        let note = json!({"text": "called back"});
        bench.post("technician", "/tickets/1/notes", note).await;
        assert_eq!(next(&mut stream).await.unwrap(), ticket(2));
        let snapshot = json!({ "device": device });
        bench
            .post("technician", "/tickets/1/snapshots", snapshot)
            .await;
        let told = next(&mut stream).await.unwrap();
        assert!(told.starts_with("event: snapshot"), "{told}");
        assert_eq!(next(&mut stream).await.unwrap(), ticket(3));
        // Asked: the ticket's version; ended here, because it had not left: the job, then the ticket.
        let ask = json!({ "device": device });
        let asked = bench.post("technician", "/tickets/1/checks", ask).await;
        let told = next(&mut stream).await.unwrap();
        assert!(
            told.contains("event: ticket") && !told.contains("\"version\":0"),
            "{told}"
        );
        let job = asked.body["jobs"][0]["id"].as_str().unwrap();
        let cancel = format!("/jobs/{job}/cancel");
        bench.post("technician", &cancel, Value::Null).await;
        let told = next(&mut stream).await.unwrap();
        assert!(told.contains("\"state\":\"cancelled\""), "{told}");
        let told = next(&mut stream).await.unwrap();
        assert!(told.starts_with("event: ticket"), "{told}");
        let body = json!({"disabled": true});
        bench
            .call("admin", Method::PATCH, "/accounts/viewer", body)
            .await;
        assert_eq!(next(&mut stream).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_store_that_is_away_is_a_503_that_says_when_to_come_back() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench.state.store.close().await;
        let listed = bench
            .call("viewer", Method::GET, "/devices", Value::Null)
            .await;
        let opened = bench
            .post("technician", "/tickets", json!({"title": "slow"}))
            .await;
        for answer in [listed, opened] {
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(answer.body["type"], "urn:sonde:store-unavailable");
            assert_eq!(answer.body["retry_after"], 2);
        }
    })
    .await;
}

#[tokio::test]
async fn hostile_text_is_kept_harmless_and_too_long_text_is_refused() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench.device().await;
        let title = "a\u{0}b\u{202e}c\u{1b}[31m";
        let opened = bench
            .post("technician", "/tickets", json!({ "title": title }))
            .await;
        assert_eq!(opened.body["title"], "a\u{fffd}b\u{fffd}c\u{fffd}[31m");
        for hostile in crate::hostile::texts() {
            let title: String = hostile.chars().take(100).collect();
            let opened = bench.post("technician", "/tickets", json!({ "title": title }));
            let kept = opened.await.body["title"].as_str().unwrap().to_owned();
            crate::hostile::assert_inert(&kept);
        }
        let long = json!({"text": "x".repeat(20_001)});
        let refused = bench.post("technician", "/tickets/1/notes", long).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            refused.body["detail"],
            "20001 characters, where 20000 are the most"
        );
        // What SQL would read as "anything" fits nothing.
        for text in ["%25", "_c", "!", "'%22"] {
            let filter = bench.get("viewer", &format!("/devices?text={text}")).await;
            assert_eq!(filter["items"], json!([]), "{text}");
        }
        let filter = bench.get("viewer", "/devices?text=pc").await;
        assert_eq!(filter["items"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_ticket_is_opened_only_for_what_its_device_can_be_asked_for() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        let open = |first: Value| json!({"title": "slow", "devices": [device], "first": first});
        let restart = |parameters: Value| {
            json!({"action": {"device": device, "action": "service.restart", "phase": "plan", "parameters": parameters}})
        };
        for (first, field) in [
            (json!({"checks": {"device": device, "checks": ["device.silent"]}}), "checks[0]"),
            (restart(json!({"unit": 7})), "parameters.unit"),
            (json!({"table": {"device": device, "table": "x"}}), "table"),
        ] {
            let refused = bench.post("technician", "/tickets", open(first)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
            assert_eq!(refused.body["field"], field);
        }
        assert_eq!(bench.get("viewer", "/tickets").await["items"], json!([]));
        let first = restart(json!({"unit": "a.service"}));
        let opened = bench.post("technician", "/tickets", open(first)).await;
        assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
        assert_eq!(opened.body["number"], 1);
        assert_eq!(opened.body["jobs"][0]["ticket"], 1);
        let pending = bench.state.store.orders_for_device_pending(key).await;
        assert_eq!(pending.unwrap().len(), 1);
        let checks = bench.get("viewer", &format!("/checks?device={device}")).await;
        let ids: Vec<&Value> = checks["items"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert_eq!(ids, ["disk.space"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_undone_is_what_was_done() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        bench.post("technician", "/tickets", json!({"title": "slow"})).await;
        let path = "/tickets/1/actions";
        let run = json!({
            "device": device, "action": "service.restart", "phase": "apply", "parameters": {"unit": "a.service"},
        });
        let asked = bench.post("technician", path, run).await;
        let job = asked.body["jobs"][0]["id"].as_str().unwrap().to_owned();
        let undo = |more: Value| {
            let mut body = json!({"phase": "undo", "undo_of": job});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            bench.post("technician", path, body)
        };
        assert_eq!(undo(json!({})).await.body["field"], "undo_of", "it has not ended");
        run_order(&bench.state, key, job.parse().unwrap(), 1).await;
        let other = json!({"parameters": {"unit": "b.service"}});
        assert_eq!(undo(other).await.body["field"], "parameters");
        let undone = undo(json!({})).await;
        assert_eq!(undone.status, StatusCode::OK, "{}", undone.body);
        let undone = &undone.body["jobs"][0];
        assert_eq!(undone["title"], "service.restart undo");
        assert_eq!(undone["parameters"], json!({"unit": "a.service"}));
        // What changes something does not come as a surprise a day later.
        let time = |name: &str| undone[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        assert_eq!(time("expires_at").duration_since(time("issued_at")).as_secs(), 600);
    })
    .await;
}
