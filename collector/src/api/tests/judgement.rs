//! What may have made a finding, and what those have in common that have it.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use sonde_proto::rows::{row_hash, toggle};
use sonde_proto::v1::{self, ColumnRole, ValueType, value};

use super::Bench;
use crate::store::Id;
use crate::store::reports::{Body, FactChange, NewOutcome, NewReport, RecordedFate};
use crate::store::testing::{self, HOUR_US, NOW, on_both};

/// A device that reports its name servers and its findings.
struct Pc {
    id: String,
    key: i64,
    seq: u64,
}

fn servers() -> v1::TableDeclaration {
    let column = |name: &str, kind: ValueType, role: ColumnRole| v1::Column {
        name: name.into(),
        r#type: kind.into(),
        role: role.into(),
        ..v1::Column::default()
    };
    v1::TableDeclaration {
        name: "dns_servers".into(),
        every_us: 60_000_000,
        columns: vec![column("address", ValueType::Text, ColumnRole::Key)],
        ..v1::TableDeclaration::default()
    }
}

impl Pc {
    async fn new(bench: &Bench, hostname: &str) -> Self {
        let (id, key) = testing::device(&bench.state.store, hostname).await;
        let (declaration, bytes) =
            sonde_proto::declaration::encode(v1::declaration::Body::Table(servers()));
        let saved = vec![(Id(declaration), bytes)];
        bench
            .state
            .store
            .save_declarations(key, saved, NOW)
            .await
            .unwrap();
        Self {
            id: id.to_string(),
            key,
            seq: 0,
        }
    }

    fn next(&mut self, at: i64, body: Body) -> NewReport {
        self.seq += 1;
        NewReport {
            device_key: self.key,
            spool_id: Id([1; 16]),
            seq: self.seq,
            reported_at: at,
            corrected_at: at,
            boot_id: "b".into(),
            outcome: NewOutcome::Committed(body),
        }
    }

    async fn report(&mut self, bench: &Bench, at: i64, body: Body) {
        let report = self.next(at, body);
        let recorded = bench
            .state
            .store
            .record_reports(vec![report])
            .await
            .unwrap();
        assert!(
            matches!(recorded[0].fate, RecordedFate::Committed),
            "{recorded:?}"
        );
        assert!(recorded[0].want_tables.is_empty(), "{recorded:?}");
    }

    /// Its name servers are these from now on.
    async fn asks(&mut self, bench: &Bench, at: i64, addresses: &[&str]) {
        self.report(bench, at, Self::servers(addresses)).await;
    }

    fn servers(addresses: &[&str]) -> Body {
        let table = servers();
        let (id, _) = sonde_proto::declaration::encode(v1::declaration::Body::Table(table.clone()));
        let rows: Vec<v1::Row> = addresses
            .iter()
            .map(|address| v1::Row {
                values: vec![v1::Value {
                    value: Some(value::Value::Text((*address).into())),
                }],
            })
            .collect();
        let mut table_hash = [0; 16];
        let mut keys = Vec::new();
        for row in &rows {
            toggle(&mut table_hash, &row_hash(&table, &row.values));
            keys.extend(&sonde_proto::rows::key_hash(&table, &row.values)[..8]);
        }
        let change = FactChange {
            declaration_id: Id(id),
            declaration: Arc::new(table),
            change: v1::TableChange {
                table: "dns_servers".into(),
                declaration_id: id.to_vec().into(),
                rows,
                keys: Some(keys.into()),
                table_hash: table_hash.to_vec().into(),
                ..v1::TableChange::default()
            },
        };
        Body::Facts(vec![change])
    }

    async fn finds(&mut self, bench: &Bench, at: i64, subject: &str, status: v1::Status) {
        self.report(bench, at, Self::found(at, subject, status))
            .await;
    }

    fn found(at: i64, subject: &str, status: v1::Status) -> Body {
        let finding = v1::Finding {
            check: "net.dns".into(),
            subject: subject.into(),
            status: status.into(),
            message: Some(v1::Message {
                id: "silent".into(),
                arguments: Vec::new(),
            }),
            since_us: at,
            ..v1::Finding::default()
        };
        Body::Findings(v1::FindingChanges {
            findings: vec![finding],
            ..v1::FindingChanges::default()
        })
    }
}

#[tokio::test]
async fn what_changed_since_it_was_well_comes_with_the_likeliest_first() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let mut pc = Pc::new(&bench, "pc").await;
        pc.asks(&bench, NOW, &["10.0.0.1"]).await;
        pc.finds(&bench, NOW, "", v1::Status::Ok).await;
        // Long before, and shortly before it went wrong.
        pc.asks(&bench, NOW + HOUR_US, &["10.0.0.1", "10.0.0.2"])
            .await;
        pc.asks(&bench, NOW + 50 * HOUR_US, &["10.0.0.1", "10.0.0.9"])
            .await;
        pc.finds(&bench, NOW + 51 * HOUR_US, "", v1::Status::Critical)
            .await;
        let path = format!("/devices/{}/changes?for=net.dns", pc.id);
        let found = bench.get("viewer", &path).await;
        assert_eq!(found["since"], "2026-01-03T03:00:00Z");
        assert_eq!(found["from"], "2026-01-02T03:00:00Z");
        let items = found["items"].as_array().unwrap();
        let said: Vec<_> = items
            .iter()
            .map(|one| {
                (
                    &one["kind"],
                    &one["before"]["address"],
                    &one["after"]["address"],
                )
            })
            .collect();
        let gone = (&json!("removed"), &json!("10.0.0.2"), &Value::Null);
        let came = (&json!("added"), &Value::Null, &json!("10.0.0.9"));
        assert!(said.contains(&gone) && said.contains(&came), "{said:?}");
        assert_eq!(said.len(), 2);
        assert!(items[0]["likelihood"].as_f64().unwrap() > 0.5, "{items:?}");
        let wrong = format!("/devices/{}/changes?for=disk.space", pc.id);
        let answer = bench.call("viewer", Method::GET, &wrong, Value::Null).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.body["remedy"], "there are: net.dns/");
    })
    .await;
}

#[tokio::test]
async fn what_came_after_it_went_wrong_is_no_likely_cause() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let mut pc = Pc::new(&bench, "pc").await;
        let minute_us = HOUR_US / 60;
        let wrong = NOW + HOUR_US;
        pc.asks(&bench, NOW, &["10.0.0.1"]).await;
        pc.finds(&bench, NOW, "", v1::Status::Ok).await;
        pc.finds(&bench, wrong, "", v1::Status::Critical).await;
        // Its table is read every minute: the first may have come before, the second has not.
        let both = ["10.0.0.1", "10.0.0.2"];
        pc.asks(&bench, wrong + minute_us / 6, &both).await;
        let all = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
        pc.asks(&bench, wrong + 40 * minute_us, &all).await;
        let path = format!(
            "/devices/{}/changes?for=net.dns&to=2026-01-01T06:00:00Z",
            pc.id
        );
        let found = bench.get("viewer", &path).await;
        let items = found["items"].as_array().unwrap().iter();
        let likely: Vec<_> = items
            .map(|one| (&one["after"]["address"], &one["likelihood"]))
            .collect();
        let (first, second) = (json!("10.0.0.2"), json!("10.0.0.3"));
        assert_eq!(
            likely,
            [(&first, &json!(0.51)), (&second, &json!(0.06))],
            "{found}"
        );
    })
    .await;
}

#[tokio::test]
async fn those_that_have_it_are_told_from_those_that_do_not() {
    on_both(|store| async move {
        let bench = Bench::new(store).await;
        let mut first = String::new();
        for n in 0..12 {
            let mut pc = Pc::new(&bench, &format!("pc{n}")).await;
            let is_affected = n % 3 == 0;
            let server = if is_affected { "10.0.0.9" } else { "10.0.0.1" };
            pc.asks(&bench, NOW, &[server]).await;
            let status = match is_affected {
                true => v1::Status::Critical,
                false => v1::Status::Ok,
            };
            pc.finds(&bench, NOW, "10.0.0.9", status).await;
            if n == 0 {
                first = pc.id;
            }
        }
        // One that cannot tell counts on neither side.
        let mut blind = Pc::new(&bench, "blind").await;
        blind.finds(&bench, NOW, "", v1::Status::Unknown).await;
        let path = format!("/devices/{first}/cohort?for=net.dns/10.0.0.9");
        let found = bench.get("viewer", &path).await;
        assert_eq!(found["n_affected"], 4, "{found}");
        assert_eq!(found["n_healthy"], 8);
        let names: Vec<_> = found["affected"].as_array().unwrap().iter().collect();
        let names: Vec<_> = names.iter().map(|one| &one["hostname"]).collect();
        assert_eq!(names, ["pc0", "pc3", "pc6", "pc9"]);
        let most = &found["common"][0];
        assert_eq!(
            (&most["attribute"], &most["value"]),
            (&json!("DNS server"), &json!("10.0.0.9"))
        );
        assert_eq!(most["affected"], json!({"n": 4, "of": 4}));
        assert_eq!(most["healthy"], json!({"n": 0, "of": 8}));
        assert!(
            (most["p"].as_f64().unwrap() - 1.0 / 495.0).abs() < 1e-9,
            "{most}"
        );
        assert_eq!(most["telling"], true);
        // They all have the same site and version: nothing tells by them.
        assert_eq!(found["common"].as_array().unwrap().len(), 1, "{found}");
    })
    .await;
}
