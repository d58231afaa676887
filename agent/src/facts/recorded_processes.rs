//! The busiest processes of each minute of the last day, from the flight recorder, on demand.

use std::time::Duration;

use crate::recorder::{SINCE, UNTIL, window};

use super::{Column, Kind, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "recorded_processes",
    every: Duration::ZERO,
    columns: &[
        Column::key("at", Kind::Time),
        Column::key("pid", Kind::Integer),
        Column::slow("name", Kind::Text, ""),
        Column::slow("user", Kind::Text, ""),
        Column::slow("cpu_percent", Kind::Real, "%"),
        Column::slow("resident_bytes", Kind::Integer, "bytes"),
    ],
    in_worker: true,
    as_root: true,
    most_rows: 20_000,
    parameters: &[SINCE, UNTIL],
    read: |host, request| {
        let found = window::read(host, request, |_| false)?;
        let users = host.users().unwrap_or_default();
        let user = |id: u32| {
            let known = users.iter().find(|user| user.id == id);
            known.map_or_else(|| id.to_string(), |user| user.name.clone())
        };
        let rows = found.processes.into_iter().flat_map(|moment| {
            let at_us = moment.at_us;
            moment.processes.into_iter().map(move |one| (at_us, one))
        });
        let row = |(at_us, one): (i64, crate::recorder::Busy)| -> Row {
            vec![
                Value::TimeUs(at_us),
                one.pid.into(),
                one.name.into(),
                user(one.user_id).into(),
                Value::Real(f64::from(one.cpu_permille) / 10.0),
                one.resident_bytes.into(),
            ]
        };
        Ok(rows.map(row).collect())
    },
    ..Table::PLAIN
};
