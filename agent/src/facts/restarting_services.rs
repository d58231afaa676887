//! Services that the manager has started anew, for the check that judges them.

use std::time::Duration;

use crate::host::{Host, Restarting, Unavailable};

use super::{Column, Kind, Request, Row, Table, services};

/// Restarts are counted over this time.
pub(crate) const RECENT: Duration = Duration::from_secs(900);

pub(super) const TABLE: Table = Table {
    name: "restarting_services",
    in_worker: true,
    // Who may not read the journal could not tell how often.
    as_root: true,
    deadline: Duration::from_millis(1500),
    columns: &[
        Column::key("unit", Kind::Text),
        Column::live("recent", Kind::Integer, ""),
        Column::slow("description", Kind::Text, ""),
        Column::slow("load", Kind::Text, ""),
        Column::slow("enabled", Kind::Text, ""),
        Column::slow("active", Kind::Text, ""),
        Column::slow("sub", Kind::Text, ""),
        Column::slow("result", Kind::Text, ""),
        Column::slow("exit_status", Kind::Integer, ""),
        Column::live("restarts", Kind::Integer, ""),
        Column::live("since", Kind::Time, ""),
    ],
    read: |host, _| {
        let since_us = host.now_us() - RECENT.as_micros() as i64;
        let services = host.restarting_services(since_us)?;
        Ok(services.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};

/// As a service's, with one more behind its name.
fn row(one: Restarting) -> Row {
    let mut row = services::row(one.service);
    row.insert(1, one.recent.into());
    row
}

fn from_row(row: &Row) -> Restarting {
    let mut service = row.clone();
    let recent = service.remove(1).as_integer();
    Restarting {
        service: services::from_row(&service),
        recent: recent.and_then(|n| n.try_into().ok()),
    }
}

/// Them, as a worker finds them. A machine without a service manager starts no worker for that answer.
pub(crate) async fn ask(host: &Host) -> Result<Vec<Restarting>, Unavailable> {
    if !host.has_service_manager() {
        return host.restarting_services(host.now_us());
    }
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    Ok(reading.rows.iter().map(from_row).collect())
}

#[test]
fn a_service_survives_its_row() {
    let mut one = Restarting {
        recent: Some(3),
        ..Restarting::default()
    };
    one.service.unit = "a.service".into();
    one.service.restarts = Some(7);
    for recent in [Some(3), None] {
        one.recent = recent;
        let back = from_row(&row(one.clone()));
        assert_eq!(back.recent, recent);
        assert_eq!(back.service.restarts, Some(7));
        assert_eq!(row(one.clone()).len(), TABLE.columns.len());
    }
}
