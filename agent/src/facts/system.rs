//! The machine as its firmware names it.

use std::time::Duration;

use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "system",
    every: Duration::from_secs(3600),
    columns: &[
        Column::slow("hostname", Kind::Text, ""),
        Column::slow("vendor", Kind::Text, ""),
        Column::slow("product", Kind::Text, ""),
        Column::slow("serial", Kind::Text, ""),
        Column::slow("board_id", Kind::Text, ""),
        Column::slow("chassis", Kind::Text, ""),
        Column::slow("firmware_version", Kind::Text, ""),
        Column::slow("firmware_date", Kind::Text, ""),
        Column::slow("virtualisation", Kind::Text, ""),
        Column::slow("machine_id", Kind::Text, ""),
    ],
    in_worker: true,
    as_root: true,
    read: |host, _| {
        let system = host.system()?;
        let row: Row = vec![
            system.hostname.into(),
            system.vendor.into(),
            system.product.into(),
            system.serial.into(),
            system.board_id.into(),
            system.chassis.into(),
            system.firmware_version.into(),
            system.firmware_date.into(),
            system.virtualisation.into(),
            system.machine_id.into(),
        ];
        Ok(vec![row])
    },
    ..Table::PLAIN
};
