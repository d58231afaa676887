//! Leases that DHCP clients of this machine keep.

use std::time::Duration;

use crate::host::Lease;

use super::{Column, Kind, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "dhcp_leases",
    every: Duration::from_secs(300),
    columns: &[
        Column::key("interface", Kind::Text),
        Column::key("address", Kind::Text),
        Column::slow("client", Kind::Text, ""),
        Column::slow("server", Kind::Text, ""),
        Column::slow("lifetime", Kind::Integer, "s"),
        // It moves with each renewal.
        Column::live("expires", Kind::Time, ""),
    ],
    in_worker: true,
    as_root: true,
    read: |host, _| {
        let row = |lease: Lease| -> Row {
            vec![
                lease.interface.into(),
                lease.address.to_string().into(),
                lease.client.into(),
                lease.server.map(|server| server.to_string()).into(),
                lease
                    .lifetime_seconds
                    .map_or(Value::Absent, |seconds| Value::Integer(seconds as i64)),
                lease.expires_us.map_or(Value::Absent, Value::TimeUs),
            ]
        };
        Ok(host.leases()?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};
