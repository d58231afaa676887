//! What silences a finding is shown beside it wherever it is, and what each kind does and does not.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use sonde_proto::v1;

use super::{Answer, Bench, critical, run_order};
use crate::store::Id;
use crate::store::accounts::Role;
use crate::store::alerts::Raise;
use crate::store::reports::{Body, NewOutcome, NewReport};
use crate::store::testing::{HOUR_US, NOW, on_both};

impl Bench {
    /// The device reports what is wrong on every device here, and an alert is raised for it.
    async fn reports(&self, device_key: i64) {
        let store = &self.state.store;
        let changes = v1::FindingChanges {
            findings: vec![critical()],
            ..v1::FindingChanges::default()
        };
        let report = NewReport {
            device_key,
            spool_id: Id([2; 16]),
            seq: 1,
            reported_at: NOW,
            corrected_at: NOW,
            boot_id: "b".into(),
            outcome: NewOutcome::Committed(Body::Findings(changes)),
        };
        store.record_reports(vec![report]).await.unwrap();
        let raise = Raise {
            device_key,
            check: "disk.space".into(),
            subject: "/srv".into(),
            status: v1::Status::Critical,
            at: NOW,
        };
        store.raise_alert(raise, None).await.unwrap();
    }

    async fn delete(&self, who: &str, path: &str) -> StatusCode {
        let gone = self.call(who, Method::DELETE, path, Value::Null).await;
        gone.status
    }
}

fn in_hours(hours: i64) -> String {
    super::time::shown(super::time::now_us() + hours * HOUR_US)
}

/// A device with a ticket, on which its check has been run.
async fn checked(bench: &Bench) -> (String, String) {
    let (device, key) = bench.device().await;
    super::connect(&bench.state.store, key).await;
    bench.reports(key).await;
    let ticket = json!({"title": "slow", "devices": [device]});
    let opened = bench.post("technician", "/tickets", ticket).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    let asked = json!({"device": device, "checks": ["disk.space"]});
    let asked = bench.post("technician", "/tickets/1/checks", asked).await;
    assert!(asked.status.is_success(), "{}", asked.body);
    let job = asked.body["jobs"][0]["id"].as_str().unwrap().to_owned();
    run_order(&bench.state, key, job.parse().unwrap(), 1).await;
    (device, job)
}

/// Kind, who and why, wherever the finding is shown.
async fn shown(bench: &Bench, device: &str, job: &str) -> Vec<String> {
    let get = async |path: &str| bench.get("viewer", path).await;
    let timeline = get("/tickets/1/timeline").await;
    let events = timeline["items"].as_array().unwrap();
    let ended = events.iter().find(|event| event["kind"] == "work_ended");
    let snapshot = json!({ "device": device });
    let taken = bench
        .post("technician", "/tickets/1/snapshots", snapshot)
        .await;
    let id = taken.body["id"].as_str().unwrap();
    let snapshot = get(&format!("/tickets/1/snapshots/{id}")).await;
    let found = [
        get(&format!("/devices/{device}/findings")).await["items"][0].clone(),
        get("/alerts").await["items"][0].clone(),
        get(&format!("/jobs/{job}")).await["findings"][0].clone(),
        ended.unwrap()["result"]["findings"][0].clone(),
        snapshot["findings"][0].clone(),
    ];
    let told = found.iter().map(|finding| {
        assert_eq!(finding["check"], "disk.space", "{finding}");
        let silenced = &finding["silenced"];
        match silenced.is_null() {
            true => String::new(),
            false => format!(
                "{} {}: {}",
                silenced["kind"].as_str().unwrap(),
                silenced["by"].as_str().unwrap(),
                silenced["reason"].as_str().unwrap()
            ),
        }
    });
    told.collect()
}

#[tokio::test]
async fn what_silences_a_finding_is_shown_wherever_the_finding_is() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, job) = checked(&bench).await;
        assert_eq!(shown(&bench, &device, &job).await, [""; 5]);
        for (path, body, told) in [
            (
                "/acceptances",
                json!({"device": device, "finding": "disk.space", "until": in_hours(9), "reason": "ordered"}),
                "acceptance technician: ordered",
            ),
            (
                "/mutes",
                json!({"device": device, "check": "disk.space", "until": in_hours(9), "reason": "farm"}),
                "mute technician: farm",
            ),
            (
                "/maintenance",
                json!({"devices": [device], "from": in_hours(-1), "until": in_hours(9), "reason": "disk"}),
                "maintenance technician: disk",
            ),
        ] {
            let made = bench.post("technician", path, body).await;
            assert_eq!(made.status, StatusCode::CREATED, "{path}: {}", made.body);
            assert_eq!(shown(&bench, &device, &job).await, [told; 5], "{path}");
            let list = bench.get("viewer", path).await;
            assert_eq!(list["items"][0]["id"], made.body["id"]);
            let one = format!("{path}/{}", made.body["id"].as_str().unwrap());
            assert_eq!(bench.delete("viewer", &one).await, StatusCode::FORBIDDEN);
            assert_eq!(bench.delete("technician", &one).await, StatusCode::NO_CONTENT);
            assert_eq!(bench.get("viewer", path).await["items"], json!([]));
            assert_eq!(bench.delete("technician", &one).await, StatusCode::NOT_FOUND);
        }
        assert_eq!(shown(&bench, &device, &job).await, [""; 5]);
        // What was frozen while it was silenced says so still.
        let snapshots = bench.get("viewer", "/tickets/1/snapshots").await;
        let all = snapshots["items"].as_array().unwrap();
        let mut kinds = Vec::new();
        for one in all {
            let path = format!("/tickets/1/snapshots/{}", one["id"].as_str().unwrap());
            let kind = bench.get("viewer", &path).await["findings"][0]["silenced"]["kind"].clone();
            kinds.extend(kind.as_str().map(str::to_owned));
        }
        kinds.sort_unstable();
        assert_eq!(kinds, ["acceptance", "maintenance", "mute"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_accepted_is_not_held_against_a_ticket() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = checked(&bench).await;
        let propose = || bench.post("technician", "/tickets/1/state", json!({"state": "proposed"}));
        let refused = propose().await;
        assert_eq!(refused.body["field"], "reason", "{}", refused.body);
        let mute = json!({"device": device, "check": "disk.space", "reason": "farm"});
        bench.post("technician", "/mutes", mute).await;
        assert_eq!(propose().await.body["field"], "reason");
        let accept = json!({
            "device": device, "finding": "disk.space//srv", "until": in_hours(9), "reason": "a disk is ordered",
        });
        let accepted = bench.post("technician", "/acceptances", accept).await;
        assert_eq!(accepted.status, StatusCode::CREATED, "{}", accepted.body);
        let proposed = propose().await;
        assert_eq!(proposed.status, StatusCode::OK, "{}", proposed.body);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_accepted_or_planned_is_refused_by_name() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, _) = checked(&bench).await;
        bench.account("local", Role::Senior, &["lyon"]).await;
        let with = |base: &Value, changes: Value| {
            let mut body = base.clone();
            for (name, value) in changes.as_object().unwrap() {
                body[name] = value.clone();
            }
            body
        };
        let told = async |who: &str, path: &str, body: Value| -> String {
            let answer: Answer = bench.post(who, path, body).await;
            answer.told()
        };
        let accept =
            json!({"device": device, "finding": "disk.space", "until": in_hours(9), "reason": "x"});
        for (changes, expected) in [
            (
                json!({"finding": "disk.smart"}),
                "422 finding: nothing wrong is found by disk.smart",
            ),
            (json!({"until": in_hours(-1)}), "422 until: it has passed"),
            (
                json!({"until": in_hours(401 * 24)}),
                "422 until: at most 400 days from now",
            ),
            (json!({"reason": " "}), "422 reason: it is empty"),
            (json!({"device": "x"}), "404 "),
        ] {
            let answer = told("technician", "/acceptances", with(&accept, changes)).await;
            assert!(answer.starts_with(expected), "{answer}");
        }
        assert!(
            told("local", "/acceptances", accept)
                .await
                .starts_with("404 ")
        );
        let plan =
            json!({"devices": [device], "from": in_hours(1), "until": in_hours(2), "reason": "x"});
        let weekly = json!({"weekly": true, "time_zone": "Europe/Paris"});
        for (changes, expected) in [
            (json!({"devices": []}), "422 site: it is missing"),
            (
                json!({"site": "default"}),
                "422 devices: give a site or devices, not both",
            ),
            (
                json!({"until": in_hours(0)}),
                "422 until: it is not after the beginning",
            ),
            (
                json!({"from": in_hours(-3), "until": in_hours(-2)}),
                "422 until: it has passed",
            ),
            (
                json!({"until": in_hours(40 * 24)}),
                "422 until: a span has 31 days at most",
            ),
            (json!({"weekly": true}), "422 time_zone: it is missing"),
            (
                json!({"time_zone": "Europe/Paris"}),
                "422 time_zone: it goes with weekly",
            ),
            (
                json!({"weekly": true, "time_zone": "Paris"}),
                "422 time_zone: there is no time zone",
            ),
            (json!({"reason": ""}), "422 reason: it is empty"),
            (
                json!({"devices": [], "site": "default"}),
                "403 : this takes the role senior",
            ),
        ] {
            let answer = told("technician", "/maintenance", with(&plan, changes)).await;
            assert!(answer.starts_with(expected), "{answer}");
        }
        let of_site = with(&plan, json!({"devices": [], "site": "default"}));
        assert!(
            told("local", "/maintenance", of_site.clone())
                .await
                .starts_with("404 ")
        );
        for (who, body) in [("technician", with(&plan, weekly)), ("senior", of_site)] {
            let planned = bench.post(who, "/maintenance", body).await;
            assert_eq!(planned.status, StatusCode::CREATED, "{}", planned.body);
        }
        let (whole, all) = bench.pages("/maintenance", "before", "items").await;
        assert_eq!((whole.len(), &all), (2, &whole));
        assert_eq!(whole[0]["devices"], json!([]));
        assert_eq!(
            (&whole[1]["weekly"], &whole[1]["holds"]),
            (&json!(true), &json!(false))
        );
        assert_eq!(
            whole[1]["devices"],
            json!([{"id": device, "hostname": "pc"}])
        );
        assert_eq!(bench.get("local", "/maintenance").await["items"], json!([]));
        let of_site = format!("/maintenance/{}", whole[0]["id"].as_str().unwrap());
        assert_eq!(
            bench.delete("technician", &of_site).await,
            StatusCode::FORBIDDEN
        );
        assert_eq!(bench.delete("local", &of_site).await, StatusCode::NOT_FOUND);
        let log = bench.get("admin", "/audit?limit=1").await;
        assert_eq!(log["items"][0]["deed"], "maintenance.plan");
    })
    .await;
}
