//! Programs that ended because of an error of their own, as far as the machine has it on record.

use std::time::Duration;

use crate::host::{Crash, Host, Unavailable};

use super::{Cells, Column, Kind, Request, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "crashes",
    every: Duration::from_secs(3600),
    in_worker: true,
    as_root: true,
    deadline: Duration::from_millis(1500),
    columns: &[
        Column::key("at", Kind::Time),
        Column::key("program", Kind::Text),
        Column::slow("pid", Kind::Integer, ""),
        Column::slow("source", Kind::Text, ""),
        Column::slow("detail", Kind::Text, ""),
    ],
    read: |host, _| {
        let row = |of: Crash| -> Row {
            vec![
                Value::TimeUs(of.at_us),
                of.program.into(),
                of.pid.into(),
                of.source.into(),
                of.detail.into(),
            ]
        };
        Ok(host.crashes()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};

/// Who records crashes.
const SOURCES: &[&str] = &["apport", "kernel", "systemd-coredump"];

/// What is on record, oldest first, as a worker finds it.
pub(crate) async fn ask(host: &Host) -> Result<Vec<Crash>, Unavailable> {
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    let one = |row: &Row| {
        let mut cells = Cells::of(row);
        let (at_us, program) = (cells.integer()?, cells.text()?);
        let pid = cells.integer().and_then(|n| n.try_into().ok());
        let source = cells.text().unwrap_or_default();
        Some(Crash {
            at_us,
            program,
            pid,
            source: SOURCES.iter().find(|known| **known == source)?,
            detail: cells.text().unwrap_or_default(),
        })
    };
    Ok(reading.rows.iter().filter_map(one).collect())
}

#[tokio::test]
async fn a_crash_survives_its_row() {
    let name = "/var/lib/systemd/coredump/core.gedit.1000.0b0b.123.1005100000.zst";
    let tree = crate::host::recorded::Tree::new(&[(name, "")]);
    let found = ask(&tree.host()).await.unwrap();
    assert_eq!(found, tree.host().crashes().unwrap());
    assert_eq!(found[0].pid, Some(123));
}
