//! What the machine's time daemon says.

use std::time::Duration;

use crate::host::{ClockState, Host, Term, Unavailable};

use super::{Cells, Column, Kind, Request, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "clock",
    every: Duration::from_secs(300),
    in_worker: true,
    as_root: true,
    deadline: Duration::from_millis(1500),
    columns: &[
        Column::slow("daemon", Kind::Text, ""),
        Column::slow("synchronised", Kind::Truth, ""),
        Column::live("offset_us", Kind::Integer, "µs"),
        Column::slow("source", Kind::Text, ""),
    ],
    read: |host, _| {
        let state = host.clock_state()?;
        let row: Row = vec![
            state.daemon.into(),
            state.synchronised.into(),
            state.offset_us.map_or(Value::Absent, Value::Integer),
            state.source.into(),
        ];
        Ok(vec![row])
    },
    ..Table::PLAIN
};

/// What the time daemon says, as a worker asks it.
pub(crate) async fn ask(host: &Host) -> Result<ClockState, Unavailable> {
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    let row = reading
        .rows
        .first()
        .ok_or_else(|| Unavailable::broken(Term::TimeDaemon, Term::NoRow))?;
    let mut cells = Cells::of(row);
    let daemon = cells.text().unwrap_or_default();
    Ok(ClockState {
        daemon: ["chrony", "ntpd", "systemd-timesyncd"]
            .into_iter()
            .find(|known| *known == daemon)
            .unwrap_or("time daemon"),
        synchronised: cells.truth().unwrap_or(false),
        offset_us: cells.integer(),
        source: cells.text(),
    })
}
