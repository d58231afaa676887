//! Starts of the machine that are on record, and whether each was ended as it should be.

use std::time::Duration;

use super::{Column, Kind, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "boots",
    every: Duration::from_secs(6 * 3600),
    in_worker: true,
    as_root: true,
    columns: &[
        Column::key("at", Kind::Time),
        Column::slow("boot_id", Kind::Text, ""),
        Column::live("until", Kind::Time, ""),
        Column::slow("shut_down", Kind::Truth, ""),
    ],
    read: |host, _| {
        let row = |of: crate::host::Boot| -> Row {
            vec![
                Value::TimeUs(of.at_us),
                of.id.into(),
                of.until_us.map_or(Value::Absent, Value::TimeUs),
                of.was_shut_down.into(),
            ]
        };
        Ok(host.boots()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};
