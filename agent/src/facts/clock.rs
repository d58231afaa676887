//! What the machine's time daemon says.

use std::time::Duration;

use super::Value;
use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "clock",
    every: Duration::from_secs(300),
    in_worker: true,
    as_root: true,
    deadline: Duration::from_secs(3),
    columns: &[
        Column::slow("daemon", Kind::Text, ""),
        Column::slow("synchronised", Kind::Truth, ""),
        Column::live("offset_us", Kind::Integer, "µs"),
        Column::slow("source", Kind::Text, ""),
    ],
    read: |host, _| {
        let state = host.clock_state()?;
        let row: Row = vec![
            state.daemon.into(),
            state.synchronised.into(),
            state.offset_us.map_or(Value::Absent, Value::Integer),
            state.source.into(),
        ];
        Ok(vec![row])
    },
    ..Table::PLAIN
};
