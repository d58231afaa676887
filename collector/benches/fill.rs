//! Fills an empty store with devices that differ in their facts, some of which have the same finding:
//! `fill STORE DEVICES`. What is then asked of it is measured by `cargo xtask bench questions`.
#![allow(clippy::print_stdout, reason = "a program that says when it is done")]

mod plain;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use sonde_collector::store::reports::{Body, FactChange, NewOutcome, NewReport, RecordedFate};
use sonde_collector::store::{Id, Store};
use sonde_proto::rows::{key_hash, row_hash, toggle};
use sonde_proto::v1::{self, ColumnRole, ValueType, value};

/// Reports that are kept at a time.
const AT_ONCE: usize = 500;
/// Rows of a device beside the one that tells: as many as it has in all tables that are compared.
const ROWS: usize = 10;
/// One of so many devices has the finding.
const STRUCK: usize = 20;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    // Cargo adds a word of its own.
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let store = words.next().context("no store is named")?;
    let n_devices: usize = words.next().context("no number of devices")?.parse()?;
    let store = Store::open(&store).await?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros() as i64;
    let table = Arc::new(servers());
    let (declaration, bytes) =
        sonde_proto::declaration::encode(v1::declaration::Body::Table((*table).clone()));
    let token = plain::token(&store, u32::try_from(n_devices)?, now).await?;
    let mut reports = Vec::new();
    for n in 0..n_devices {
        let enrolled = store.enrol_device(plain::enrolment(n, token, now)).await?;
        let key = enrolled.device_key;
        let saved = vec![(Id(declaration), bytes.clone())];
        store.save_declarations(key, saved, now).await?;
        let facts = FactChange {
            declaration_id: Id(declaration),
            declaration: Arc::clone(&table),
            change: rows(&table, declaration, n),
        };
        reports.push(report(key, 1, now, Body::Facts(vec![facts])));
        reports.push(report(key, 2, now, finding(n, now)));
        if reports.len() >= AT_ONCE || n + 1 == n_devices {
            for kept in store.record_reports(std::mem::take(&mut reports)).await? {
                ensure!(matches!(kept.fate, RecordedFate::Committed), "{kept:?}");
            }
        }
    }
    store.close().await;
    println!("{n_devices} devices");
    Ok(())
}

fn report(device_key: i64, seq: u64, at: i64, body: Body) -> NewReport {
    NewReport {
        device_key,
        spool_id: Id([1; 16]),
        seq,
        reported_at: at,
        corrected_at: at,
        boot_id: "b".into(),
        outcome: NewOutcome::Committed(body),
    }
}

fn servers() -> v1::TableDeclaration {
    v1::TableDeclaration {
        name: "dns_servers".into(),
        every_us: 60_000_000,
        columns: vec![v1::Column {
            name: "address".into(),
            r#type: ValueType::Text.into(),
            role: ColumnRole::Key.into(),
            ..v1::Column::default()
        }],
        ..v1::TableDeclaration::default()
    }
}

fn rows(table: &v1::TableDeclaration, declaration: [u8; 16], n: usize) -> v1::TableChange {
    let own = (0..ROWS).map(|row| format!("10.{}.{}.{row}", n / 250, n % 250));
    let told = if n.is_multiple_of(STRUCK) {
        "10.255.0.9"
    } else {
        "10.255.0.1"
    };
    let rows: Vec<v1::Row> = own
        .chain([told.to_owned()])
        .map(|address| v1::Row {
            values: vec![v1::Value {
                value: Some(value::Value::Text(address)),
            }],
        })
        .collect();
    let mut table_hash = [0; 16];
    let mut keys = Vec::new();
    for row in &rows {
        toggle(&mut table_hash, &row_hash(table, &row.values));
        keys.extend(&key_hash(table, &row.values)[..sonde_proto::rows::KEY_BYTES]);
    }
    v1::TableChange {
        table: table.name.clone(),
        declaration_id: declaration.to_vec().into(),
        rows,
        keys: Some(keys.into()),
        table_hash: table_hash.to_vec().into(),
        ..v1::TableChange::default()
    }
}

fn finding(n: usize, at: i64) -> Body {
    let status = match n.is_multiple_of(STRUCK) {
        true => v1::Status::Critical,
        false => v1::Status::Ok,
    };
    Body::Findings(v1::FindingChanges {
        findings: vec![v1::Finding {
            check: "net.dns".into(),
            subject: "10.255.0.9".into(),
            status: status.into(),
            message: Some(v1::Message::default()),
            since_us: at,
            ..v1::Finding::default()
        }],
        ..v1::FindingChanges::default()
    })
}
