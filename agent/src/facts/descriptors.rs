//! Processes that use many of the descriptors they may have, for the check that judges them.

use std::time::Duration;

use crate::host::{Descriptors, Host, Unavailable};

use super::{Cells, Column, Kind, Request, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "descriptors",
    in_worker: true,
    as_root: true,
    deadline: Duration::from_millis(1500),
    columns: &[
        Column::key("pid", Kind::Integer),
        Column::slow("process", Kind::Text, ""),
        Column::slow("started_at", Kind::Time, ""),
        Column::live("used", Kind::Integer, ""),
        Column::slow("most", Kind::Integer, ""),
    ],
    read: |host, _| {
        let many = host.descriptors()?.into_iter().filter(uses_many);
        Ok(many.map(row).collect())
    },
    ..Table::PLAIN
};

/// Half of them: whatever the limits of the check are, less is nobody's concern.
fn uses_many(one: &Descriptors) -> bool {
    one.most.is_some_and(|most| one.used * 2 > most)
}

fn row(one: Descriptors) -> Row {
    vec![
        one.pid.into(),
        one.process.into(),
        Value::TimeUs(one.started_us),
        one.used.into(),
        one.most.map_or(Value::Absent, Value::from),
    ]
}

/// Them, as a worker finds them.
pub(crate) async fn ask(host: &Host) -> Result<Vec<Descriptors>, Unavailable> {
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    let one = |row: &Row| {
        let mut cells = Cells::of(row);
        Descriptors {
            pid: cells.amount() as u32,
            process: cells.text().unwrap_or_default(),
            started_us: cells.integer().unwrap_or_default(),
            used: cells.amount(),
            most: cells.integer().map(|most| most as u64),
        }
    };
    Ok(reading.rows.iter().map(one).collect())
}

#[test]
fn few_are_nobodys_concern() {
    let one = |used, most| Descriptors {
        used,
        most,
        ..Descriptors::default()
    };
    assert!(uses_many(&one(600, Some(1024))));
    assert!(!uses_many(&one(512, Some(1024))));
    assert!(!uses_many(&one(600, None)));
    assert_eq!(row(one(1, None)).len(), TABLE.columns.len());
}
