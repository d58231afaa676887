//! Declarations of tables and catalogues: one copy of each, however many devices share it.

use super::{Id, Query, Store, StoreError, TimeUs, Tx, Value};

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
    /// The store's own.
    pub async fn save_declarations(
        &self,
        device_key: i64,
        bodies: Vec<(Id, Vec<u8>)>,
        at: TimeUs,
    ) -> Result<(), StoreError> {
        self.write((device_key, bodies, at), |tx, (device_key, bodies, at)| {
            Box::pin(async move {
                for (id, body) in bodies {
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
}
