//! How many errors the journal has of each program, for the check that judges them.

use std::time::Duration;

use crate::host::{ErrorCount, ErrorLog, Host, Unavailable};

use super::{Cells, Column, Kind, Request, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "error_counts",
    in_worker: true,
    as_root: true,
    deadline: Duration::from_millis(1600),
    columns: &[
        Column::key("windows_ago", Kind::Integer),
        Column::key("program", Kind::Text),
        Column::slow("errors", Kind::Integer, ""),
        Column::slow("reaches_us", Kind::Integer, "µs"),
        Column::slow("window_us", Kind::Integer, "µs"),
    ],
    read: |host, _| Ok(rows(host.error_log()?)),
    ..Table::PLAIN
};

/// The first row is of the log as a whole.
fn rows(log: ErrorLog) -> Vec<Row> {
    let whole: Row = vec![
        Value::Integer(-1),
        "".into(),
        Value::Absent,
        Value::Integer(log.reaches_us),
        Value::Integer(log.window_us),
    ];
    let one = |of: ErrorCount| -> Row {
        let (ago, errors) = (of.windows_ago.into(), of.errors.into());
        vec![ago, of.program.into(), errors, Value::Absent, Value::Absent]
    };
    let counts = log.counts.into_iter().map(one);
    [whole].into_iter().chain(counts).collect()
}

/// What was counted, as a worker counts it.
pub(crate) async fn ask(host: &Host) -> Result<ErrorLog, Unavailable> {
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    Ok(from_rows(&reading.rows))
}

fn from_rows(rows: &[Row]) -> ErrorLog {
    let mut log = ErrorLog::default();
    for row in rows {
        let mut cells = Cells::of(row);
        let ago = cells.integer().unwrap_or_default();
        let program = cells.text().unwrap_or_default();
        let errors = cells.amount();
        match u64::try_from(ago) {
            Ok(windows_ago) => log.counts.push(ErrorCount {
                windows_ago,
                program,
                errors,
            }),
            Err(_) => {
                log.reaches_us = cells.integer().unwrap_or_default();
                log.window_us = cells.integer().unwrap_or_default();
            }
        }
    }
    log
}

#[test]
fn counts_survive_their_rows() {
    let log = ErrorLog {
        counts: vec![ErrorCount {
            windows_ago: 3,
            program: "sshd".into(),
            errors: 5,
        }],
        reaches_us: 7,
        window_us: 9,
    };
    assert_eq!(from_rows(&rows(log.clone())), log);
}
