//! Installed packages.

use std::time::Duration;

use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "packages",
    every: Duration::from_secs(3600),
    in_worker: true,
    deadline: Duration::from_secs(40),
    most_rows: 20_000,
    columns: &[
        Column::key("manager", Kind::Text),
        Column::key("name", Kind::Text),
        Column::key("architecture", Kind::Text),
        Column::key("slot", Kind::Text),
        Column::slow("version", Kind::Text, ""),
        Column::slow("state", Kind::Text, ""),
        Column::slow("installed_bytes", Kind::Integer, "bytes"),
    ],
    read: |host, _| {
        let packages = host.packages()?;
        let mut rows = Vec::<Row>::with_capacity(packages.len());
        for (at, package) in packages.iter().enumerate() {
            // rpm keeps several versions of a kernel side by side; elsewhere the slot is empty.
            let beside = |other: &crate::host::Package| {
                other.name == package.name && other.architecture == package.architecture
            };
            let several = package.manager == "rpm"
                && (packages[..at].last().is_some_and(beside)
                    || packages[at + 1..].first().is_some_and(beside));
            let slot = if several {
                package.version.as_str()
            } else {
                ""
            };
            rows.push(vec![
                package.manager.into(),
                package.name.as_str().into(),
                package.architecture.as_str().into(),
                slot.into(),
                package.version.as_str().into(),
                package.state.as_str().into(),
                package.installed_bytes.into(),
            ]);
        }
        Ok(rows)
    },
    ..Table::PLAIN
};
