//! What is mounted and what the machine's own configuration mounts, side by side.

use std::time::Duration;

use crate::host::{ConfiguredMount, Filesystem, Host, Storage, Unavailable};

use super::{Column, Kind, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "mounts",
    every: Duration::from_secs(900),
    in_worker: true,
    columns: &[
        Column::key("mount", Kind::Text),
        Column::slow("source", Kind::Text, ""),
        Column::slow("kind", Kind::Text, ""),
        Column::slow("options", Kind::Text, ""),
        Column::slow("mounted", Kind::Truth, ""),
        Column::slow("configured", Kind::Truth, ""),
        // At every start, and the machine does not start without it.
        Column::slow("wanted", Kind::Truth, ""),
        Column::slow("needed", Kind::Truth, ""),
        // Another machine or a program keeps it.
        Column::slow("may_hang", Kind::Truth, ""),
    ],
    read: |host, _| Ok(rows(&host.filesystems()?, &configured(host)?)),
    ..Table::PLAIN
};

/// A machine without the file configures none.
fn configured(host: &Host) -> Result<Vec<ConfiguredMount>, Unavailable> {
    match host.configured_mounts() {
        Err(Unavailable::Absent { .. }) => Ok(Vec::new()),
        told => told,
    }
}

fn rows(mounted: &[Filesystem], configured: &[ConfiguredMount]) -> Vec<Row> {
    let mut rows = Vec::new();
    for fs in mounted.iter().filter(|fs| fs.storage != Storage::Pseudo) {
        let wanted = configured.iter().find(|one| one.mount == fs.mount);
        rows.push(row(
            [&fs.mount, &fs.source, &fs.kind, &fs.options],
            true,
            wanted,
            Some(fs.may_hang()),
        ));
    }
    let is_mounted = |one: &&ConfiguredMount| mounted.iter().any(|fs| fs.mount == one.mount);
    for one in configured
        .iter()
        .filter(|one| one.mount.starts_with('/') && !is_mounted(one))
    {
        rows.push(row(
            [&one.mount, &one.source, &one.kind, &one.options],
            false,
            Some(one),
            None,
        ));
    }
    rows
}

fn row(
    texts: [&String; 4],
    is_mounted: bool,
    configured: Option<&ConfiguredMount>,
    may_hang: Option<bool>,
) -> Row {
    let texts = texts.into_iter().map(|text| Value::from(text.as_str()));
    let truths = [
        Value::from(is_mounted),
        configured.is_some().into(),
        configured.is_some_and(ConfiguredMount::is_wanted).into(),
        configured
            .is_some_and(|one| one.is_wanted() && !one.may_fail())
            .into(),
        may_hang.into(),
    ];
    texts.chain(truths).collect()
}

#[test]
fn what_is_configured_and_not_mounted_is_a_row_too() {
    let tree = crate::host::recorded::Tree::new(&[
        (
            "/proc/self/mountinfo",
            "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:9 / /nas rw - nfs4 nas:/x rw\n3 1 0:5 / /proc rw - proc proc rw\n",
        ),
        (
            "/etc/fstab",
            "/dev/sda1 / ext4 defaults 0 1\n/dev/sdb1 /srv ext4 nofail 0 2\n/dev/sdc1 none swap sw 0 0\n",
        ),
    ]);
    let shown = |row: &Row| {
        let truth = |at: usize| match row[at] {
            Value::Truth(true) => "yes",
            Value::Truth(false) => "no",
            Value::Absent
            | Value::Integer(_)
            | Value::Real(_)
            | Value::Text(_)
            | Value::TimeUs(_) => "-",
        };
        let truths: Vec<&str> = (4..9).map(truth).collect();
        format!("{} {}", row[0].as_text().unwrap(), truths.join(" "))
    };
    let rows = (TABLE.read)(&tree.host(), &super::Request::default()).unwrap();
    let found: Vec<String> = rows.iter().map(shown).collect();
    assert_eq!(
        found,
        [
            "/ yes yes yes yes no",
            "/nas yes no no no yes",
            "/srv no yes yes no -"
        ]
    );
}
