//! Only the services that failed, for the check that judges them.

use std::time::Duration;

use crate::host::{Host, Service, Unavailable};

use super::{Request, Table, services};

pub(super) const TABLE: Table = Table {
    name: "failed_services",
    in_worker: true,
    deadline: Duration::from_millis(1500),
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

/// The services that failed. A machine without a service manager starts no worker for that answer.
pub(crate) async fn ask(host: &Host) -> Result<Vec<Service>, Unavailable> {
    if !host.has_service_manager() {
        return host.failed_services();
    }
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    Ok(reading.rows.iter().map(services::from_row).collect())
}
