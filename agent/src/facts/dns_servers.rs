//! Name servers that this machine asks.

use std::time::Duration;

use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "dns_servers",
    every: Duration::from_secs(60),
    columns: &[
        Column::key("address", Kind::Text),
        Column::slow("position", Kind::Integer, ""),
        Column::slow("source", Kind::Text, ""),
        Column::slow("search", Kind::Text, ""),
    ],
    read: |host, _| {
        let row = |server: crate::host::NameServer| -> Row {
            vec![
                server.address.to_string().into(),
                server.position.into(),
                server.source.into(),
                server.search.join(" ").into(),
            ]
        };
        Ok(host.name_servers()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};
