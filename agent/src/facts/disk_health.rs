//! What the disks say of themselves.

use std::time::Duration;

use crate::host::{DiskHealth, Host, Unavailable};

use super::{Cells, Column, Kind, Request, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "disk_health",
    every: Duration::from_secs(6 * 3600),
    in_worker: true,
    // Commands to a disk are root's.
    as_root: true,
    deadline: Duration::from_millis(1700),
    columns: &[
        Column::key("disk", Kind::Text),
        Column::slow("model", Kind::Text, ""),
        Column::slow("serial", Kind::Text, ""),
        Column::slow("trouble", Kind::Text, ""),
        Column::slow("failing", Kind::Text, ""),
        Column::slow("passed", Kind::Truth, ""),
        Column::slow("reallocated", Kind::Integer, ""),
        Column::slow("pending", Kind::Integer, ""),
        Column::slow("uncorrectable", Kind::Integer, ""),
        Column::slow("media_errors", Kind::Integer, ""),
        Column::slow("spare_percent", Kind::Integer, "%"),
        Column::slow("spare_least_percent", Kind::Integer, "%"),
        Column::slow("used_percent", Kind::Integer, "%"),
        Column::slow("critical_warning", Kind::Integer, ""),
        Column::live("celsius", Kind::Integer, "°C"),
        Column::live("hours", Kind::Integer, "h"),
    ],
    read: |host, _| Ok(host.disk_health()?.into_iter().map(row).collect()),
    ..Table::PLAIN
};

fn row(of: DiskHealth) -> Row {
    vec![
        of.disk.into(),
        of.model.into(),
        of.serial.into(),
        of.trouble.into(),
        of.failing.join(", ").into(),
        of.has_passed.into(),
        of.reallocated.into(),
        of.pending.into(),
        of.uncorrectable.into(),
        of.media_errors.into(),
        of.spare_percent.into(),
        of.spare_least_percent.into(),
        of.used_percent.into(),
        of.critical_warning.into(),
        of.celsius.map_or(Value::Absent, Value::Integer),
        of.hours.into(),
    ]
}

fn from_row(row: &Row) -> DiskHealth {
    let mut cells = Cells::of(row);
    let mut health = DiskHealth {
        disk: cells.text().unwrap_or_default(),
        model: cells.text(),
        serial: cells.text(),
        trouble: cells.text(),
        ..DiskHealth::default()
    };
    let failing = cells.text().unwrap_or_default();
    health.failing = failing
        .split(", ")
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    health.has_passed = cells.truth();
    let mut number = || cells.integer().and_then(|n| u64::try_from(n).ok());
    health.reallocated = number();
    health.pending = number();
    health.uncorrectable = number();
    health.media_errors = number();
    health.spare_percent = number();
    health.spare_least_percent = number();
    health.used_percent = number();
    health.critical_warning = number();
    health.celsius = cells.integer();
    health.hours = cells.integer().and_then(|n| u64::try_from(n).ok());
    health
}

/// What each says, as a worker asks it.
pub(crate) async fn ask(host: &Host) -> Result<Vec<DiskHealth>, Unavailable> {
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    Ok(reading.rows.iter().map(from_row).collect())
}

#[test]
fn a_disks_word_survives_its_row() {
    let health = DiskHealth {
        disk: "sda".into(),
        failing: vec!["a".into(), "b".into()],
        has_passed: Some(false),
        reallocated: Some(1),
        pending: Some(2),
        uncorrectable: Some(3),
        media_errors: Some(4),
        spare_percent: Some(5),
        spare_least_percent: Some(6),
        used_percent: Some(7),
        critical_warning: Some(8),
        celsius: Some(-1),
        hours: Some(9),
        ..DiskHealth::default()
    };
    assert_eq!(from_row(&row(health.clone())), health);
}
