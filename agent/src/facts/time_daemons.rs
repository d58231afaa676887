//! Time daemons that run, for the check that judges them.

use std::time::Duration;

use crate::host::{Host, TimeDaemon, Unavailable};

use super::{Cells, Column, Kind, Request, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "time_daemons",
    in_worker: true,
    as_root: true,
    deadline: Duration::from_millis(1500),
    columns: &[
        Column::key("name", Kind::Text),
        Column::slow("sources", Kind::Integer, ""),
    ],
    read: |host, _| {
        let row = |of: TimeDaemon| -> Row { vec![of.name.into(), of.sources.into()] };
        Ok(host.time_daemons()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};

/// Those that run, as a worker finds them.
pub(crate) async fn ask(host: &Host) -> Result<Vec<TimeDaemon>, Unavailable> {
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    let one = |row: &Row| {
        let mut cells = Cells::of(row);
        TimeDaemon {
            name: cells.text().unwrap_or_default(),
            sources: cells.integer().and_then(|n| n.try_into().ok()),
        }
    };
    Ok(reading.rows.iter().map(one).collect())
}
