//! Accounts of the machine.

use std::time::Duration;

use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "users",
    every: Duration::from_secs(900),
    columns: &[
        Column::key("name", Kind::Text),
        Column::slow("id", Kind::Integer, ""),
        Column::slow("group_id", Kind::Integer, ""),
        Column::slow("full_name", Kind::Text, ""),
        Column::slow("home", Kind::Text, ""),
        Column::slow("shell", Kind::Text, ""),
    ],
    in_worker: true,
    read: |host, _| {
        let row = |user: crate::host::User| -> Row {
            vec![
                user.name.into(),
                user.id.into(),
                user.group_id.into(),
                user.full_name.into(),
                user.home.into(),
                user.shell.into(),
            ]
        };
        Ok(host.users()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};
