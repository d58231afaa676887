//! Processes that use what is mounted somewhere, for the action that unmounts it.

use std::time::Duration;

use crate::host::{Host, MountUser, Unavailable};

use super::{Cells, Column, Kind, Parameter, Request, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "mount_users",
    in_worker: true,
    as_root: true,
    deadline: Duration::from_secs(10),
    columns: &[
        Column::key("pid", Kind::Integer),
        Column::slow("process", Kind::Text, ""),
    ],
    parameters: &[Parameter {
        name: "mount",
        required: true,
        help_en: "where it is mounted",
        help_fr: "où il est monté",
        longest: 4096,
        ..Parameter::PLAIN
    }],
    read: |host, request| {
        let mount = request.text("mount").unwrap_or_default();
        let row = |user: MountUser| -> Row { vec![user.pid.into(), user.process.into()] };
        Ok(host.mount_users(&mount)?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};

/// Of one mount, as a worker finds them.
pub(crate) async fn ask(host: &Host, mount: &str) -> Result<Vec<MountUser>, Unavailable> {
    let request = Request::default().with("mount", Value::from(mount));
    let reading = super::read(&TABLE, host, &request).await?;
    let one = |row: &Row| {
        let mut cells = Cells::of(row);
        MountUser {
            pid: cells.amount() as u32,
            process: cells.text().unwrap_or_default(),
        }
    };
    Ok(reading.rows.iter().map(one).collect())
}
