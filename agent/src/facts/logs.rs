//! Records of the system's log, on demand.

use std::time::Duration;

use crate::host::{Host, LogQuery, LogRecord, Unavailable};
use crate::text::mask_secrets;
use crate::value::Rule;

use super::{Column, Kind, Parameter, Request, Row, Table, Value};

/// Records when nobody says how many.
const USUAL: i64 = 200;
const MOST: usize = 1000;

pub(super) const TABLE: Table = Table {
    name: "logs",
    every: Duration::ZERO,
    columns: &[
        Column::key("number", Kind::Integer),
        Column::slow("at", Kind::Time, ""),
        Column::slow("severity", Kind::Integer, ""),
        Column::slow("unit", Kind::Text, ""),
        Column::slow("program", Kind::Text, ""),
        Column::slow("pid", Kind::Integer, ""),
        Column::slow("text", Kind::Text, ""),
    ],
    in_worker: true,
    as_root: true,
    most_rows: MOST,
    private: |_| true,
    lies_in: Host::log_sources,
    parameters: &[
        Parameter {
            name: "unit",
            help_en: "service whose records are wanted",
            help_fr: "service dont on veut les lignes",
            longest: 256,
            rule: Some(Rule {
                must: "the name of a service",
                holds: crate::text::is_unit_name,
            }),
            ..Parameter::PLAIN
        },
        Parameter {
            name: "since",
            kind: Kind::Time,
            help_en: "not older than this",
            help_fr: "pas avant ce moment",
            ..Parameter::PLAIN
        },
        Parameter {
            name: "until",
            kind: Kind::Time,
            help_en: "not newer than this",
            help_fr: "pas après ce moment",
            ..Parameter::PLAIN
        },
        Parameter {
            name: "severity",
            kind: Kind::Integer,
            help_en: "at most this syslog severity: 3 is errors and worse",
            help_fr: "gravité syslog maximale : 3 signifie les erreurs et pire",
            least: 0,
            most: 7,
            ..Parameter::PLAIN
        },
        Parameter {
            name: "contains",
            help_en: "part of the text",
            help_fr: "partie du texte",
            longest: 256,
            ..Parameter::PLAIN
        },
        Parameter {
            name: "lines",
            kind: Kind::Integer,
            help_en: "how many records, the last ones",
            help_fr: "combien de lignes, les dernières",
            least: 1,
            most: MOST as i64,
            ..Parameter::PLAIN
        },
    ],
    read,
    ..Table::PLAIN
};

fn read(host: &Host, request: &Request) -> Result<Vec<Row>, Unavailable> {
    let query = LogQuery {
        unit: request.text("unit"),
        since_us: request.integer("since"),
        until_us: request.integer("until"),
        severity: request.integer("severity").and_then(|n| n.try_into().ok()),
        contains: request.text("contains"),
        most: request.integer("lines").unwrap_or(USUAL).max(1) as usize,
    };
    Ok(host
        .logs(&query)?
        .into_iter()
        .enumerate()
        .map(row)
        .collect())
}

fn row((number, record): (usize, LogRecord)) -> Row {
    vec![
        (number as u64).into(),
        Value::TimeUs(record.at_us),
        record.severity.map(u32::from).into(),
        record.unit.into(),
        record.program.into(),
        record.pid.into(),
        mask_secrets(&record.text).into(),
    ]
}

#[test]
fn secrets_are_masked() {
    let record = LogRecord {
        text: "login with password=hunter2 failed".into(),
        ..LogRecord::default()
    };
    let row = row((0, record));
    assert_eq!(row[6], Value::from("login with password=… failed"));
}
