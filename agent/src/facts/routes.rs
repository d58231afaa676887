//! Routes of the main table.

use std::time::Duration;

use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "routes",
    every: Duration::from_secs(60),
    columns: &[
        Column::key("family", Kind::Text),
        Column::key("destination", Kind::Text),
        Column::key("gateway", Kind::Text),
        Column::key("interface", Kind::Text),
        Column::key("metric", Kind::Integer),
    ],
    read: |host, _| {
        let row = |route: crate::host::Route| -> Row {
            let gateway = route.gateway.map(|gateway| gateway.to_string());
            vec![
                route.family.name().into(),
                format!("{}/{}", route.destination, route.prefix).into(),
                gateway.unwrap_or_default().into(),
                route.interface.into(),
                route.metric.into(),
            ]
        };
        Ok(host.routes()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};
