//! Machines on the same links, as the kernel knows them.

use std::time::Duration;

use crate::host::{Neighbour, NeighbourEntry};

use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "neighbours",
    every: Duration::from_secs(900),
    // On a large network they come and go all day.
    most_rows: 1000,
    columns: &[
        Column::key("interface", Kind::Text),
        Column::key("address", Kind::Text),
        Column::slow("mac", Kind::Text, ""),
        Column::live("state", Kind::Text, ""),
    ],
    in_worker: true,
    read: |host, _| {
        let row = |entry: NeighbourEntry| -> Row {
            let state = match entry.state {
                Neighbour::Known => "reachable",
                Neighbour::Unasked => "permanent",
                Neighbour::Stale => "stale",
                Neighbour::Failed => "failed",
                Neighbour::Unknown => "unknown",
            };
            vec![
                entry.interface.into(),
                entry.address.to_string().into(),
                entry.mac.into(),
                state.into(),
            ]
        };
        Ok(host.neighbours()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};
