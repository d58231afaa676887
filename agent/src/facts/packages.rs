//! Installed packages.

use std::time::Duration;

use super::{Column, Kind, Row, Table};
use crate::host::Package;

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
    read: |host, _| Ok(rows(host.packages()?)),
    ..Table::PLAIN
};

fn rows(mut packages: Vec<Package>) -> Vec<Row> {
    // rpm lists them as they were installed.
    packages.sort_by(|a, b| {
        let key = |package: &Package| (package.name.clone(), package.architecture.clone());
        key(a).cmp(&key(b)).then_with(|| a.version.cmp(&b.version))
    });
    let mut rows = Vec::<Row>::with_capacity(packages.len());
    for (at, package) in packages.iter().enumerate() {
        // rpm keeps several versions of a kernel side by side; elsewhere the slot is empty.
        let beside = |other: &Package| {
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
    rows
}

#[test]
fn versions_side_by_side_are_told_apart() {
    let package = |name: &str, version: &str| Package {
        manager: "rpm",
        name: name.into(),
        version: version.into(),
        architecture: "x86_64".into(),
        ..Package::default()
    };
    let rows = rows(vec![
        package("kernel", "2"),
        package("bash", "5"),
        package("kernel", "1"),
    ]);
    let slots = rows.iter().map(|row| row[3].clone()).collect::<Vec<_>>();
    assert_eq!(slots, ["", "1", "2"].map(crate::value::Value::from));
}
