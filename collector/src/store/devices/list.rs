//! Lists of devices.

use std::collections::HashMap;

use super::{Device, Light, SELECT, WORST, read, worst};
use crate::store::{Query, Store, StoreError, escape_like};

/// Ids in one statement.
const NAMED_AT_ONCE: usize = 500;

/// Which devices a list holds.
#[derive(Debug, Clone, Default)]
pub struct DeviceFilter {
    /// Only of these sites; none: of all.
    pub sites: Option<Vec<i64>>,
    /// Part of host name or beginning of the id, case aside.
    pub text: Option<String>,
    /// The host name as a whole, case aside.
    pub hostname: Option<String>,
    pub connected: Option<bool>,
    pub with_removed: bool,
    /// Keys after this one.
    pub after: i64,
    pub most: u32,
}

impl Store {
    /// A page of devices in the order of enrolment.
    ///
    /// # Errors
    /// The store's own.
    pub async fn devices(&self, filter: &DeviceFilter) -> Result<Vec<Device>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(SELECT)
            .push("WHERE d.device_key > ")
            .arg(filter.after);
        if let Some(sites) = &filter.sites {
            query = query
                .push(" AND d.site_key IN ")
                .list(sites.iter().copied());
        }
        if let Some(text) = &filter.text {
            let text = text.to_lowercase();
            query = query
                .push(" AND (LOWER(d.hostname) LIKE ")
                .arg(format!("%{}%", escape_like(&text)))
                .push(" ESCAPE '!' OR d.id LIKE ")
                .arg(format!("{}%", escape_like(&text)))
                .push(" ESCAPE '!')");
        }
        if let Some(hostname) = &filter.hostname {
            query = query
                .push(" AND (d.hostname = ")
                .arg(hostname)
                .push(" OR LOWER(d.hostname) = ")
                .arg(hostname.to_lowercase())
                .push(")");
        }
        query = match filter.connected {
            Some(true) => query.push(" AND d.connected_at IS NOT NULL"),
            Some(false) => query.push(" AND d.connected_at IS NULL"),
            None => query,
        };
        if !filter.with_removed {
            query = query.push(" AND d.removed_at IS NULL");
        }
        query
            .push(" ORDER BY d.device_key LIMIT ")
            .arg(filter.most)
            .read(&mut on, read)
            .await
    }
}

impl Store {
    /// Devices by their keys.
    ///
    /// # Errors
    /// The store's own.
    pub async fn devices_by_key(
        &self,
        keys: impl IntoIterator<Item = i64>,
    ) -> Result<HashMap<i64, Device>, StoreError> {
        let keys: Vec<i64> = keys.into_iter().collect();
        let mut found = HashMap::with_capacity(keys.len());
        if keys.is_empty() {
            return Ok(found);
        }
        let mut on = self.reader().await?;
        for some in keys.chunks(NAMED_AT_ONCE) {
            let query = Query::new(SELECT)
                .push("WHERE d.device_key IN ")
                .list(some.iter().copied());
            let devices = query.read(&mut on, read).await?;
            found.extend(
                devices
                    .into_iter()
                    .map(|device| (device.device_key, device)),
            );
        }
        Ok(found)
    }

    /// Keys of the sites of those devices that there are, by the device's id.
    ///
    /// # Errors
    /// The store's own.
    pub async fn sites_of_devices(
        &self,
        ids: impl IntoIterator<Item = &str>,
    ) -> Result<HashMap<String, i64>, StoreError> {
        let ids: Vec<&str> = ids.into_iter().collect();
        let mut found = HashMap::with_capacity(ids.len());
        if ids.is_empty() {
            return Ok(found);
        }
        let mut on = self.reader().await?;
        for some in ids.chunks(NAMED_AT_ONCE) {
            let query = Query::new("SELECT id, site_key FROM devices WHERE id IN ");
            let sites = query.list(some.iter().copied());
            found.extend(
                sites
                    .read(&mut on, |columns| Ok((columns.text()?, columns.int()?)))
                    .await?,
            );
        }
        Ok(found)
    }

    /// Host names by id, of those devices that there are.
    ///
    /// # Errors
    /// The store's own.
    pub async fn hostnames(
        &self,
        ids: impl IntoIterator<Item = &str>,
    ) -> Result<HashMap<String, String>, StoreError> {
        let mut ids: Vec<&str> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        let mut found = HashMap::with_capacity(ids.len());
        if ids.is_empty() {
            return Ok(found);
        }
        let mut on = self.reader().await?;
        for some in ids.chunks(NAMED_AT_ONCE) {
            let query = Query::new("SELECT id, hostname FROM devices WHERE id IN ");
            let named = query.list(some.iter().copied());
            found.extend(
                named
                    .read(&mut on, |columns| Ok((columns.text()?, columns.text()?)))
                    .await?,
            );
        }
        Ok(found)
    }

    /// How devices stand, by their ids; who is not there is left out.
    ///
    /// # Errors
    /// The store's own.
    pub async fn lights(
        &self,
        ids: impl IntoIterator<Item = &str>,
    ) -> Result<HashMap<String, Light>, StoreError> {
        let mut ids: Vec<&str> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        let mut found = HashMap::with_capacity(ids.len());
        if ids.is_empty() {
            return Ok(found);
        }
        let mut on = self.reader().await?;
        for some in ids.chunks(NAMED_AT_ONCE) {
            let query = Query::new("SELECT d.id, d.hostname, d.connected_at, ")
                .push(WORST)
                .push(" FROM devices d WHERE d.id IN ")
                .list(some.iter().copied());
            let lights = query.read(&mut on, |columns| {
                let id = columns.text()?;
                let light = Light {
                    hostname: columns.text()?,
                    is_connected: columns.opt_int()?.is_some(),
                    worst_status: columns.opt_int()?.map(worst),
                };
                Ok((id, light))
            });
            found.extend(lights.await?);
        }
        Ok(found)
    }
}
