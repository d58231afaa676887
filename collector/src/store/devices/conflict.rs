//! Two machines with one key: what each reports is kept apart until a technician splits them.

use super::super::{Columns, DeviceId, Id, Query, Store, StoreError, TimeUs, Tx, audit};
use crate::wording::wording;

/// Machines with the key of one device that are told apart.
const MOST_TWINS: i64 = 8;

/// How a conflict ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    pub device_key: i64,
    /// The installation that keeps the device's identity.
    pub kept: Id,
    /// Installations that have to enrol anew, with the devices under which their reports are kept.
    pub refused: Vec<(Id, i64)>,
}

impl Store {
    /// A second installation answers under the key of a device: both stay, and the second one's reports go to
    /// the device whose key this gives. Saying it again gives the same.
    ///
    /// # Errors
    /// Not found: the device. Refused: too many machines have its key.
    pub async fn device_in_conflict(
        &self,
        device_key: i64,
        second_installation: Id,
        at: TimeUs,
    ) -> Result<i64, StoreError> {
        self.write(
            (device_key, second_installation, at),
            |tx, (device_key, second, at)| Box::pin(begin(tx, *device_key, *second, *at)),
        )
        .await
    }

    /// Ends a conflict: `keep` stays the device, every other installation has to enrol anew.
    ///
    /// # Errors
    /// Not found: the device. Refused: it has no conflict, or `keep` is none of its installations.
    pub async fn split_device(
        &self,
        id: &DeviceId,
        keep: Id,
        by: &str,
        at: TimeUs,
    ) -> Result<Split, StoreError> {
        self.write(
            (id.clone(), keep, by.to_owned(), at),
            |tx, (id, keep, by, at)| {
                Box::pin(async move {
                    let split = split(tx, id, *keep, *at).await?;
                    let detail = format!("kept installation {keep}");
                    audit::note(tx, by, "device.split", id, &detail, *at).await?;
                    Ok(split)
                })
            },
        )
        .await
    }

    /// The installations under a device's key: its own first, then those in conflict with it, each with the key
    /// of the device under which its reports are kept.
    ///
    /// # Errors
    /// The store's own.
    pub async fn installations(&self, device_key: i64) -> Result<Vec<(Id, i64)>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(
            "SELECT installation_id, device_key FROM devices \
             WHERE device_key = $1 OR (twin_of = $1 AND removed_at IS NULL) ORDER BY device_key",
        )
        .bind(device_key)
        .read(&mut on, |columns| Ok((columns.id()?, columns.int()?)))
        .await
    }
}

async fn begin(tx: &mut Tx, device_key: i64, second: Id, at: TimeUs) -> Result<i64, StoreError> {
    let n_rows = Query::new(
        "UPDATE devices SET conflict_since = COALESCE(conflict_since, $1) WHERE device_key = $2",
    )
    .bind(at)
    .bind(device_key)
    .execute(&mut tx.on)
    .await?;
    super::found(n_rows)?;
    let known = Query::new(
        "SELECT device_key FROM devices WHERE twin_of = $1 AND installation_id = $2 AND removed_at IS NULL",
    )
    .bind(device_key)
    .bind(second)
    .read_optional(&mut tx.on, |columns| columns.int())
    .await?;
    if let Some(twin) = known {
        return Ok(twin);
    }
    let twins =
        Query::new("SELECT COUNT(*) FROM devices WHERE twin_of = $1 AND removed_at IS NULL")
            .bind(device_key)
            .one(&mut tx.on)
            .await?;
    if Columns::of(&twins).int()? >= MOST_TWINS {
        return Err(StoreError::refused(
            "device",
            wording!("{} other machines have its key already", MOST_TWINS),
        )
        .remedy(wording!("split them")));
    }
    Query::new(
        "INSERT INTO devices (id, site_key, hostname, os, serial, board_serial, machine_id, agent_version, \
         installation_id, spki, certificate_not_after, enrolled_at, last_seen, conflict_since, twin_of) \
         SELECT $1, site_key, hostname, os, serial, board_serial, machine_id, agent_version, \
         $2, spki, certificate_not_after, $3, $3, $3, device_key FROM devices WHERE device_key = $4 \
         RETURNING device_key",
    )
    .bind(&DeviceId::random())
    .bind(second)
    .bind(at)
    .bind(device_key)
    .read_optional(&mut tx.on, |columns| columns.int())
    .await?
    .ok_or(StoreError::not_found(wording!("device")))
}

async fn split(tx: &mut Tx, id: &DeviceId, keep: Id, at: TimeUs) -> Result<Split, StoreError> {
    let found =
        Query::new("SELECT device_key, installation_id, conflict_since FROM devices WHERE id = $1")
            .bind(id)
            .read_optional(&mut tx.on, |columns| {
                Ok((columns.int()?, columns.id()?, columns.opt_int()?))
            })
            .await?;
    let Some((device_key, own, conflict)) = found else {
        return Err(StoreError::not_found(wording!("device")));
    };
    if conflict.is_none() {
        return Err(StoreError::refused(
            "device",
            wording!("it has no conflict"),
        ));
    }
    let twins = Query::new(
        "SELECT installation_id, device_key FROM devices WHERE twin_of = $1 AND removed_at IS NULL",
    )
    .bind(device_key)
    .read(&mut tx.on, |columns| Ok((columns.id()?, columns.int()?)))
    .await?;
    let mut refused = twins;
    refused.push((own, device_key));
    let n_before = refused.len();
    refused.retain(|(installation, _)| *installation != keep);
    if refused.len() == n_before {
        return Err(StoreError::refused(
            "keep",
            wording!("it is none of the device's installations"),
        ));
    }
    for (installation, _) in &refused {
        Query::new(
            "INSERT INTO refused_installations (device_key, installation_id, at) VALUES ($1, $2, $3) \
             ON CONFLICT (device_key, installation_id) DO NOTHING",
        )
        .bind(device_key)
        .bind(*installation)
        .bind(at)
        .execute(&mut tx.on)
        .await?;
    }
    super::remove_twins(tx, device_key, at).await?;
    Query::new(
        "UPDATE devices SET conflict_since = NULL, installation_id = $1 WHERE device_key = $2",
    )
    .bind(keep)
    .bind(device_key)
    .execute(&mut tx.on)
    .await?;
    Ok(Split {
        device_key,
        kept: keep,
        refused,
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{NOW, device, on_both};
    use super::super::DeviceFilter;
    use super::*;

    #[tokio::test]
    async fn what_a_second_installation_reports_is_kept_apart_until_they_are_split() {
        on_both(|store| async move {
            let (id, key) = device(&store, "pc").await;
            let own = store.device(&id).await.unwrap().unwrap().installation_id;
            let second = Id([2; 16]);
            let twin = store.device_in_conflict(key, second, NOW).await.unwrap();
            assert_ne!(twin, key);
            assert_eq!(
                store.device_in_conflict(key, second, NOW + 1).await,
                Ok(twin)
            );
            assert_eq!(
                store.installations(key).await.unwrap(),
                [(own, key), (second, twin)]
            );
            assert_eq!(
                store.split_device(&id, Id([3; 16]), "ann", NOW).await,
                Err(StoreError::refused(
                    "keep",
                    wording!("it is none of the device's installations")
                ))
            );
            let split = store.split_device(&id, own, "ann", NOW).await.unwrap();
            assert_eq!(split.refused, [(second, twin)]);
            let admission = store.admission(&id).await.unwrap().unwrap();
            assert_eq!(admission.conflict_since, None);
            assert_eq!(admission.refused_installations, [second]);
            assert_eq!(
                store.split_device(&id, own, "ann", NOW).await,
                Err(StoreError::refused(
                    "device",
                    wording!("it has no conflict")
                ))
            );
        })
        .await;
    }

    #[tokio::test]
    async fn a_key_that_is_everywhere_makes_no_end_of_devices() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            for n in 0..MOST_TWINS as u8 {
                let twin = store.device_in_conflict(key, Id([n; 16]), NOW).await;
                assert!(twin.is_ok(), "{twin:?}");
            }
            let known = store.device_in_conflict(key, Id([0; 16]), NOW).await;
            assert!(known.is_ok());
            let another = store.device_in_conflict(key, Id([99; 16]), NOW).await;
            let why = wording!("8 other machines have its key already");
            let refused = StoreError::refused("device", why).remedy(wording!("split them"));
            assert_eq!(another, Err(refused));
        })
        .await;
    }

    #[tokio::test]
    async fn the_machine_that_stays_may_be_the_second_one() {
        on_both(|store| async move {
            let (id, key) = device(&store, "pc").await;
            let own = store.device(&id).await.unwrap().unwrap().installation_id;
            let second = Id([2; 16]);
            store.device_in_conflict(key, second, NOW).await.unwrap();
            let split = store.split_device(&id, second, "ann", NOW).await.unwrap();
            assert_eq!(split.refused, [(own, key)]);
            assert_eq!(store.installations(key).await.unwrap(), [(second, key)]);
            let filter = DeviceFilter {
                most: 10,
                ..DeviceFilter::default()
            };
            let all = store.devices(&filter).await.unwrap();
            let left: Vec<_> = all
                .iter()
                .map(|device| (device.device_key, device.conflict_since))
                .collect();
            assert_eq!(left, [(key, None)], "no twin is left behind");
        })
        .await;
    }
}
