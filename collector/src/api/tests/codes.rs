//! Spoken codes: whose they are is found, and what is none leaves nothing behind.

use axum::http::StatusCode;
use serde_json::{Value, json};
use sonde_proto::code::{self, Age, KEY_BYTES, Reason, Said};

use super::{Answer, Bench};
use crate::store::accounts::Role;
use crate::store::testing::{self, on_both};

/// As `testing::enrolment` has it.
const KEY: [u8; KEY_BYTES] = [7; KEY_BYTES];

fn spoken(id: &str, key: [u8; KEY_BYTES]) -> String {
    let said = Said {
        age: Age::of(None),
        // What `Bench::device` declares.
        rung: Some(1),
        reason: Reason::Missing,
        findings: vec![],
    };
    code::encode(&said, id, &key).unwrap()
}

async fn tell(bench: &Bench, who: &str, ticket: i64, code: &str) -> Answer {
    let path = format!("/tickets/{ticket}/codes");
    bench.post(who, &path, json!({ "code": code })).await
}

async fn notes(bench: &Bench) -> Vec<String> {
    let timeline = bench.get("admin", "/tickets/1/timeline").await;
    let events = timeline["items"].as_array().unwrap().iter();
    let notes = events.filter(|event| event["kind"] == "noted");
    notes.map(|event| event.to_string()).collect()
}

#[track_caller]
fn refused(answer: &Answer, kind: &str) {
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.body
    );
    assert_eq!(answer.body["type"], format!("urn:sonde:{kind}"));
    assert_eq!(answer.body["field"], "code");
}

#[tokio::test]
async fn a_code_becomes_a_note_about_its_device_and_a_wrong_one_nothing() {
    on_both(|store| async move {
        let bench = Bench::new(store.clone()).await;
        let (id, _) = bench.device().await;
        bench
            .account("elsewhere", Role::Technician, &["lyon"])
            .await;
        let opened = bench
            .post("technician", "/tickets", json!({"title": "no network"}))
            .await;
        assert_eq!(opened.status, StatusCode::CREATED);
        let code = spoken(&id, KEY);

        let last = if code.ends_with('0') { "1" } else { "0" };
        let misheard = format!("{}{last}", &code[..code.len() - 1]);
        refused(
            &tell(&bench, "technician", 1, &misheard).await,
            "code-misread",
        );
        let other = spoken(&id, [8; KEY_BYTES]);
        refused(
            &tell(&bench, "technician", 1, &other).await,
            "code-not-authentic",
        );
        let nobody = if id.starts_with('0') { "1" } else { "0" };
        let nobody = spoken(&format!("{nobody}{}", &id[1..]), KEY);
        refused(
            &tell(&bench, "technician", 1, &nobody).await,
            "code-of-no-device",
        );
        assert_eq!(
            tell(&bench, "viewer", 1, &code).await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(
            tell(&bench, "elsewhere", 1, &code).await.status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(
            bench.get("admin", "/tickets/1").await["version"],
            opened.body["version"]
        );

        let told = tell(
            &bench,
            "technician",
            1,
            &code.to_lowercase().replace('-', " "),
        )
        .await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.body);
        assert_eq!(told.body["devices"][0]["id"], id);
        let again = tell(&bench, "technician", 1, &code).await;
        assert_eq!(again.body["devices"].as_array().unwrap().len(), 1);
        let notes = notes(&bench).await;
        assert_eq!(notes.len(), 2);
        assert!(
            notes[0].contains("disk.space (what it needs is not there)"),
            "{}",
            notes[0]
        );

        testing::forget_code_keys(&store).await;
        refused(
            &tell(&bench, "technician", 1, &code).await,
            "code-without-key",
        );
    })
    .await;
}

#[tokio::test]
async fn a_ticket_of_another_site_does_not_tell_whose_code_it_is() {
    on_both(|store| async move {
        let (id, _) = testing::device(&store, "pc").await;
        let bench = Bench::new(store).await;
        bench
            .account("elsewhere", Role::Technician, &["lyon"])
            .await;
        bench
            .post(
                "elsewhere",
                "/tickets",
                json!({"title": "theirs", "site": "lyon"}),
            )
            .await;
        let code = spoken(id.as_str(), KEY);
        refused(
            &tell(&bench, "elsewhere", 1, &code).await,
            "code-of-no-device",
        );
    })
    .await;
}

#[tokio::test]
async fn who_guesses_waits_and_who_is_right_does_not() {
    on_both(|store| async move {
        let (id, _) = testing::device(&store, "pc").await;
        let bench = Bench::new(store).await;
        bench
            .post("technician", "/tickets", json!({"title": "no network"}))
            .await;
        let (right, guess) = (
            spoken(id.as_str(), KEY),
            spoken(id.as_str(), [8; KEY_BYTES]),
        );
        for _ in 0..15 {
            assert_eq!(
                tell(&bench, "technician", 1, &right).await.status,
                StatusCode::OK
            );
        }
        for _ in 0..11 {
            refused(
                &tell(&bench, "technician", 1, &guess).await,
                "code-not-authentic",
            );
        }
        let braked = tell(&bench, "technician", 1, &guess).await;
        assert_eq!(braked.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(braked.retry_after.is_some());
        assert_eq!(
            tell(&bench, "senior", 1, &right).await.status,
            StatusCode::OK
        );
        let shown = bench.get("admin", &format!("/devices/{id}")).await;
        assert!(shown.get("code_key").is_none() && shown != Value::Null);
    })
    .await;
}
