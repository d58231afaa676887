//! Files without a name that one process holds open, for the action that empties them.

use std::time::Duration;

use crate::host::{HeldFile, Host, Unavailable};

use super::{Cells, Column, Kind, Parameter, Request, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "held_files",
    in_worker: true,
    as_root: true,
    deadline: Duration::from_secs(10),
    columns: &[
        Column::key("descriptor", Kind::Integer),
        Column::slow("path", Kind::Text, ""),
        Column::slow("bytes", Kind::Integer, "bytes"),
        Column::slow("major", Kind::Integer, ""),
        Column::slow("minor", Kind::Integer, ""),
        Column::slow("device", Kind::Integer, ""),
        Column::slow("inode", Kind::Integer, ""),
        Column::slow("mapped", Kind::Truth, ""),
    ],
    parameters: &[Parameter {
        name: "pid",
        kind: Kind::Integer,
        required: true,
        help_en: "number of the process",
        help_fr: "numéro du processus",
        ..Parameter::PLAIN
    }],
    read: |host, request| {
        let pid = request.integer("pid").unwrap_or_default() as u32;
        Ok(host.held_files(pid)?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};

fn row(held: HeldFile) -> Row {
    vec![
        held.descriptor.into(),
        held.path.into(),
        held.bytes.into(),
        held.numbers.0.into(),
        held.numbers.1.into(),
        held.device.into(),
        held.inode.into(),
        held.is_mapped.into(),
    ]
}

fn from_row(row: &Row) -> HeldFile {
    let mut cells = Cells::of(row);
    HeldFile {
        descriptor: cells.amount() as u32,
        path: cells.text().unwrap_or_default(),
        bytes: cells.amount(),
        numbers: (cells.amount() as u32, cells.amount() as u32),
        device: cells.amount(),
        inode: cells.amount(),
        is_mapped: cells.truth().unwrap_or_default(),
    }
}

/// Of one process, as a worker finds them.
pub(crate) async fn ask(host: &Host, pid: u32) -> Result<Vec<HeldFile>, Unavailable> {
    let request = Request::default().with("pid", Value::from(pid));
    let reading = super::read(&TABLE, host, &request).await?;
    Ok(reading.rows.iter().map(from_row).collect())
}

#[test]
fn a_file_survives_its_row() {
    let held = HeldFile {
        descriptor: 3,
        path: "/var/log/big".into(),
        bytes: 1 << 30,
        numbers: (0, 7),
        device: 7,
        inode: 9,
        is_mapped: true,
    };
    assert_eq!(from_row(&row(held.clone())), held);
}
