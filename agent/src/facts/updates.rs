//! Updates that wait to be installed.

use std::time::Duration;

use crate::host::{Host, Unavailable, Update};

use super::{Cells, Column, Kind, Request, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "updates",
    every: Duration::from_secs(6 * 3600),
    in_worker: true,
    deadline: Duration::from_millis(1600),
    columns: &[
        Column::key("package", Kind::Text),
        Column::slow("installed", Kind::Text, ""),
        Column::slow("available", Kind::Text, ""),
        Column::slow("security", Kind::Truth, ""),
    ],
    read: |host, _| {
        let row = |of: Update| -> Row {
            vec![
                of.package.into(),
                of.installed.into(),
                of.available.into(),
                of.is_security.into(),
            ]
        };
        Ok(host.updates()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};

/// What waits, as a worker finds it.
pub(crate) async fn ask(host: &Host) -> Result<Vec<Update>, Unavailable> {
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    let one = |row: &Row| {
        let mut cells = Cells::of(row);
        Some(Update {
            package: cells.text()?,
            installed: cells.text()?,
            available: cells.text()?,
            is_security: cells.truth()?,
        })
    };
    Ok(reading.rows.iter().filter_map(one).collect())
}
