//! Network interfaces. What they count is a metric.

use std::time::Duration;

use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "interfaces",
    every: Duration::from_secs(60),
    columns: &[
        Column::key("name", Kind::Text),
        Column::slow("kind", Kind::Text, ""),
        Column::slow("mac", Kind::Text, ""),
        Column::slow("mtu", Kind::Integer, "bytes"),
        Column::slow("up", Kind::Truth, ""),
        Column::slow("carrier", Kind::Truth, ""),
        Column::slow("speed", Kind::Integer, "bit/s"),
        Column::slow("full_duplex", Kind::Truth, ""),
        Column::slow("driver", Kind::Text, ""),
        Column::slow("physical", Kind::Truth, ""),
    ],
    read: |host, _| {
        let row = |interface: crate::host::Interface| -> Row {
            vec![
                interface.name.into(),
                interface.kind.into(),
                interface.mac.into(),
                interface.mtu.into(),
                interface.up.into(),
                interface.carrier.into(),
                interface.speed.into(),
                interface.full_duplex.into(),
                interface.driver.into(),
                interface.physical.into(),
            ]
        };
        Ok(host.interfaces()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};
