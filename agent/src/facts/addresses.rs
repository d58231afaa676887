//! Addresses of the interfaces.

use std::time::Duration;

use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "addresses",
    every: Duration::from_secs(60),
    columns: &[
        Column::key("interface", Kind::Text),
        Column::key("address", Kind::Text),
        Column::slow("prefix", Kind::Integer, ""),
        Column::slow("family", Kind::Text, ""),
        Column::slow("scope", Kind::Text, ""),
        Column::slow("permanent", Kind::Truth, ""),
    ],
    read: |host, _| {
        let row = |address: crate::host::Address| -> Row {
            vec![
                address.interface.into(),
                address.ip.to_string().into(),
                u32::from(address.prefix).into(),
                if address.ip.is_ipv4() { "IPv4" } else { "IPv6" }.into(),
                address.scope.into(),
                address.permanent.into(),
            ]
        };
        Ok(host.addresses()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};
