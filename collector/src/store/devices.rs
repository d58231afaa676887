//! Devices: who is enrolled, which keys are accepted, who is connected.

mod clock;
mod codes;
mod conflict;
mod counts;
mod enrol;
mod light;
mod list;
mod order;
mod remove;
mod renew;

pub use clock::ClockStatus;
pub use codes::{CodeKey, Speaker};
pub use conflict::Split;
pub use counts::DeviceCount;
pub use enrol::{EnrolDevice, Enrolled, MOST_ADDRESSES, Predecessor};
pub(super) use light::relight;
pub use list::{DeviceFilter, OfFacts};
pub use order::{DeviceOrder, DevicePlace, OrderBy};
use remove::{leave, remove_twins};

use super::{Columns, DeviceId, Id, Query, Store, StoreError, TimeUs};
use crate::wording::wording;

/// What the link asks before it admits a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    pub device_key: i64,
    /// Name of its site.
    pub site: String,
    pub removed: bool,
    /// SHA-256 of the public keys that are accepted: the present one, and the one before it until the present
    /// one was seen.
    pub spki: Vec<[u8; 32]>,
    pub installation_id: Id,
    pub conflict_since: Option<TimeUs>,
    /// Installations that have to enrol anew.
    pub refused_installations: Vec<Id>,
}

/// What a machine is told by. What it cannot say is empty, and stays as it was known.
#[derive(Debug, Clone, Default)]
pub struct MachineNames {
    pub os: String,
    pub serial: String,
    pub board_serial: String,
    pub machine_id: String,
    /// Lower-case hexadecimal with colons.
    pub macs: Vec<String>,
}

/// A session that has begun.
#[derive(Debug, Clone)]
pub struct Connected {
    pub device_key: i64,
    pub installation_id: Id,
    pub boot_id: String,
    pub agent_version: String,
    pub hostname: String,
    pub names: MachineNames,
    /// Device's clock less the collector's.
    pub clock_offset_us: i64,
    /// SHA-256 of the public key it came with; a key that is used makes the one before it worthless.
    pub spki: [u8; 32],
    /// Of all declarations that the device names and the store holds.
    pub declaration_ids: Vec<Id>,
    pub at: TimeUs,
}

/// A device as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub device_key: i64,
    pub id: DeviceId,
    pub site: String,
    pub site_key: i64,
    pub hostname: String,
    pub os: String,
    pub serial: String,
    pub agent_version: String,
    pub installation_id: Id,
    pub boot_id: String,
    pub certificate_not_after: TimeUs,
    pub enrolled_at: TimeUs,
    pub removed_at: Option<TimeUs>,
    pub connected_at: Option<TimeUs>,
    pub last_seen: TimeUs,
    pub clock_offset_us: i64,
    pub conflict_since: Option<TimeUs>,
    pub twin_of: Option<i64>,
    /// Ids of the devices that this one may continue, or continues.
    pub proposed_predecessor: Option<String>,
    pub predecessor: Option<String>,
    /// Its worst finding, as monitoring plugins number it; none: nothing is reported yet.
    pub worst_status: Option<i64>,
}

/// How a device stands, as it is seen beside something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Light {
    pub hostname: String,
    pub is_connected: bool,
    /// Its worst finding, as monitoring plugins number it; none: nothing is reported yet.
    pub worst_status: Option<i64>,
}

/// The status that a light stands for. What is known to be wrong outweighs what nobody can tell.
fn worst(rank: i64) -> i64 {
    match rank {
        3 => 2,
        2 => 1,
        1 => 3,
        _ => 0,
    }
}

const SELECT: &str = "SELECT d.device_key, d.id, s.name, d.site_key, d.hostname, d.os, d.serial, d.agent_version, \
     d.installation_id, d.boot_id, d.certificate_not_after, d.enrolled_at, d.removed_at, d.connected_at, d.last_seen, \
     d.clock_offset, d.conflict_since, d.twin_of, q.id, p.id, d.light \
     FROM devices d JOIN sites s ON s.site_key = d.site_key \
     LEFT JOIN devices q ON q.device_key = d.proposed_predecessor \
     LEFT JOIN devices p ON p.device_key = d.predecessor ";

fn read(columns: &mut Columns<'_>) -> Result<Device, StoreError> {
    Ok(Device {
        device_key: columns.int()?,
        id: device_id(&columns.text()?)?,
        site: columns.text()?,
        site_key: columns.int()?,
        hostname: columns.text()?,
        os: columns.text()?,
        serial: columns.text()?,
        agent_version: columns.text()?,
        installation_id: columns.id()?,
        boot_id: columns.text()?,
        certificate_not_after: columns.int()?,
        enrolled_at: columns.int()?,
        removed_at: columns.opt_int()?,
        connected_at: columns.opt_int()?,
        last_seen: columns.int()?,
        clock_offset_us: columns.int()?,
        conflict_since: columns.opt_int()?,
        twin_of: columns.opt_int()?,
        proposed_predecessor: columns.opt_text()?,
        predecessor: columns.opt_text()?,
        worst_status: columns.opt_int()?.map(worst),
    })
}

fn device_id(text: &str) -> Result<DeviceId, StoreError> {
    Ok(text.parse()?)
}

impl Store {
    /// What is known of a device before its session begins; none: it never enrolled here.
    ///
    /// # Errors
    /// The store's own.
    pub async fn admission(&self, id: &DeviceId) -> Result<Option<Admission>, StoreError> {
        let mut on = self.reader().await?;
        let found = Query::new(
            "SELECT d.device_key, s.name, d.removed_at, d.spki, d.previous_spki, d.installation_id, \
             d.conflict_since FROM devices d \
             JOIN sites s ON s.site_key = d.site_key WHERE d.id = $1 AND d.twin_of IS NULL",
        )
        .bind(id)
        .read_optional(&mut on, |columns| {
            Ok(Admission {
                device_key: columns.int()?,
                site: columns.text()?,
                removed: columns.opt_int()?.is_some(),
                spki: [Some(columns.bytes()?), columns.opt_bytes()?]
                    .into_iter()
                    .flatten()
                    .filter_map(|hash| hash.try_into().ok())
                    .collect(),
                installation_id: columns.id()?,
                conflict_since: columns.opt_int()?,
                refused_installations: Vec::new(),
            })
        })
        .await?;
        let Some(mut admission) = found else {
            return Ok(None);
        };
        admission.refused_installations =
            Query::new("SELECT installation_id FROM refused_installations WHERE device_key = $1")
                .bind(admission.device_key)
                .read(&mut on, |columns| columns.id())
                .await?;
        Ok(Some(admission))
    }

    /// A session has begun. Gives numbers and versions of the tickets that have waited for it.
    ///
    /// # Errors
    /// Not found: the device, or it was removed.
    pub async fn device_connected(
        &self,
        connected: Connected,
    ) -> Result<Vec<(i64, i64)>, StoreError> {
        self.write(connected, |tx, c| {
            Box::pin(async move {
                let n_rows = Query::new(
                    "UPDATE devices SET connected_at = $1, last_seen = $2, installation_id = $3, boot_id = $4, \
                     agent_version = $5, hostname = $6, clock_offset = $7, \
                     previous_spki = CASE WHEN spki = $8 THEN NULL ELSE previous_spki END, \
                     os = COALESCE(NULLIF($9, ''), os), serial = COALESCE(NULLIF($10, ''), serial), \
                     board_serial = COALESCE(NULLIF($11, ''), board_serial), \
                     machine_id = COALESCE(NULLIF($12, ''), machine_id) \
                     WHERE device_key = $13 AND removed_at IS NULL",
                )
                .bind(c.at)
                .bind(c.at)
                .bind(c.installation_id)
                .bind(&c.boot_id)
                .bind(&c.agent_version)
                .bind(&c.hostname)
                .bind(c.clock_offset_us)
                .bind(&c.spki[..])
                .bind(&c.names.os)
                .bind(&c.names.serial)
                .bind(&c.names.board_serial)
                .bind(&c.names.machine_id)
                .bind(c.device_key)
                .execute(&mut tx.on)
                .await?;
                found(n_rows)?;
                enrol::has_addresses(tx, c.device_key, &c.names.macs).await?;
                super::declarations::name_for_device(tx, c.device_key, &c.declaration_ids).await?;
                super::tickets::back(tx, c.device_key, c.at).await
            })
        })
        .await
    }

    /// A session that began at `connected_at` has ended; a later one is left alone.
    ///
    /// # Errors
    /// The store's own.
    pub async fn device_disconnected(
        &self,
        device_key: i64,
        connected_at: TimeUs,
        at: TimeUs,
    ) -> Result<(), StoreError> {
        self.write((device_key, connected_at, at), |tx, (key, since, at)| {
            Box::pin(async move {
                Query::new(
                    "UPDATE devices SET connected_at = NULL, last_seen = $1 \
                     WHERE device_key = $2 AND connected_at = $3",
                )
                .bind(*at)
                .bind(*key)
                .bind(*since)
                .execute(&mut tx.on)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Devices were heard of, by key, with the clock's offset; written every minute or so, not at every report.
    ///
    /// # Errors
    /// The store's own.
    pub async fn devices_seen(&self, seen: Vec<(i64, i64)>, at: TimeUs) -> Result<(), StoreError> {
        self.write((seen, at), |tx, (seen, at)| {
            Box::pin(async move {
                for (device_key, offset_us) in seen {
                    Query::new(
                        "UPDATE devices SET last_seen = $1, clock_offset = $2 WHERE device_key = $3",
                    )
                    .bind(*at)
                    .bind(*offset_us)
                    .bind(*device_key)
                    .execute(&mut tx.on)
                    .await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// The collector has started: nobody is connected.
    ///
    /// # Errors
    /// The store's own.
    pub async fn all_disconnected(&self) -> Result<(), StoreError> {
        self.write((), |tx, ()| {
            Box::pin(async move {
                Query::new("UPDATE devices SET connected_at = NULL WHERE connected_at IS NOT NULL")
                    .execute(&mut tx.on)
                    .await?;
                Ok(())
            })
        })
        .await
    }

    /// Devices that are recorded as connected since before `before`: (key, since when).
    ///
    /// # Errors
    /// The store's own.
    pub async fn connected_before(&self, before: TimeUs) -> Result<Vec<(i64, TimeUs)>, StoreError> {
        let mut on = self.reader().await?;
        Query::new("SELECT device_key, connected_at FROM devices WHERE connected_at < $1")
            .bind(before)
            .read(&mut on, |columns| Ok((columns.int()?, columns.int()?)))
            .await
    }

    /// One device.
    ///
    /// # Errors
    /// The store's own.
    pub async fn device(&self, id: &DeviceId) -> Result<Option<Device>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(SELECT)
            .push("WHERE d.id = $1")
            .bind(id)
            .read_optional(&mut on, read)
            .await
    }

    /// One device by its key.
    ///
    /// # Errors
    /// The store's own.
    pub async fn device_by_key(&self, device_key: i64) -> Result<Option<Device>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(SELECT)
            .push("WHERE d.device_key = $1")
            .bind(device_key)
            .read_optional(&mut on, read)
            .await
    }
}

pub(super) fn found(n_rows: u64) -> Result<(), StoreError> {
    match n_rows {
        0 => Err(StoreError::not_found(wording!("device"))),
        _ => Ok(()),
    }
}
