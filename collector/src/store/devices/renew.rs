//! A device's new key.

use super::found;
use crate::store::{Query, Store, StoreError, TimeUs};

impl Store {
    /// From the next session on the device may come with a new key; the one with which it `asked` stays good until then,
    /// however often an answer is lost.
    ///
    /// # Errors
    /// Not found: the device, or it was removed.
    pub async fn renew_key(
        &self,
        device_key: i64,
        asked: [u8; 32],
        spki: [u8; 32],
        certificate_not_after: TimeUs,
    ) -> Result<(), StoreError> {
        self.write(
            (device_key, asked, spki, certificate_not_after),
            |tx, (key, asked, spki, not_after)| {
                Box::pin(async move {
                    let n_rows = Query::new(
                        "UPDATE devices SET previous_spki = CASE WHEN spki = $1 THEN previous_spki ELSE $2 END, \
                         spki = $1, certificate_not_after = $3 WHERE device_key = $4 AND removed_at IS NULL",
                    )
                    .bind(&spki[..])
                    .bind(&asked[..])
                    .bind(*not_after)
                    .bind(*key)
                    .execute(&mut tx.on)
                    .await?;
                    found(n_rows)
                })
            },
        )
        .await
    }
}

#[cfg(test)]
mod tests {
    use crate::store::testing::{NOW, device, on_both};

    #[tokio::test]
    async fn a_key_stays_good_until_a_newer_one_has_come() {
        on_both(|store| async move {
            let (id, _) = device(&store, "lost").await;
            let before = store.admission(&id).await.unwrap().unwrap();
            let first = before.spki[0];
            for newer in [[7; 32], [8; 32]] {
                // The answer is lost, and the device asks with the key it has.
                store
                    .renew_key(before.device_key, first, newer, NOW)
                    .await
                    .unwrap();
                let good = store.admission(&id).await.unwrap().unwrap().spki;
                assert!(good.contains(&first) && good.contains(&newer), "{good:?}");
            }
        })
        .await;
    }
}
