//! Only the services that failed, for the check that judges them.

use super::{Table, services};

pub(super) const TABLE: Table = Table {
    name: "failed_services",
    in_worker: true,
    columns: services::TABLE.columns,
    read: |host, _| {
        Ok(host
            .failed_services()?
            .into_iter()
            .map(services::row)
            .collect())
    },
    ..Table::PLAIN
};
