//! Services of the service manager.

use std::time::Duration;

use super::Value;
use super::{Column, Kind, Row, Table};

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
        Column::live("since", Kind::Time, ""),
    ],
    read: |host, _| Ok(host.services()?.into_iter().map(row).collect()),
    ..Table::PLAIN
};

/// In the order of the columns.
pub(super) fn row(service: crate::host::Service) -> Row {
    vec![
        service.unit.into(),
        service.description.into(),
        service.load.into(),
        service.enabled.into(),
        service.active.into(),
        service.sub.into(),
        service.result.into(),
        service.exit_status.map_or(Value::Absent, Value::Integer),
        service.since_us.map_or(Value::Absent, Value::TimeUs),
    ]
}
