//! A device's new key.

use super::CodeKey;
use crate::store::{Query, Store, StoreError, TimeUs};
use crate::wording::wording;

impl Store {
    /// From the next session on the device may come with a new key; the one with which it `asked` stays good until then,
    /// however often an answer is lost. Gives what its codes are vouched for with, which is `code_key` where it had none.
    ///
    /// # Errors
    /// Not found: the device, or it was removed.
    pub async fn renew_key(
        &self,
        device_key: i64,
        asked: [u8; 32],
        spki: [u8; 32],
        certificate_not_after: TimeUs,
        code_key: CodeKey,
    ) -> Result<CodeKey, StoreError> {
        self.write(
            (device_key, asked, spki, certificate_not_after, code_key),
            |tx, (key, asked, spki, not_after, code_key)| {
                Box::pin(async move {
                    let renewed = Query::new(
                        "UPDATE devices SET previous_spki = CASE WHEN spki = $1 THEN previous_spki ELSE $2 END, \
                         spki = $1, certificate_not_after = $3, code_key = COALESCE(code_key, $5) \
                         WHERE device_key = $4 AND removed_at IS NULL RETURNING code_key",
                    )
                    .bind(&spki[..])
                    .bind(&asked[..])
                    .bind(*not_after)
                    .bind(*key)
                    .bind(&code_key.0[..])
                    .read_optional(&mut tx.on, |columns| columns.bytes())
                    .await?;
                    let kept = renewed.ok_or(StoreError::not_found(wording!("device")))?;
                    let kept = kept.try_into().map(CodeKey);
                    kept.map_err(|_| StoreError::Broken("a code's key is not 16 bytes long".into()))
                })
            },
        )
        .await
    }
}

#[cfg(test)]
mod tests {
    use crate::store::devices::CodeKey;
    use crate::store::testing::{NOW, device, forget_code_keys, on_both};

    #[tokio::test]
    async fn a_key_stays_good_until_a_newer_one_has_come() {
        on_both(|store| async move {
            let (id, _) = device(&store, "lost").await;
            let before = store.admission(&id).await.unwrap().unwrap();
            let first = before.spki[0];
            for newer in [[7; 32], [8; 32]] {
                // The answer is lost, and the device asks with the key it has.
                store
                    .renew_key(before.device_key, first, newer, NOW, CodeKey([9; 16]))
                    .await
                    .unwrap();
                let good = store.admission(&id).await.unwrap().unwrap().spki;
                assert!(good.contains(&first) && good.contains(&newer), "{good:?}");
            }
        })
        .await;
    }

    #[tokio::test]
    async fn a_device_without_a_key_for_codes_gets_one_and_keeps_it() {
        on_both(|store| async move {
            let (id, _) = device(&store, "old").await;
            let known = store.admission(&id).await.unwrap().unwrap();
            let renew = async |offered| {
                let renewed =
                    store.renew_key(known.device_key, known.spki[0], [7; 32], NOW, offered);
                renewed.await.unwrap()
            };
            assert_eq!(renew(CodeKey([9; 16])).await, CodeKey([7; 16]));
            forget_code_keys(&store).await;
            assert_eq!(renew(CodeKey([9; 16])).await, CodeKey([9; 16]));
            assert_eq!(renew(CodeKey([8; 16])).await, CodeKey([9; 16]));
        })
        .await;
    }
}
