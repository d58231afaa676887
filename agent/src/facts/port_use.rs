//! The target to which most ports of this machine are taken.

use std::time::Duration;

use crate::host::{Host, PortUse, Unavailable};

use super::{Cells, Column, Kind, Request, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "port_use",
    every: Duration::from_secs(300),
    // A line for each socket: many where it matters.
    in_worker: true,
    deadline: Duration::from_millis(1500),
    columns: &[
        Column::key("target", Kind::Text),
        Column::slow("ports", Kind::Integer, ""),
    ],
    read: |host, _| {
        let most = host.most_used_ports()?;
        let row = |most: PortUse| -> Row { vec![most.target.into(), most.n_ports.into()] };
        Ok(most.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};

/// What a worker counts. Absent: no port is taken.
pub(crate) async fn ask(host: &Host) -> Result<Option<PortUse>, Unavailable> {
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    Ok(reading.rows.first().map(|row| {
        let mut cells = Cells::of(row);
        PortUse {
            target: cells.text().unwrap_or_default(),
            n_ports: cells.amount(),
        }
    }))
}
