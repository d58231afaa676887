//! Memory and swap of the machine.

use std::time::Duration;

use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "memory",
    every: Duration::from_secs(900),
    columns: &[
        Column::slow("total_bytes", Kind::Integer, "bytes"),
        Column::slow("swap_bytes", Kind::Integer, "bytes"),
        Column::slow("huge_pages_bytes", Kind::Integer, "bytes"),
        Column::live("available_bytes", Kind::Integer, "bytes"),
        Column::live("swap_free_bytes", Kind::Integer, "bytes"),
        Column::live("corrupted_bytes", Kind::Integer, "bytes"),
    ],
    read: |host, _| {
        let memory = host.memory()?;
        let row: Row = vec![
            memory.total.into(),
            memory.swap_total.into(),
            memory.huge_total.into(),
            memory.available.into(),
            memory.swap_free.into(),
            memory.hardware_corrupted.into(),
        ];
        Ok(vec![row])
    },
    ..Table::PLAIN
};
