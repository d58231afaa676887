//! Lists of devices.

use std::collections::HashMap;

use sonde_proto::v1;
use sqlx::AnyConnection;

use super::order::Lead;
use super::{Device, DevicePlace, Light, OrderBy, SELECT, read, worst};
use crate::question::Condition;
use crate::store::dialect::Dialect;
use crate::store::facts::Narrowing;
use crate::store::{Query, Store, StoreError, escape_like};

/// Ids in one statement.
const NAMED_AT_ONCE: usize = 500;

/// Which devices a list holds.
#[derive(Debug, Clone, Default)]
pub struct DeviceFilter {
    /// Only of these sites; none: of all.
    pub sites: Option<Vec<i64>>,
    /// Part of host name or serial number, or beginning of id or hardware address, case aside.
    pub text: Option<String>,
    /// The host name as a whole, case aside.
    pub hostname: Option<String>,
    pub connected: Option<bool>,
    /// Name of a site.
    pub site: Option<String>,
    pub os: Option<String>,
    pub agent_version: Option<String>,
    /// Worst findings, as monitoring plugins number them; none of them: nothing is reported yet.
    pub statuses: Option<Vec<Option<i64>>>,
    /// Whether two machines hold its key.
    pub conflict: Option<bool>,
    /// Those that have such a row now.
    pub of_facts: Option<OfFacts>,
    pub with_removed: bool,
    pub by: OrderBy,
    /// What comes after this place, which is one of the same order.
    pub after: Option<DevicePlace>,
    pub most: u32,
}

/// A question about the facts of devices.
#[derive(Debug, Clone)]
pub struct OfFacts {
    pub table: String,
    /// As devices declare the table.
    pub columns: Vec<v1::Column>,
    /// Fitted to these columns.
    pub condition: Option<Condition>,
}

/// What [`worst`] makes a status of.
fn light(status: i64) -> i64 {
    match status {
        2 => 3,
        1 => 2,
        0 => 0,
        _ => 1,
    }
}

impl DeviceFilter {
    pub(super) async fn narrowing(
        &self,
        on: &mut AnyConnection,
        dialect: Dialect,
    ) -> Result<Option<Narrowing<'_>>, StoreError> {
        let Some(of) = &self.of_facts else {
            return Ok(None);
        };
        let table = (of.table.as_str(), &of.columns[..]);
        let narrowing = Narrowing::new(on, dialect, table, of.condition.as_ref());
        Ok(Some(narrowing.await?))
    }

    /// Appends what holds of the devices `d` of the sites `s`, wherever they stand.
    pub(super) fn narrow(&self, query: Query, narrowing: Option<&Narrowing<'_>>) -> Query {
        let mut query = match self.with_removed {
            true => query.push("1 = 1"),
            false => query.push("d.removed_at IS NULL"),
        };
        if let Some(sites) = &self.sites {
            let sites = sites.iter().copied();
            query = query.push(" AND d.site_key IN ").list(sites);
        }
        let exactly = [
            (" AND s.name = ", &self.site),
            (" AND d.os = ", &self.os),
            (" AND d.agent_version = ", &self.agent_version),
        ];
        for (is, value) in exactly {
            if let Some(value) = value {
                query = query.push(is).arg(value);
            }
        }
        if let Some(text) = &self.text {
            query = named(query, &escape_like(&text.to_lowercase()));
        }
        if let Some(hostname) = &self.hostname {
            query = query
                .push(" AND (d.hostname = ")
                .arg(hostname)
                .push(" OR LOWER(d.hostname) = ")
                .arg(hostname.to_lowercase())
                .push(")");
        }
        let whether = [
            ("connected_at", self.connected),
            ("conflict_since", self.conflict),
        ];
        for (column, is_so) in whether {
            query = match is_so {
                Some(true) => query.push(&format!(" AND d.{column} IS NOT NULL")),
                Some(false) => query.push(&format!(" AND d.{column} IS NULL")),
                None => query,
            };
        }
        if let Some(statuses) = &self.statuses {
            // No light is -1.
            let lights = statuses.iter().map(|status| status.map_or(-1, light));
            query = query.push(" AND COALESCE(d.light, -1) IN ").list(lights);
        }
        match narrowing {
            Some(narrowing) => narrowing.push(query.push(" AND ")),
            None => query,
        }
    }
}

fn named(query: Query, text: &str) -> Query {
    query
        .push(" AND (LOWER(d.hostname) LIKE ")
        .arg(format!("%{text}%"))
        .push(" ESCAPE '!' OR d.id LIKE ")
        .arg(format!("{text}%"))
        .push(" ESCAPE '!' OR LOWER(d.serial) LIKE ")
        .arg(format!("%{text}%"))
        .push(" ESCAPE '!' OR d.device_key IN (SELECT a.device_key FROM device_addresses a WHERE a.mac LIKE ")
        .arg(format!("{text}%"))
        .push(" ESCAPE '!'))")
}

impl Store {
    /// A page of devices.
    ///
    /// # Errors
    /// The store's own.
    pub async fn devices(&self, filter: &DeviceFilter) -> Result<Vec<Device>, StoreError> {
        let mut on = self.reader().await?;
        let narrowing = filter.narrowing(&mut on, self.dialect).await?;
        let query = filter.narrow(Query::new(SELECT).push("WHERE "), narrowing.as_ref());
        let (then, way) = match filter.by.is_reversed {
            false => (">", "ASC"),
            true => ("<", "DESC"),
        };
        let is_by_key = filter.by.order == super::DeviceOrder::Enrolled;
        let lead = filter.by.order.lead_sql(self.dialect);
        let name = self.dialect.without_case("d.hostname");
        let query = match &filter.after {
            None => query,
            Some(place) if is_by_key => query
                .push(&format!(" AND d.device_key {then} "))
                .arg(place.device_key),
            Some(place) => {
                let query = query.push(&format!(" AND ({lead}, {name}, d.device_key) {then} ("));
                let query = match &place.lead {
                    Lead::Number(number) => query.arg(*number),
                    Lead::Text(text) => query.arg(text),
                };
                query
                    .push(", ")
                    .arg(&place.name)
                    .push(", ")
                    .arg(place.device_key)
                    .push(")")
            }
        };
        let query = match is_by_key {
            true => query.push(&format!(" ORDER BY d.device_key {way} LIMIT ")),
            false => query.push(&format!(
                " ORDER BY {lead} {way}, {name} {way}, d.device_key {way} LIMIT "
            )),
        };
        query.arg(filter.most).read(&mut on, read).await
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
            let query = Query::new(
                "SELECT d.id, d.hostname, d.connected_at, d.light FROM devices d WHERE d.id IN ",
            )
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

#[cfg(test)]
mod tests;
