//! What the service manager starts at a time: backups, updates, clearing away.

use std::time::Duration;

use super::{Column, Kind, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "timers",
    every: Duration::from_secs(3600),
    in_worker: true,
    columns: &[
        Column::key("unit", Kind::Text),
        Column::slow("active", Kind::Truth, ""),
        Column::slow("starts", Kind::Text, ""),
        Column::live("last", Kind::Time, ""),
        Column::live("next", Kind::Time, ""),
        Column::slow("result", Kind::Text, ""),
    ],
    read: |host, _| {
        let time = |us: Option<i64>| us.map_or(Value::Absent, Value::TimeUs);
        let row = |of: crate::host::Timer| -> Row {
            vec![
                of.unit.into(),
                of.is_active.into(),
                of.starts.into(),
                time(of.last_us),
                time(of.next_us),
                of.result.into(),
            ]
        };
        Ok(host.timers()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};
