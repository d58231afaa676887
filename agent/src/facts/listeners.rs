//! Sockets that wait for others, and whose they are.

use std::time::Duration;

use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "listeners",
    // The owner of a socket is found by looking into every process.
    every: Duration::from_secs(1800),
    in_worker: true,
    as_root: true,
    columns: &[
        Column::key("protocol", Kind::Text),
        Column::key("address", Kind::Text),
        Column::key("port", Kind::Integer),
        Column::slow("program", Kind::Text, ""),
        Column::slow("user_id", Kind::Integer, ""),
        Column::live("pid", Kind::Integer, ""),
    ],
    read: |host, _| {
        let row = |listener: crate::host::Listener| -> Row {
            vec![
                listener.protocol.into(),
                listener.address.ip().to_string().into(),
                u32::from(listener.address.port()).into(),
                listener.program.into(),
                listener.user_id.into(),
                listener.pid.into(),
            ]
        };
        Ok(host.listeners()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};
