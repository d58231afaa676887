//! Units that are wanted and cannot be started, for the check that judges them.

use std::time::Duration;

use crate::host::{BlockedUnit, Host, Unavailable};

use super::{Cells, Column, Kind, Request, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "blocked_units",
    in_worker: true,
    deadline: Duration::from_millis(1500),
    columns: &[
        Column::key("unit", Kind::Text),
        Column::slow("masked", Kind::Truth, ""),
        Column::slow("wanted_by", Kind::Text, ""),
        Column::slow("needed_by", Kind::Text, ""),
        Column::slow("needed_by_runs", Kind::Truth, ""),
    ],
    read: |host, _| Ok(host.blocked_units()?.into_iter().map(row).collect()),
    ..Table::PLAIN
};

fn row(one: BlockedUnit) -> Row {
    vec![
        one.unit.into(),
        one.is_masked.into(),
        one.wanted_by.into(),
        one.needed_by.into(),
        one.needed_by_runs.into(),
    ]
}

fn from_row(row: &Row) -> BlockedUnit {
    let mut cells = Cells::of(row);
    BlockedUnit {
        unit: cells.text().unwrap_or_default(),
        is_masked: cells.truth().unwrap_or_default(),
        wanted_by: cells.text(),
        needed_by: cells.text(),
        needed_by_runs: cells.truth().unwrap_or_default(),
    }
}

/// Them, as a worker finds them. A machine without a service manager starts no worker for that answer.
pub(crate) async fn ask(host: &Host) -> Result<Vec<BlockedUnit>, Unavailable> {
    if !host.has_service_manager() {
        return host.blocked_units();
    }
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    Ok(reading.rows.iter().map(from_row).collect())
}

#[test]
fn a_unit_survives_its_row() {
    let unit = BlockedUnit {
        unit: "db.service".into(),
        is_masked: true,
        wanted_by: None,
        needed_by: Some("web.service".into()),
        needed_by_runs: true,
    };
    assert_eq!(from_row(&row(unit.clone())), unit);
}
