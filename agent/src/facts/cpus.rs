//! Processors, by package.

use std::time::Duration;

use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "cpus",
    every: Duration::from_secs(3600),
    columns: &[
        Column::key("socket", Kind::Integer),
        Column::slow("model", Kind::Text, ""),
        Column::slow("vendor", Kind::Text, ""),
        Column::slow("cores", Kind::Integer, ""),
        Column::slow("threads", Kind::Integer, ""),
        Column::slow("max_hz", Kind::Integer, "Hz"),
        Column::slow("microcode", Kind::Text, ""),
    ],
    in_worker: true,
    read: |host, _| {
        let row = |cpu: crate::host::Cpu| -> Row {
            vec![
                cpu.socket.into(),
                cpu.model.into(),
                cpu.vendor.into(),
                cpu.cores.into(),
                cpu.threads.into(),
                cpu.max_hz.into(),
                cpu.microcode.into(),
            ]
        };
        Ok(host.cpus()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};
