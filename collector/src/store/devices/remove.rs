//! How a device ceases to be one.

use super::super::work::{self, JobChange};
use super::super::{DeviceId, Query, Store, StoreError, TimeUs, Tx, alerts, audit};
use crate::wording::wording;

impl Store {
    /// The device's key is refused from now on; its jobs end, its history stays. Gives its key and its jobs' ends.
    ///
    /// # Errors
    /// Not found: the device.
    pub async fn remove_device(
        &self,
        id: &DeviceId,
        by: &str,
        at: TimeUs,
    ) -> Result<(i64, Vec<JobChange>), StoreError> {
        self.write((id.clone(), by.to_owned(), at), |tx, (id, by, at)| {
            Box::pin(async move {
                let device_key = Query::new(
                    "UPDATE devices SET removed_at = COALESCE(removed_at, $1), connected_at = NULL WHERE id = $2 \
                     RETURNING device_key",
                )
                .bind(*at)
                .bind(id)
                .read_optional(&mut tx.on, |columns| columns.int())
                .await?
                .ok_or(StoreError::not_found(wording!("device")))?;
                let jobs = leave(tx, device_key, by, *at).await?;
                audit::note(tx, by, "device.remove", id, "", *at).await?;
                Ok((device_key, jobs))
            })
        })
        .await
    }

    /// Key and moment of each removal from `since` on.
    ///
    /// # Errors
    /// The store's own.
    pub async fn removed_since(&self, since: TimeUs) -> Result<Vec<(i64, TimeUs)>, StoreError> {
        let mut on = self.reader().await?;
        Query::new("SELECT device_key, removed_at FROM devices WHERE removed_at >= $1")
            .bind(since)
            .read(&mut on, |columns| Ok((columns.int()?, columns.int()?)))
            .await
    }
}

/// A device is one no more: so are those kept apart under its key, its jobs end and its alerts are over.
pub(super) async fn leave(
    tx: &mut Tx,
    device_key: i64,
    by: &str,
    at: TimeUs,
) -> Result<Vec<JobChange>, StoreError> {
    remove_twins(tx, device_key, at).await?;
    alerts::clear_of_device(tx, device_key, at).await?;
    work::end_jobs_of(tx, device_key, by, at).await
}

/// What was kept apart for other machines with a device's key is a device no more.
pub(super) async fn remove_twins(
    tx: &mut Tx,
    device_key: i64,
    at: TimeUs,
) -> Result<(), StoreError> {
    Query::new(
        "UPDATE devices SET removed_at = $1, connected_at = NULL WHERE twin_of = $2 AND removed_at IS NULL",
    )
    .bind(at)
    .bind(device_key)
    .execute(&mut tx.on)
    .await?;
    Ok(())
}
