//! What a list costs does not grow with its rows.

use axum::http::StatusCode;
use serde_json::{Value, json};
use sonde_proto::v1;

use super::{Bench, critical};
use crate::store::accounts::Role;
use crate::store::alerts::{NewMute, Raise, Scope};
use crate::store::reports::{Body, NewOutcome, NewReport};
use crate::store::testing::{self, NOW, on_both};
use crate::store::{Id, Store};

impl Bench {
    /// What a viewer is answered, and how many reads that took.
    async fn read(&self, who: &str, path: &str) -> (Value, u64) {
        let reads = || self.state.store.written().n_reads;
        // What is remembered from then on is none of the list's.
        self.get(who, path).await;
        let before = reads();
        let answer = self.get(who, path).await;
        (answer, reads() - before)
    }

    /// Another device that declares what the first does, with a finding, an alert and a mute.
    async fn troubled(&self, name: &str) -> String {
        let store = &self.state.store;
        let (id, key) = testing::device(store, name).await;
        let first = store.declaration_ids().await.unwrap();
        let bodies = store.declarations(&first).await.unwrap();
        store.save_declarations(key, bodies, NOW).await.unwrap();
        finds(store, key).await;
        let raise = Raise {
            device_key: key,
            check: "disk.space".into(),
            subject: "/srv".into(),
            status: v1::Status::Critical,
            at: NOW,
        };
        store.raise_alert(raise, None).await.unwrap();
        let mute = NewMute {
            scope: Scope::Device { device_key: key },
            check: "disk.space".into(),
            subject: None,
            reason: "known".into(),
            created_by: "technician".into(),
            until: None,
            at: NOW,
        };
        store.create_mute(mute).await.unwrap();
        id.to_string()
    }
}

async fn finds(store: &Store, device_key: i64) {
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
}

#[tokio::test]
async fn what_a_list_reads_does_not_grow_with_its_rows() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        bench.device().await;
        bench.account("some", Role::Viewer, &["default"]).await;
        let mut devices = vec![bench.troubled("a").await];
        let paths = [
            ("viewer", "/alerts"),
            ("viewer", "/mutes"),
            ("viewer", "/checks"),
            ("viewer", "/actions"),
            ("viewer", "/tables"),
            ("viewer", "/devices"),
            ("some", "/policies"),
            ("admin", "/accounts"),
        ];
        let policy = async |devices: &[String]| {
            let policy = json!({"devices": devices});
            let path = "/policies/those";
            let set = bench.call("admin", axum::http::Method::PUT, path, policy);
            assert_eq!(set.await.status, StatusCode::OK);
        };
        policy(&devices).await;
        let mut few = Vec::new();
        for (who, path) in paths {
            few.push(bench.read(who, path).await.1);
        }
        for name in ["b", "c", "d", "e"] {
            devices.push(bench.troubled(name).await);
        }
        policy(&devices).await;
        for ((who, path), few) in paths.into_iter().zip(few) {
            let (_, many) = bench.read(who, path).await;
            assert_eq!(many, few, "{path}");
        }
        let (alerts, _) = bench.read("viewer", "/alerts").await;
        let shown = |item: &Value| (item["hostname"].clone(), item["summary"].clone());
        let shown: Vec<_> = alerts["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(shown)
            .collect();
        let said = |name: &str| (json!(name), json!("2.5\u{a0}% free on /srv"));
        assert_eq!(shown, ["e", "d", "c", "b", "a"].map(said));
        let (policies, _) = bench.read("some", "/policies").await;
        assert_eq!(policies["items"][0]["devices"], json!(devices));
    })
    .await;
}

#[tokio::test]
async fn what_a_timeline_reads_does_not_grow_with_its_jobs() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let (device, key) = bench.device().await;
        let with = json!({"title": "slow", "devices": [device]});
        bench.post("technician", "/tickets", with).await;
        let task = bench.answers(key);
        let ask = async || {
            let ask = json!({"device": device, "wait_seconds": 30});
            let asked = bench.post("technician", "/tickets/1/checks", ask).await;
            assert_eq!(asked.body["jobs"][0]["state"], "succeeded");
        };
        ask().await;
        let (_, few) = bench.read("viewer", "/tickets/1/timeline").await;
        for _ in 0..3 {
            ask().await;
        }
        let (timeline, many) = bench.read("viewer", "/tickets/1/timeline").await;
        assert_eq!(many, few);
        let items = timeline["items"].as_array().unwrap();
        let asked = items.iter().filter(|item| item["kind"] == "work_asked");
        assert_eq!(asked.filter(|item| item["asked"].is_object()).count(), 4);
        let ends: Vec<&Value> = items
            .iter()
            .filter(|item| item["kind"] == "work_ended")
            .map(|item| &item["result"]["findings"][0]["summary"])
            .collect();
        assert_eq!(ends, ["2.5\u{a0}% free on /srv"; 4]);
        task.abort();
    })
    .await;
}
