//! Services of the service manager.

use std::time::Duration;

use crate::host::{Host, Service, Unavailable};

use super::{Cells, Column, Kind, Request, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "services",
    every: Duration::from_secs(1200),
    in_worker: true,
    columns: &[
        Column::key("unit", Kind::Text),
        Column::slow("description", Kind::Text, ""),
        Column::slow("load", Kind::Text, ""),
        Column::slow("enabled", Kind::Text, ""),
        Column::slow("active", Kind::Text, ""),
        Column::slow("sub", Kind::Text, ""),
        Column::slow("result", Kind::Text, ""),
        Column::slow("exit_status", Kind::Integer, ""),
        Column::live("restarts", Kind::Integer, ""),
        Column::live("since", Kind::Time, ""),
    ],
    read: |host, _| Ok(host.services()?.into_iter().map(row).collect()),
    ..Table::PLAIN
};

/// In the order of the columns.
pub(super) fn row(service: Service) -> Row {
    vec![
        service.unit.into(),
        service.description.into(),
        service.load.into(),
        service.enabled.into(),
        service.active.into(),
        service.sub.into(),
        service.result.into(),
        service.exit_status.map_or(Value::Absent, Value::Integer),
        service.restarts.map_or(Value::Absent, Value::Integer),
        service.since_us.map_or(Value::Absent, Value::TimeUs),
    ]
}

/// Them, as a worker finds them.
pub(crate) async fn ask(host: &Host) -> Result<Vec<Service>, Unavailable> {
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    Ok(reading.rows.iter().map(from_row).collect())
}

/// The other way round.
pub(crate) fn from_row(row: &Row) -> Service {
    let mut cells = Cells::of(row);
    Service {
        unit: cells.text().unwrap_or_default(),
        description: cells.text().unwrap_or_default(),
        load: cells.text().unwrap_or_default(),
        enabled: cells.text(),
        active: cells.text().unwrap_or_default(),
        sub: cells.text().unwrap_or_default(),
        result: cells.text(),
        exit_status: cells.integer(),
        restarts: cells.integer(),
        since_us: cells.integer(),
    }
}

#[test]
fn a_service_survives_its_row() {
    let service = Service {
        unit: "a.service".into(),
        description: "A".into(),
        load: "loaded".into(),
        active: "failed".into(),
        sub: "failed".into(),
        enabled: Some("enabled".into()),
        result: Some("exit-code".into()),
        exit_status: Some(3),
        restarts: Some(5),
        since_us: None,
    };
    assert_eq!(from_row(&row(service.clone())), service);
}
