//! Who is logged in.

use std::time::Duration;

use super::Value;
use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "sessions",
    every: Duration::from_secs(60),
    columns: &[
        Column::key("id", Kind::Text),
        Column::slow("user", Kind::Text, ""),
        Column::slow("terminal", Kind::Text, ""),
        Column::slow("remote", Kind::Text, ""),
        Column::slow("kind", Kind::Text, ""),
        Column::slow("started_at", Kind::Time, ""),
    ],
    read: |host, _| {
        let row = |session: crate::host::Session| -> Row {
            vec![
                session.id.into(),
                session.user.into(),
                session.terminal.into(),
                session.remote.into(),
                session.kind.into(),
                session.started_us.map_or(Value::Absent, Value::TimeUs),
            ]
        };
        Ok(host.sessions()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};
