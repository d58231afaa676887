//! Mounted file systems and how full they are.

use std::time::Duration;

use crate::host::{Filesystem, Usage};

use super::{Column, Kind, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "filesystems",
    every: Duration::from_secs(60),
    columns: &[
        Column::key("mount", Kind::Text),
        Column::slow("source", Kind::Text, ""),
        Column::slow("kind", Kind::Text, ""),
        Column::slow("read_only", Kind::Truth, ""),
        Column::slow("options", Kind::Text, ""),
        Column::slow("total_bytes", Kind::Integer, "bytes"),
        Column::live("used_bytes", Kind::Integer, "bytes"),
        Column::live("available_bytes", Kind::Integer, "bytes"),
        Column::live("used_percent", Kind::Real, "%"),
        Column::live("inodes", Kind::Integer, ""),
        Column::live("free_inodes", Kind::Integer, ""),
    ],
    read: |host, _| {
        let all = host.filesystems()?;
        Ok(all
            .into_iter()
            .filter(|fs| fs.storage != crate::host::Storage::Pseudo)
            .map(|fs| {
                // One that may hang is judged by its check, in a worker; here it stays without numbers.
                let usage = (!fs.may_hang())
                    .then(|| host.usage(&fs.mount).ok())
                    .flatten();
                row(fs, usage)
            })
            .collect())
    },
    ..Table::PLAIN
};

fn row(fs: Filesystem, usage: Option<Usage>) -> Row {
    // Tenths of a percent: finer is noise.
    let used_percent = usage
        .map(|usage| Value::Real(((100.0 - usage.free_percent()) * 10.0).round() / 10.0))
        .unwrap_or(Value::Absent);
    vec![
        fs.mount.into(),
        fs.source.into(),
        fs.kind.into(),
        (fs.read_only || fs.super_read_only).into(),
        fs.options.into(),
        usage.map(|usage| usage.total_bytes).into(),
        usage.map(|usage| usage.used_bytes()).into(),
        usage.map(|usage| usage.available_bytes).into(),
        used_percent,
        usage.map(|usage| usage.inodes).into(),
        usage.map(|usage| usage.free_inodes).into(),
    ]
}

#[test]
fn a_full_filesystem_is_a_row() {
    let fs = Filesystem {
        mount: "/srv".into(),
        super_read_only: true,
        ..Filesystem::default()
    };
    let usage = Usage {
        total_bytes: 1000,
        free_bytes: 50,
        available_bytes: 50,
        ..Usage::default()
    };
    let row = row(fs, Some(usage));
    assert_eq!(row[0], Value::from("/srv"));
    assert_eq!(row[3], Value::Truth(true));
    assert_eq!(row[6], Value::Integer(950));
    assert_eq!(row[8], Value::Real(95.0));
}
