//! How many devices there are of each kind.

use super::DeviceFilter;
use super::worst;
use crate::store::{Query, Store, StoreError};

/// How many devices of a filter are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceCount {
    pub site: String,
    pub os: String,
    /// The worst finding, as monitoring plugins number it; none: nothing is reported yet.
    pub worst_status: Option<i64>,
    pub is_connected: bool,
    pub n_devices: i64,
}

impl Store {
    /// Devices of a filter by site, system, light and connection; its place and order mean nothing here.
    ///
    /// # Errors
    /// The store's own.
    pub async fn device_counts(
        &self,
        filter: &DeviceFilter,
    ) -> Result<Vec<DeviceCount>, StoreError> {
        let mut on = self.reader().await?;
        let narrowing = filter.narrowing(&mut on, self.dialect).await?;
        let query = Query::new(
            "SELECT s.name, d.os, d.light, CASE WHEN d.connected_at IS NULL THEN 0 ELSE 1 END, \
             CAST(COUNT(*) AS BIGINT) FROM devices d JOIN sites s ON s.site_key = d.site_key WHERE ",
        );
        filter
            .narrow(query, narrowing.as_ref())
            .push(" GROUP BY s.name, d.os, d.light, CASE WHEN d.connected_at IS NULL THEN 0 ELSE 1 END")
            .read(&mut on, |columns| {
                Ok(DeviceCount {
                    site: columns.text()?,
                    os: columns.text()?,
                    worst_status: columns.opt_int()?.map(worst),
                    is_connected: columns.truth()?,
                    n_devices: columns.int()?,
                })
            })
            .await
    }

    /// How many devices a filter holds, whatever its place.
    ///
    /// # Errors
    /// The store's own.
    pub async fn count_devices(&self, filter: &DeviceFilter) -> Result<i64, StoreError> {
        let mut on = self.reader().await?;
        let narrowing = filter.narrowing(&mut on, self.dialect).await?;
        let query = Query::new(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM devices d JOIN sites s ON s.site_key = d.site_key WHERE ",
        );
        let row = filter
            .narrow(query, narrowing.as_ref())
            .one(&mut on)
            .await?;
        crate::store::Columns::of(&row).int()
    }
}
