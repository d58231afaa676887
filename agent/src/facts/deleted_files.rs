//! Files without a name that a process still holds open, for the check that judges them.

use std::time::Duration;

use crate::host::{DeletedFiles, Host, Unavailable};

use super::{Cells, Column, Kind, Request, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "deleted_files",
    in_worker: true,
    as_root: true,
    deadline: Duration::from_millis(1500),
    columns: &[
        Column::key("major", Kind::Integer),
        Column::key("minor", Kind::Integer),
        Column::key("pid", Kind::Integer),
        Column::slow("process", Kind::Text, ""),
        Column::slow("started_at", Kind::Time, ""),
        Column::live("bytes", Kind::Integer, "bytes"),
        Column::live("largest", Kind::Text, ""),
        Column::live("largest_bytes", Kind::Integer, "bytes"),
    ],
    read: |host, _| Ok(host.deleted_files()?.into_iter().map(row).collect()),
    ..Table::PLAIN
};

fn row(held: DeletedFiles) -> Row {
    vec![
        held.device.0.into(),
        held.device.1.into(),
        held.pid.into(),
        held.process.into(),
        Value::TimeUs(held.started_us),
        held.bytes.into(),
        held.largest.into(),
        held.largest_bytes.into(),
    ]
}

/// Them, as a worker finds them.
pub(crate) async fn ask(host: &Host) -> Result<Vec<DeletedFiles>, Unavailable> {
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    let one = |row: &Row| {
        let mut cells = Cells::of(row);
        DeletedFiles {
            device: (cells.amount() as u32, cells.amount() as u32),
            pid: cells.amount() as u32,
            process: cells.text().unwrap_or_default(),
            started_us: cells.integer().unwrap_or_default(),
            bytes: cells.amount(),
            largest: cells.text().unwrap_or_default(),
            largest_bytes: cells.amount(),
        }
    };
    Ok(reading.rows.iter().map(one).collect())
}

#[test]
fn they_survive_their_rows() {
    let held = DeletedFiles {
        device: (8, 1),
        pid: 7,
        process: "rsyslogd".into(),
        started_us: 5,
        bytes: 1 << 30,
        largest: "/var/log/big".into(),
        largest_bytes: 1 << 29,
    };
    let row = row(held);
    assert_eq!(row.len(), TABLE.columns.len());
    assert_eq!(row[5], Value::Integer(1 << 30));
}
