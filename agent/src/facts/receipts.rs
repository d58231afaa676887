//! The device's own receipts of what was asked of it, on demand: whoever holds them against the collector's record sees what
//! one of them has forgotten or made up.

use std::fmt::Write as _;
use std::time::Duration;

use ring::digest::{SHA256, digest};

use crate::history::{Asked, receipt};
use crate::host::{Term, Unavailable};
use crate::journal::Journal;

use super::{Column, Kind, Row, Table, Value};

const WHAT: Term = Term::OrderJournal;

pub(super) const TABLE: Table = Table {
    name: "receipts",
    every: Duration::ZERO,
    columns: &[
        Column::key("order", Kind::Text),
        // SHA-256 of the order as it came, hexadecimal.
        Column::slow("digest", Kind::Text, ""),
        // On the collector's clock, as the order says.
        Column::slow("issued_at", Kind::Time, ""),
        Column::slow("accepted_at", Kind::Time, ""),
        Column::slow("ended_at", Kind::Time, ""),
        Column::slow("requested_by", Kind::Text, ""),
        Column::slow("ticket", Kind::Integer, ""),
        Column::slow("policy", Kind::Text, ""),
        Column::slow("asked", Kind::Text, ""),
        Column::slow("outcome", Kind::Text, ""),
    ],
    in_worker: true,
    as_root: true,
    read: |host, _| {
        let path = host.journal().ok_or_else(|| Unavailable::absent(WHAT))?;
        let entries =
            Journal::look(&path).map_err(|error| Unavailable::broken(WHAT, error.to_string()))?;
        Ok(entries
            .into_iter()
            .map(|(id, entry)| {
                let issued_us = entry.work().issued_us;
                let told = receipt(&id, &entry);
                let hash = digest(&SHA256, &entry.order);
                row(issued_us, hex(hash.as_ref()), told)
            })
            .collect())
    },
    ..Table::PLAIN
};

fn row(issued_us: i64, digest: String, told: crate::history::Receipt) -> Row {
    let text = |text: Option<String>| text.map_or(Value::Absent, Value::from);
    let time = |us: Option<i64>| us.map_or(Value::Absent, Value::TimeUs);
    vec![
        told.order_id.into(),
        digest.into(),
        Value::TimeUs(issued_us),
        Value::TimeUs(told.accepted_us),
        time(told.ended_us),
        told.requested_by.into(),
        told.ticket.map_or(Value::Absent, Value::from),
        text(told.policy),
        asked(told.asked).into(),
        text(told.outcome),
    ]
}

/// "disk.space, net.dns", "net.asset 192.0.2.7", "service.restart apply".
fn asked(asked: Asked) -> String {
    match asked {
        Asked::Checks { checks, .. } if checks.is_empty() => "all checks".to_owned(),
        Asked::Checks { checks, asset } => {
            let checks = checks.join(", ");
            match asset {
                Some(asset) => format!("{checks} {asset}"),
                None => checks,
            }
        }
        Asked::Table { table, .. } => table,
        Asked::Action { action, phase, .. } => format!("{action} {phase}"),
        Asked::Live => "live metrics".to_owned(),
        Asked::Unknown => "unknown".to_owned(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a text cannot fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}

#[cfg(test)]
mod tests {
    use prost::Message as _;
    use sonde_proto::v1::{self, Outcome, WorkOrder, work_order::Work};

    use super::*;
    use crate::facts::{self, Request};
    use crate::host::recorded::Tree;
    use crate::journal::{Entry, State};

    #[test]
    fn an_order_is_told_as_it_came_while_its_owner_writes_on() {
        let tree = Tree::new(&[]);
        let host = tree.host();
        let read =
            || facts::read_here(facts::find("receipts").unwrap(), &host, &Request::default());
        assert_eq!(read(), Err(Unavailable::absent(WHAT)));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::create(&path, 400).unwrap();
        host.set_journal(path);
        let checks = vec!["disk.space".to_owned(), "net.dns".to_owned()];
        let order = WorkOrder {
            order_id: vec![0xab; 16].into(),
            nonce: vec![1; 16].into(),
            issued_us: 5,
            requested_by: "ada".into(),
            ticket: 7,
            work: Some(Work::Checks(v1::RunChecks {
                checks,
                ..v1::RunChecks::default()
            })),
            ..Default::default()
        };
        let order = order.encode_to_vec();
        let hash = hex(digest(&SHA256, &order).as_ref());
        let mut entry = Entry {
            order,
            state: State::Started as i32,
            accepted_us: 6,
            ..Entry::default()
        };
        journal.record([0xab; 16], &entry, 0).unwrap();
        let expected = |ended, outcome: Value| -> Row {
            vec![
                "abababababababababababababababab".into(),
                hash.as_str().into(),
                Value::TimeUs(5),
                Value::TimeUs(6),
                ended,
                "ada".into(),
                7_u64.into(),
                Value::Absent,
                "disk.space, net.dns".into(),
                outcome,
            ]
        };
        assert_eq!(
            read().unwrap().rows,
            [expected(Value::Absent, Value::Absent)]
        );
        entry.set_state(State::Ended);
        entry.set_outcome(Outcome::Succeeded);
        entry.ended_us = 9;
        journal.record([0xab; 16], &entry, 0).unwrap();
        let ended = expected(Value::TimeUs(9), "succeeded".into());
        assert_eq!(read().unwrap().rows, [ended]);
    }
}
