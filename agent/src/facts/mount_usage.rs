//! How full one file system is that may hang when it is asked.

use std::time::Duration;

use crate::host::Unavailable;

use super::{Column, Kind, Parameter, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "mount_usage",
    columns: &[
        Column::slow("total_bytes", Kind::Integer, "bytes"),
        Column::live("free_bytes", Kind::Integer, "bytes"),
        Column::live("available_bytes", Kind::Integer, "bytes"),
        Column::live("inodes", Kind::Integer, ""),
        Column::live("free_inodes", Kind::Integer, ""),
    ],
    in_worker: true,
    // A share may be another user's; statvfs needs no more than the way there.
    as_root: true,
    deadline: Duration::from_millis(1200),
    parameters: &[Parameter {
        name: "mount",
        required: true,
        help_en: "mount point",
        help_fr: "point de montage",
        longest: 4096,
        ..Parameter::PLAIN
    }],
    read: |host, request| {
        let mount = request
            .text("mount")
            .ok_or_else(|| Unavailable::absent("mount point"))?;
        let usage = host.usage(&mount)?;
        let row: Row = vec![
            usage.total_bytes.into(),
            usage.free_bytes.into(),
            usage.available_bytes.into(),
            usage.inodes.into(),
            usage.free_inodes.into(),
        ];
        Ok(vec![row])
    },
    ..Table::PLAIN
};
