//! Declarations of tables and catalogues: one copy of each, however many devices share it.

use std::collections::HashSet;

use prost::Message as _;
use sonde_proto::v1;

use super::findings::is_collectors;
use super::{Id, Query, ROWS_PER_STATEMENT, Store, StoreError, TimeUs, Tx, Value};
use crate::wording::wording;

/// A catalogue that no device declares is kept so long: a day.
const UNUSED_US: i64 = 86_400_000_000;
/// Unused declarations that are looked at, the oldest first.
const UNUSED_PER_START: i64 = 1_000;

impl Store {
    /// Those of `ids` that the store does not hold.
    ///
    /// # Errors
    /// The store's own.
    pub async fn unknown_declarations(&self, ids: &[Id]) -> Result<Vec<Id>, StoreError> {
        let mut on = self.reader().await?;
        let known = Query::new("SELECT id FROM declarations WHERE id IN ")
            .list(ids.iter().copied())
            .read(&mut on, |columns| columns.id())
            .await?;
        Ok(ids
            .iter()
            .filter(|id| !known.contains(id))
            .copied()
            .collect())
    }

    /// Keeps bodies under their ids and notes that the device has declared them.
    /// That an id is its body's hash is the caller's to verify.
    ///
    /// # Errors
    /// Refused: a catalogue that declares a check of the collector's.
    pub async fn save_declarations(
        &self,
        device_key: i64,
        bodies: Vec<(Id, Vec<u8>)>,
        at: TimeUs,
    ) -> Result<(), StoreError> {
        self.write((device_key, bodies, at), |tx, (device_key, bodies, at)| {
            Box::pin(async move {
                for (id, body) in bodies {
                    check_catalogue(body)?;
                    Query::new(
                        "INSERT INTO declarations (id, body, at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
                    )
                    .bind(*id)
                    .bind(body)
                    .bind(*at)
                    .execute(&mut tx.on)
                    .await?;
                }
                let ids: Vec<Id> = bodies.iter().map(|(id, _)| *id).collect();
                add_for_device(tx, *device_key, &ids).await
            })
        })
        .await
    }

    /// Ids of all that the store holds.
    ///
    /// # Errors
    /// The store's own.
    pub async fn declaration_ids(&self) -> Result<Vec<Id>, StoreError> {
        let mut on = self.reader().await?;
        Query::new("SELECT id FROM declarations")
            .read(&mut on, |columns| columns.id())
            .await
    }

    /// A body; none: the store does not hold it.
    ///
    /// # Errors
    /// The store's own.
    pub async fn declaration(&self, id: Id) -> Result<Option<Vec<u8>>, StoreError> {
        let mut on = self.reader().await?;
        Query::new("SELECT body FROM declarations WHERE id = $1")
            .bind(id)
            .read_optional(&mut on, |columns| columns.bytes())
            .await
    }

    /// Bodies of those of `ids` that the store holds.
    ///
    /// # Errors
    /// The store's own.
    pub async fn declarations(&self, ids: &[Id]) -> Result<Vec<(Id, Vec<u8>)>, StoreError> {
        let mut on = self.reader().await?;
        let mut bodies = Vec::with_capacity(ids.len());
        for some in ids.chunks(ROWS_PER_STATEMENT) {
            let found = Query::new("SELECT id, body FROM declarations WHERE id IN ")
                .list(some.iter().copied())
                .read(&mut on, |columns| Ok((columns.id()?, columns.bytes()?)));
            bodies.extend(found.await?);
        }
        Ok(bodies)
    }

    /// Forgets catalogues that no device has declared for a while: nothing else refers to them. Asked at the start alone,
    /// when no session has taken it that the store holds one. Gives how many.
    ///
    /// # Errors
    /// The store's own.
    pub async fn forget_unused_catalogues(&self, now: TimeUs) -> Result<u64, StoreError> {
        self.write(now, |tx, now| Box::pin(forget_catalogues(tx, *now)))
            .await
    }

    /// What devices have declared, by key and id, in this order.
    ///
    /// # Errors
    /// The store's own.
    pub async fn declarations_of(
        &self,
        devices: &HashSet<i64>,
    ) -> Result<Vec<(i64, Id)>, StoreError> {
        let mut on = self.reader().await?;
        let mut keys: Vec<i64> = devices.iter().copied().collect();
        keys.sort_unstable();
        let mut declared = Vec::new();
        for some in keys.chunks(ROWS_PER_STATEMENT) {
            let found = Query::new(
                "SELECT device_key, declaration_id FROM device_declarations WHERE device_key IN ",
            )
            .list(some.iter().copied())
            .push(" ORDER BY device_key, declaration_id")
            .read(&mut on, |columns| Ok((columns.int()?, columns.id()?)));
            declared.extend(found.await?);
        }
        Ok(declared)
    }

    /// Ids of what the device has declared.
    ///
    /// # Errors
    /// The store's own.
    pub async fn device_declarations(&self, device_key: i64) -> Result<Vec<Id>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(
            "SELECT declaration_id FROM device_declarations WHERE device_key = $1 ORDER BY declaration_id",
        )
        .bind(device_key)
        .read(&mut on, |columns| columns.id())
        .await
    }
}

fn check_catalogue(body: &[u8]) -> Result<(), StoreError> {
    let Some(catalogue) = catalogue(body) else {
        return Ok(());
    };
    match catalogue
        .checks
        .iter()
        .find(|check| is_collectors(&check.id))
    {
        Some(check) => Err(StoreError::refused(
            "declaration",
            wording!("only the collector makes {}", check.id),
        )),
        None => Ok(()),
    }
}

/// `None`: it declares something else.
fn catalogue(body: &[u8]) -> Option<v1::Catalogue> {
    match v1::Declaration::decode(body).ok()?.body? {
        v1::declaration::Body::Catalogue(catalogue) => Some(catalogue),
        v1::declaration::Body::Table(_) => None,
    }
}

async fn forget_catalogues(tx: &mut Tx, now: TimeUs) -> Result<u64, StoreError> {
    let unused = Query::new(
        "SELECT id, body FROM declarations d WHERE at < $1 \
         AND NOT EXISTS (SELECT 1 FROM device_declarations h WHERE h.declaration_id = d.id) \
         AND NOT EXISTS (SELECT 1 FROM fact_states f WHERE f.declaration_id = d.id) ORDER BY at LIMIT $2",
    )
    .bind(now - UNUSED_US)
    .bind(UNUSED_PER_START)
    .read(&mut tx.on, |columns| Ok((columns.id()?, columns.bytes()?)))
    .await?;
    // What jobs have told in tables is shown by their declarations.
    let catalogues = unused.iter().filter(|(_, body)| catalogue(body).is_some());
    Query::new("DELETE FROM declarations WHERE id IN ")
        .list(catalogues.map(|(id, _)| *id))
        .execute(&mut tx.on)
        .await
}

/// What the device declares is exactly these; of those the store does not hold it is told later.
pub(super) async fn name_for_device(
    tx: &mut Tx,
    device_key: i64,
    ids: &[Id],
) -> Result<(), StoreError> {
    Query::new("DELETE FROM device_declarations WHERE device_key = ")
        .arg(device_key)
        .push(" AND declaration_id NOT IN ")
        .list(ids.iter().copied().chain([Id([0; 16])]))
        .execute(&mut tx.on)
        .await?;
    let held = Query::new("SELECT id FROM declarations WHERE id IN ")
        .list(ids.iter().copied())
        .read(&mut tx.on, |columns| columns.id())
        .await?;
    add_for_device(tx, device_key, &held).await
}

async fn add_for_device(tx: &mut Tx, device_key: i64, ids: &[Id]) -> Result<(), StoreError> {
    let rows = ids
        .iter()
        .map(|id| vec![Value::from(device_key), Value::from(*id)])
        .collect();
    super::insert_rows(
        &mut tx.on,
        "INSERT INTO device_declarations (device_key, declaration_id) VALUES ",
        rows,
        " ON CONFLICT (device_key, declaration_id) DO NOTHING",
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NOW, device, on_both};
    use super::*;

    #[tokio::test]
    async fn a_body_is_held_once_and_asked_for_only_when_missing() {
        on_both(|store| async move {
            let (_, first) = device(&store, "a").await;
            let (_, second) = device(&store, "b").await;
            let (one, two) = (Id([1; 16]), Id([2; 16]));
            assert_eq!(
                store.unknown_declarations(&[one, two]).await.unwrap(),
                [one, two]
            );
            for key in [first, second] {
                store
                    .save_declarations(key, vec![(one, b"body".to_vec())], NOW)
                    .await
                    .unwrap();
            }
            assert_eq!(
                store.unknown_declarations(&[one, two]).await.unwrap(),
                [two]
            );
            assert_eq!(store.declaration(one).await.unwrap().unwrap(), b"body");
            assert_eq!(store.declaration(two).await.unwrap(), None);
            assert_eq!(store.device_declarations(second).await.unwrap(), [one]);
        })
        .await;
    }

    fn declares(check: &str) -> (Id, Vec<u8>) {
        let catalogue = v1::Catalogue {
            checks: vec![v1::CheckDeclaration {
                id: check.into(),
                ..v1::CheckDeclaration::default()
            }],
            ..v1::Catalogue::default()
        };
        let body = v1::declaration::Body::Catalogue(catalogue);
        let (id, body) = sonde_proto::declaration::encode(body);
        (Id(id), body)
    }

    #[tokio::test]
    async fn a_device_does_not_declare_what_the_collector_judges() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let own = declares("device.silent");
            let refused = store.save_declarations(key, vec![own.clone()], NOW).await;
            let why = wording!("only the collector makes device.silent");
            assert_eq!(refused, Err(StoreError::refused("declaration", why)));
            assert_eq!(store.declaration(own.0).await.unwrap(), None);
        })
        .await;
    }

    #[tokio::test]
    async fn a_catalogue_that_no_device_declares_is_forgotten() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let (old, new) = (declares("disk.space"), declares("cpu.load"));
            let all = vec![old.clone(), new.clone()];
            store.save_declarations(key, all, NOW).await.unwrap();
            let forget = async |at| store.forget_unused_catalogues(at).await.unwrap();
            assert_eq!(forget(NOW + 2 * UNUSED_US).await, 0);
            store
                .write((key, new.0), |tx, (key, id)| {
                    Box::pin(async move { name_for_device(tx, *key, &[*id]).await })
                })
                .await
                .unwrap();
            assert_eq!(forget(NOW + UNUSED_US).await, 0, "it may be declared again");
            assert_eq!(forget(NOW + UNUSED_US + 1).await, 1);
            assert_eq!(
                store.unknown_declarations(&[old.0, new.0]).await.unwrap(),
                [old.0]
            );
        })
        .await;
    }
}
