//! How full one file system is that may hang when it is asked.

use std::time::Duration;

use crate::host::{Host, Term, Unavailable, Usage};

use super::{Cells, Column, Kind, Parameter, Request, Row, Table, Value};

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
            .ok_or_else(|| Unavailable::absent(Term::MountPoint))?;
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

/// How full the file system at `mount` is, as a worker finds it.
pub(crate) async fn ask(host: &Host, mount: &str) -> Result<Usage, Unavailable> {
    let request = Request::default().with("mount", Value::from(mount));
    let named = |why| match why {
        Unavailable::Timeout { after, .. } => Unavailable::Timeout {
            what: mount.into(),
            after,
        },
        other @ (Unavailable::Permission { .. }
        | Unavailable::Absent { .. }
        | Unavailable::Unsupported { .. }
        | Unavailable::Busy { .. }
        | Unavailable::Broken { .. }) => other,
    };
    let reading = super::read(&TABLE, host, &request).await.map_err(named)?;
    let row = reading
        .rows
        .first()
        .ok_or_else(|| Unavailable::broken(mount, Term::NoRow))?;
    let mut cells = Cells::of(row);
    Ok(Usage {
        total_bytes: cells.amount(),
        free_bytes: cells.amount(),
        available_bytes: cells.amount(),
        inodes: cells.amount(),
        free_inodes: cells.amount(),
    })
}
