//! Rows that come, change and go, and questions about them.

mod fleet;

use std::sync::Arc;

use sonde_proto::rows::{key_hash, row_hash, toggle};
use sonde_proto::v1::{self, ColumnRole, ValueType, value};

use super::super::reports::{Body, FactChange, NewOutcome, NewReport, RecordedFate};
use super::super::testing::{HOUR_US, NOW, device, on_both};
use super::super::{Id, Store};
use super::*;

/// A device that reports one table of services: name (key), state (slow), memory (live).
struct Bench {
    store: Store,
    device_key: i64,
    declaration: Arc<v1::TableDeclaration>,
    id: Id,
    seq: u64,
    at: i64,
}

fn row(words: &str) -> v1::Row {
    let mut words = words.split(' ');
    let mut text = || {
        let word = words.next().map(str::to_owned);
        v1::Value {
            value: word.map(value::Value::Text),
        }
    };
    let (name, state, memory) = (text(), text(), text());
    let memory = match memory.value {
        Some(value::Value::Text(n)) => Some(value::Value::Integer(n.parse().unwrap())),
        _ => None,
    };
    v1::Row {
        values: vec![name, state, v1::Value { value: memory }],
    }
}

impl Bench {
    async fn new(store: Store) -> Self {
        Self::of(store, "pc").await
    }

    async fn of(store: Store, hostname: &str) -> Self {
        let (_, device_key) = device(&store, hostname).await;
        let column = |name: &str, kind: ValueType, role: ColumnRole| v1::Column {
            name: name.into(),
            r#type: kind.into(),
            role: role.into(),
            unit: String::new(),
        };
        let declaration = v1::TableDeclaration {
            name: "services".into(),
            columns: vec![
                column("name", ValueType::Text, ColumnRole::Key),
                column("state", ValueType::Text, ColumnRole::Slow),
                column("memory", ValueType::Integer, ColumnRole::Live),
            ],
            ..v1::TableDeclaration::default()
        };
        let body = v1::declaration::Body::Table(declaration.clone());
        let (id, bytes) = sonde_proto::declaration::encode(body);
        store
            .save_declarations(device_key, vec![(Id(id), bytes)], NOW)
            .await
            .unwrap();
        Self {
            store,
            device_key,
            declaration: Arc::new(declaration),
            id: Id(id),
            seq: 0,
            at: NOW,
        }
    }

    /// Reports rows, and that after them the table holds `holds`; nothing in it: more is to come.
    async fn report(
        &mut self,
        whole: bool,
        rows: &[&str],
        removed: &[&str],
        holds: &[&str],
    ) -> String {
        let key = |words: &&str| key_hash(&self.declaration, &row(words).values)[..8].to_vec();
        let mut table_hash = [0; 16];
        for held in holds {
            toggle(
                &mut table_hash,
                &row_hash(&self.declaration, &row(held).values),
            );
        }
        let keys: Vec<u8> = holds.iter().flat_map(key).collect();
        let change = v1::TableChange {
            table: "services".into(),
            declaration_id: self.id.0.to_vec().into(),
            rows: rows.iter().map(|words| row(words)).collect(),
            removed: removed.iter().flat_map(key).collect::<Vec<u8>>().into(),
            keys: whole.then(|| keys.into()),
            table_hash: match holds {
                [] => vec![].into(),
                _ => table_hash.to_vec().into(),
            },
            unavailable: String::new(),
        };
        self.send(change).await
    }

    async fn send(&mut self, change: v1::TableChange) -> String {
        self.seq += 1;
        self.at += HOUR_US;
        let report = NewReport {
            device_key: self.device_key,
            spool_id: Id([1; 16]),
            seq: self.seq,
            reported_at: self.at,
            corrected_at: self.at,
            boot_id: "b".into(),
            outcome: NewOutcome::Committed(Body::Facts(vec![FactChange {
                declaration_id: self.id,
                declaration: Arc::clone(&self.declaration),
                change,
            }])),
        };
        let recorded = self.store.record_reports(vec![report]).await.unwrap();
        match &recorded[0].fate {
            RecordedFate::Committed if recorded[0].want_tables.is_empty() => "same".into(),
            RecordedFate::Committed => format!("want {}", recorded[0].want_tables.join(" ")),
            RecordedFate::Rejected { reason } => reason.clone(),
            RecordedFate::Known | RecordedFate::Thinned => "known".into(),
        }
    }

    async fn holds(&self) -> String {
        let table = self
            .store
            .facts(self.device_key, "services")
            .await
            .unwrap()
            .unwrap();
        let shown = table.rows.iter().map(|row| words(row));
        shown.collect::<Vec<_>>().join(", ")
    }

    async fn changes(&self) -> String {
        let changes = self
            .store
            .changes(self.device_key, NOW, self.at, None, 100)
            .await
            .unwrap();
        let shown = changes.iter().map(|change| {
            let cells = |cells: &[Cell]| {
                let values: Vec<v1::Value> = cells.iter().map(|(_, value)| value.clone()).collect();
                words(&values)
            };
            format!("[{}] -> [{}]", cells(&change.before), cells(&change.after))
        });
        shown.collect::<Vec<_>>().join(", ")
    }
}

fn words(values: &[v1::Value]) -> String {
    let words = values
        .iter()
        .filter_map(|value| match value.value.as_ref()? {
            value::Value::Text(text) => Some(text.clone()),
            value::Value::Integer(n) => Some(n.to_string()),
            value::Value::Real(_) | value::Value::Truth(_) | value::Value::TimeUs(_) => {
                panic!("{value:?}")
            }
        });
    words.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_table_has_no_more_rows_than_the_cap() {
    on_both(|store| async move {
        let mut bench = Bench::new(store).await;
        let names = |range: std::ops::Range<usize>| -> Vec<String> {
            range.map(|n| format!("s{n} on 1")).collect()
        };
        let change = |rows: &[String]| v1::TableChange {
            table: "services".into(),
            rows: rows.iter().map(|words| row(words)).collect(),
            ..v1::TableChange::default()
        };
        let full = names(0..apply::MOST_ROWS);
        assert_eq!(bench.send(change(&full)).await, "same");
        // The same again, and one more.
        assert_eq!(bench.send(change(&full[..9])).await, "same");
        let refused = bench.send(change(&names(apply::MOST_ROWS..apply::MOST_ROWS + 1)));
        let why = "services: 20001 rows of one device, where 20000 are the most";
        assert_eq!(refused.await, why);
    })
    .await;
}

#[tokio::test]
async fn rows_come_change_and_go_and_live_values_make_no_history() {
    on_both(|store| async move {
        let mut bench = Bench::new(store).await;
        let first = ["cron up 1", "sshd up 2"];
        assert_eq!(bench.report(true, &first, &[], &first).await, "same");
        assert_eq!(
            bench.changes().await,
            "",
            "a table's first coming is no change"
        );
        assert_eq!(
            bench.report(false, &["cron up 9"], &[], &first).await,
            "same"
        );
        assert_eq!(bench.holds().await, "cron up 9, sshd up 2");
        assert_eq!(bench.changes().await, "");
        let second = ["cron down", "cups up"];
        assert_eq!(
            bench
                .report(false, &["cron down", "cups up 5"], &["sshd"], &second)
                .await,
            "same"
        );
        assert_eq!(bench.holds().await, "cron down, cups up 5");
        let mut changes: Vec<String> = bench
            .changes()
            .await
            .split(", ")
            .map(str::to_owned)
            .collect();
        changes.sort();
        assert_eq!(
            changes,
            [
                "[] -> [cups up]",
                "[cron up] -> [cron down]",
                "[sshd up] -> []"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_copy_that_is_not_the_devices_is_asked_for_whole() {
    on_both(|store| async move {
        let mut bench = Bench::new(store).await;
        let all = ["cron up", "sshd up"];
        bench.report(true, &all, &[], &all).await;
        assert_eq!(
            bench.report(false, &["cups up"], &[], &["cups up"]).await,
            "want services"
        );
        assert_eq!(
            bench.report(true, &["cups up"], &[], &["cups up"]).await,
            "same"
        );
        assert_eq!(bench.holds().await, "cups up");
    })
    .await;
}

#[tokio::test]
async fn a_table_in_parts_is_held_against_its_hash_when_the_last_has_come() {
    on_both(|store| async move {
        let mut bench = Bench::new(store).await;
        let all = ["a up", "b up", "c up"];
        assert_eq!(bench.report(false, &all[..2], &[], &[]).await, "same");
        assert_eq!(bench.report(true, &all[2..], &[], &all).await, "same");
        assert_eq!(bench.changes().await, "", "its first coming is no change");
        let next = ["a up", "c up"];
        assert_eq!(bench.report(false, &["a up"], &[], &[]).await, "same");
        assert_eq!(bench.holds().await, "a up, b up, c up");
        assert_eq!(bench.report(true, &["c up"], &[], &next).await, "same");
        assert_eq!(bench.holds().await, "a up, c up");
        assert_eq!(bench.changes().await, "[b up] -> []");
    })
    .await;
}

#[tokio::test]
async fn rows_that_do_not_match_their_declaration_are_refused_and_nothing_is_written() {
    on_both(|store| async move {
        let mut bench = Bench::new(store).await;
        let mut short = row("a up");
        short.values.pop();
        let change = |row| v1::TableChange {
            table: "services".into(),
            rows: vec![row],
            ..v1::TableChange::default()
        };
        assert_eq!(
            bench.send(change(short)).await,
            "services: a row has 2 values where 3 are declared"
        );
        let mut wrong = row("a up");
        wrong.values[1].value = Some(value::Value::Integer(1));
        assert_eq!(
            bench.send(change(wrong)).await,
            "services.state: Integer where Text is declared"
        );
        assert_eq!(
            bench
                .store
                .facts(bench.device_key, "services")
                .await
                .unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn a_table_that_could_not_be_read_keeps_what_is_known() {
    on_both(|store| async move {
        let mut bench = Bench::new(store).await;
        bench.report(true, &["a up"], &[], &["a up"]).await;
        let change = v1::TableChange {
            table: "services".into(),
            unavailable: "no service manager".into(),
            ..v1::TableChange::default()
        };
        assert_eq!(bench.send(change).await, "same");
        assert_eq!(bench.holds().await, "a up");
        let states = bench.store.fact_states(bench.device_key).await.unwrap();
        assert_eq!(states[0].unavailable, "no service manager");
    })
    .await;
}

#[tokio::test]
async fn a_page_of_changes_begins_with_the_newest_and_tears_none_apart() {
    on_both(|store| async move {
        let mut bench = Bench::new(store).await;
        let names =
            |state: &str| -> Vec<String> { (0..7).map(|n| format!("s{n} {state} 1")).collect() };
        for state in ["on", "off", "dead"] {
            let rows = names(state);
            let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
            bench.report(state == "on", &rows, &[], &rows).await;
        }
        let mut before = None;
        let mut all = Vec::new();
        loop {
            let page = bench
                .store
                .changes(bench.device_key, NOW, bench.at, before, 3)
                .await
                .unwrap();
            let Some(last) = page.last() else {
                break;
            };
            before = Some(last.key.to_string().parse().unwrap());
            all.extend(page);
        }
        assert_eq!(all.len(), 14);
        assert!(all.iter().all(|change| change.kind == ChangeKind::Changed));
        assert!(all.is_sorted_by(|newer, older| newer.key > older.key));
    })
    .await;
}

#[tokio::test]
async fn devices_share_the_content_of_rows() {
    on_both(|store| async move {
        let mut bench = Bench::new(store.clone()).await;
        bench.report(true, &["a up"], &[], &["a up"]).await;
        let mut other = Bench::new(store.clone()).await;
        other.report(true, &["a up"], &[], &["a up"]).await;
        let counted =
            super::super::testing::ask_writer(&store, "SELECT COUNT(*) FROM fact_rows").await;
        assert_eq!(counted.unwrap(), "1");
        assert_eq!(other.holds().await, "a up");
    })
    .await;
}
