//! The operating system and what runs of it.

use std::time::Duration;

use super::Value;
use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "os",
    every: Duration::from_secs(900),
    columns: &[
        Column::slow("id", Kind::Text, ""),
        Column::slow("name", Kind::Text, ""),
        Column::slow("version", Kind::Text, ""),
        Column::slow("codename", Kind::Text, ""),
        Column::slow("kernel", Kind::Text, ""),
        Column::slow("architecture", Kind::Text, ""),
        Column::slow("time_zone", Kind::Text, ""),
        Column::slow("restart_wanted", Kind::Truth, ""),
        Column::live("boot_id", Kind::Text, ""),
        Column::live("booted_at", Kind::Time, ""),
    ],
    in_worker: true,
    read: |host, _| {
        let os = host.os()?;
        let wanted = host
            .reboot_need()
            .ok()
            .map(|need| need != crate::host::RebootNeed::None);
        let row: Row = vec![
            os.id.into(),
            os.name.into(),
            os.version.into(),
            os.codename.into(),
            os.kernel.into(),
            os.architecture.into(),
            os.time_zone.into(),
            wanted.into(),
            os.boot_id.into(),
            os.booted_us.map_or(Value::Absent, Value::TimeUs),
        ];
        Ok(vec![row])
    },
    ..Table::PLAIN
};
