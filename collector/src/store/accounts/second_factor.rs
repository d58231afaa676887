//! The second factor: time steps and recovery codes, each good once.

use super::super::{Query, Store, StoreError, TimeUs, Tx, audit, insert_rows};
use crate::wording::wording;

impl Store {
    /// Sets the second factor's secret and the recovery codes' hashes, in place of earlier ones.
    ///
    /// # Errors
    /// Not found: the account.
    pub async fn set_totp(
        &self,
        name: &str,
        secret: Vec<u8>,
        recovery_hashes: Vec<[u8; 32]>,
        at: TimeUs,
    ) -> Result<(), StoreError> {
        self.write(
            (name.to_owned(), secret, recovery_hashes, at),
            |tx, (name, secret, codes, at)| Box::pin(set(tx, name, secret, codes, name, *at)),
        )
        .await
    }

    /// Takes a time step's code: true once, false when this step or a later one was taken before.
    ///
    /// # Errors
    /// The store's own.
    pub async fn take_totp_step(&self, account_key: i64, step: i64) -> Result<bool, StoreError> {
        self.write((account_key, step), |tx, (account_key, step)| {
            Box::pin(async move {
                let n_rows = Query::new(
                    "UPDATE accounts SET totp_step = $1 WHERE account_key = $2 AND totp_step < $1",
                )
                .bind(*step)
                .bind(*account_key)
                .execute(&mut tx.on)
                .await?;
                Ok(n_rows == 1)
            })
        })
        .await
    }

    /// Takes a recovery code by its hash: true once.
    ///
    /// # Errors
    /// The store's own.
    pub async fn take_recovery_code(
        &self,
        account_key: i64,
        code_hash: [u8; 32],
        at: TimeUs,
    ) -> Result<bool, StoreError> {
        self.write((account_key, code_hash, at), |tx, (key, hash, at)| {
            Box::pin(async move {
                let n_rows = Query::new(
                    "UPDATE recovery_codes SET used_at = $1 WHERE account_key = $2 AND code_hash = $3 \
                     AND used_at IS NULL",
                )
                .bind(*at)
                .bind(*key)
                .bind(&hash[..])
                .execute(&mut tx.on)
                .await?;
                Ok(n_rows == 1)
            })
        })
        .await
    }
}

pub(super) async fn set(
    tx: &mut Tx,
    name: &str,
    secret: &[u8],
    codes: &[[u8; 32]],
    by: &str,
    at: TimeUs,
) -> Result<(), StoreError> {
    let key = Query::new(
        "UPDATE accounts SET totp_secret = $1, totp_step = 0 WHERE name = $2 \
         RETURNING account_key",
    )
    .bind(secret)
    .bind(name)
    .read_optional(&mut tx.on, |columns| columns.int())
    .await?
    .ok_or(StoreError::not_found(wording!("account")))?;
    Query::new("DELETE FROM recovery_codes WHERE account_key = $1")
        .bind(key)
        .execute(&mut tx.on)
        .await?;
    let rows = codes
        .iter()
        .map(|hash| vec![key.into(), hash[..].into()])
        .collect();
    insert_rows(
        &mut tx.on,
        "INSERT INTO recovery_codes (account_key, code_hash) VALUES ",
        rows,
        "",
    )
    .await?;
    audit::note(tx, by, "account.second-factor", name, "", at).await
}
