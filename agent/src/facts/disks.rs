//! Disks and their partitions.

use std::time::Duration;

use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "disks",
    every: Duration::from_secs(900),
    columns: &[
        Column::key("name", Kind::Text),
        Column::slow("kind", Kind::Text, ""),
        Column::slow("parent", Kind::Text, ""),
        Column::slow("size_bytes", Kind::Integer, "bytes"),
        Column::slow("model", Kind::Text, ""),
        Column::slow("vendor", Kind::Text, ""),
        Column::slow("serial", Kind::Text, ""),
        Column::slow("firmware", Kind::Text, ""),
        Column::slow("rotational", Kind::Truth, ""),
        Column::slow("removable", Kind::Truth, ""),
        Column::slow("read_only", Kind::Truth, ""),
    ],
    in_worker: true,
    read: |host, _| {
        let row = |disk: crate::host::Disk| -> Row {
            vec![
                disk.name.into(),
                disk.kind.into(),
                disk.parent.into(),
                disk.size_bytes.into(),
                disk.model.into(),
                disk.vendor.into(),
                disk.serial.into(),
                disk.firmware.into(),
                disk.rotational.into(),
                disk.removable.into(),
                disk.read_only.into(),
            ]
        };
        Ok(host.disks()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};
