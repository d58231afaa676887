//! Maintenance: spans of time, planned ahead, in which devices are worked on. What is found then is recorded and shown and
//! opens no ticket; what is still wrong at the end opens one.

use std::collections::HashMap;

use super::super::{Columns, Id, Query, Store, StoreError, TimeUs, Tx, audit};
use super::SilenceKey;
use crate::desk::maintenance::{Plan, Weekly};
use crate::wording::wording;

/// Of one site, that are not over.
pub const MOST_PLANNED: usize = 500;

/// A maintenance to be planned.
#[derive(Debug, Clone)]
pub struct NewMaintenance {
    pub site_key: i64,
    /// Of the site; none: the whole of it.
    pub device_keys: Vec<i64>,
    pub plan: Plan,
    pub reason: String,
    pub created_by: String,
    pub at: TimeUs,
}

/// A maintenance as it was planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maintenance {
    pub id: Id,
    pub site_key: i64,
    /// Empty: the whole site.
    pub device_keys: Vec<i64>,
    pub plan: Plan,
    pub reason: String,
    pub created_by: String,
    pub created_at: TimeUs,
}

impl Maintenance {
    pub fn key(&self) -> SilenceKey {
        SilenceKey::new(self.created_at, self.id)
    }
}

impl Store {
    /// Plans a maintenance and gives its id.
    ///
    /// # Errors
    /// Refused: [`MOST_PLANNED`] of the site are planned.
    pub async fn plan_maintenance(&self, new: NewMaintenance) -> Result<Id, StoreError> {
        self.write(new, |tx, new| Box::pin(plan(tx, new))).await
    }

    /// What is planned at a moment and not over, the newest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn maintenance(&self, at: TimeUs) -> Result<Vec<Maintenance>, StoreError> {
        let mut on = self.reader().await?;
        planned(&mut on, at).await
    }

    /// Ends a maintenance, or what is left of it.
    ///
    /// # Errors
    /// Not found: the maintenance.
    pub async fn end_maintenance(&self, id: Id, by: &str, at: TimeUs) -> Result<(), StoreError> {
        self.write((id, by.to_owned(), at), |tx, (id, by, at)| {
            Box::pin(async move {
                let n_rows = Query::new(
                    "UPDATE maintenance SET ended_at = COALESCE(ended_at, $1) WHERE id = $2",
                )
                .bind(*at)
                .bind(*id)
                .execute(&mut tx.on)
                .await?;
                match n_rows {
                    0 => Err(StoreError::not_found(wording!("maintenance"))),
                    _ => audit::note(tx, by, "maintenance.end", id, "", *at).await,
                }
            })
        })
        .await
    }
}

/// What is planned at a moment and not over, the newest first.
pub(super) async fn planned(
    on: &mut sqlx::AnyConnection,
    at: TimeUs,
) -> Result<Vec<Maintenance>, StoreError> {
    let mut planned = Query::new(
        "SELECT id, site_key, reason, created_by, created_at, from_at, until_at, zone, last_at FROM maintenance \
         WHERE created_at <= $1 AND (ended_at IS NULL OR ended_at > $1) AND (zone IS NOT NULL OR until_at > $1) \
         ORDER BY created_at DESC, id DESC",
    )
    .bind(at)
    .read(on, read)
    .await?;
    planned.retain(|one| one.plan.next(at).is_some());
    if planned.is_empty() {
        return Ok(planned);
    }
    let of = Query::new(
        "SELECT d.id, d.device_key FROM maintenance_devices d JOIN maintenance m ON m.id = d.id \
         WHERE m.created_at <= $1 AND (m.ended_at IS NULL OR m.ended_at > $1) ORDER BY d.device_key",
    )
    .bind(at)
    .read(on, |columns| Ok((columns.id()?, columns.int()?)))
    .await?;
    let mut devices: HashMap<Id, Vec<i64>> = HashMap::new();
    for (id, device_key) in of {
        devices.entry(id).or_default().push(device_key);
    }
    for one in &mut planned {
        one.device_keys = devices.remove(&one.id).unwrap_or_default();
    }
    Ok(planned)
}

fn read(columns: &mut Columns<'_>) -> Result<Maintenance, StoreError> {
    let (id, site_key) = (columns.id()?, columns.int()?);
    let (reason, created_by, created_at) = (columns.text()?, columns.text()?, columns.int()?);
    let (from, until) = (columns.int()?, columns.int()?);
    let (zone, last) = (columns.opt_text()?, columns.opt_int()?);
    Ok(Maintenance {
        id,
        site_key,
        device_keys: Vec::new(),
        plan: Plan {
            from,
            until,
            weekly: zone.map(|zone| Weekly { zone, last }),
        },
        reason,
        created_by,
        created_at,
    })
}

async fn plan(tx: &mut Tx, new: &NewMaintenance) -> Result<Id, StoreError> {
    let planned = planned(&mut tx.on, new.at).await?;
    let of_site = planned.iter().filter(|one| one.site_key == new.site_key);
    if of_site.count() >= MOST_PLANNED {
        let what = wording!("{} of the site are planned already", MOST_PLANNED);
        return Err(StoreError::refused("site", what).remedy(wording!("end some of them")));
    }
    let id = Id::random();
    let weekly = new.plan.weekly.as_ref();
    Query::new(
        "INSERT INTO maintenance (id, site_key, reason, created_by, created_at, from_at, until_at, zone, last_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id)
    .bind(new.site_key)
    .bind(&new.reason)
    .bind(&new.created_by)
    .bind(new.at)
    .bind(new.plan.from)
    .bind(new.plan.until)
    .bind(weekly.map(|weekly| weekly.zone.as_str()))
    .bind(weekly.and_then(|weekly| weekly.last))
    .execute(&mut tx.on)
    .await?;
    let rows = new
        .device_keys
        .iter()
        .map(|key| vec![id.into(), (*key).into()]);
    super::super::insert_rows(
        &mut tx.on,
        "INSERT INTO maintenance_devices (id, device_key) VALUES ",
        rows.collect(),
        " ON CONFLICT (id, device_key) DO NOTHING",
    )
    .await?;
    let (by, reason) = (&new.created_by, &new.reason);
    audit::note(tx, by, "maintenance.plan", id, reason, new.at).await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{HOUR_US, NOW, device, on_both};
    use super::*;

    #[tokio::test]
    async fn what_is_planned_is_about_its_devices_or_its_site_until_it_is_over() {
        on_both(|store| async move {
            let (_, pc) = device(&store, "pc").await;
            let (_, other) = device(&store, "other").await;
            let once = Plan {
                from: NOW + HOUR_US,
                until: NOW + 2 * HOUR_US,
                weekly: None,
            };
            let weekly = Plan {
                weekly: Some(Weekly {
                    zone: "Europe/Paris".into(),
                    last: Some(NOW + 1_000 * HOUR_US),
                }),
                ..once.clone()
            };
            let new = |device_keys, plan| NewMaintenance {
                site_key: 1,
                device_keys,
                plan,
                reason: "a new switch".into(),
                created_by: "ann".into(),
                at: NOW,
            };
            let of_pc = store.plan_maintenance(new(vec![pc], once.clone())).await;
            let of_site = store.plan_maintenance(new(vec![], weekly.clone())).await;
            let (of_pc, of_site) = (of_pc.unwrap(), of_site.unwrap());
            let mut planned = store.maintenance(NOW).await.unwrap();
            planned.sort_by_key(|one| one.device_keys.len());
            assert_eq!((planned[0].id, planned[1].id), (of_site, of_pc));
            assert_eq!((&planned[0].plan, &planned[1].plan), (&weekly, &once));
            assert!(planned[0].device_keys.is_empty());
            assert_eq!(planned[1].device_keys, [pc]);
            // When it holds it is about its devices, or the site's.
            let silences = store.silences(NOW + HOUR_US).await.unwrap();
            assert!(silences.maintained(other, 1).is_some());
            assert!(silences.maintained(pc, 2).is_some());
            assert!(silences.maintained(other, 2).is_none());
            let before = store.silences(NOW).await.unwrap();
            assert!(before.maintained(pc, 1).is_none());
            let at = async |hours: i64| {
                store
                    .maintenance(NOW + hours * HOUR_US)
                    .await
                    .unwrap()
                    .len()
            };
            assert_eq!(at(1).await, 2);
            assert_eq!(at(2).await, 1);
            assert_eq!(at(2_000).await, 0);
            store
                .end_maintenance(of_site, "bob", NOW + HOUR_US)
                .await
                .unwrap();
            assert_eq!(at(1).await, 1);
            let nobody = store.end_maintenance(Id([9; 16]), "ann", NOW).await;
            assert_eq!(nobody, Err(StoreError::not_found(wording!("maintenance"))));
        })
        .await;
    }
}
