//! Sessions of browsers and tokens of the command line: named, revocable, hashed.

use super::super::{Columns, Id, Query, Store, StoreError, TimeUs, Tx, audit};
use super::Account;
use crate::wording::wording;

/// Time between two notes of a credential's use, microseconds: what is written at every request costs.
const USE_NOTED_EVERY_US: i64 = 60_000_000;

/// Where a credential is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    /// A browser's; ends when it lies idle.
    Session,
    /// The command line's.
    Token,
}

impl CredentialKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Token => "token",
        }
    }

    fn named(name: &str) -> Result<Self, StoreError> {
        let mut all = [Self::Session, Self::Token].into_iter();
        all.find(|kind| kind.as_str() == name)
            .ok_or_else(|| StoreError::Broken(format!("a credential's kind is {name:?}")))
    }
}

/// A credential to be made.
#[derive(Debug, Clone)]
pub struct NewCredential {
    pub account_key: i64,
    /// SHA-256 of the secret.
    pub secret_hash: [u8; 32],
    pub kind: CredentialKind,
    pub name: String,
    pub expires_at: TimeUs,
    /// How long it may lie unused; 0: as long as it lives.
    pub idle_us: i64,
    pub at: TimeUs,
}

/// A credential as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub id: Id,
    pub kind: String,
    pub name: String,
    pub created_at: TimeUs,
    pub used_at: TimeUs,
    pub expires_at: TimeUs,
}

/// Who comes with a credential that is good now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub account: Account,
    pub credential: Id,
    pub kind: CredentialKind,
    pub expires_at: TimeUs,
    /// Its use should be noted.
    pub note_use: bool,
}

impl Store {
    /// Makes a credential and gives its id.
    ///
    /// # Errors
    /// Not found: the account, or it is disabled.
    pub async fn create_credential(&self, credential: NewCredential) -> Result<Id, StoreError> {
        self.write(credential, |tx, c| {
            Box::pin(async move {
                let id = Id::random();
                let n_rows = Query::new(
                    "INSERT INTO credentials (id, account_key, secret_hash, kind, name, created_at, used_at, \
                     expires_at, idle_us) SELECT $1, account_key, $2, $3, $4, $5, $5, $6, $7 FROM accounts \
                     WHERE account_key = $8 AND disabled_at IS NULL",
                )
                .bind(id)
                .bind(&c.secret_hash[..])
                .bind(c.kind.as_str())
                .bind(&c.name)
                .bind(c.at)
                .bind(c.expires_at)
                .bind(c.idle_us)
                .bind(c.account_key)
                .execute(&mut tx.on)
                .await?;
                super::found(n_rows)?;
                let detail = format!("{} {}", c.kind.as_str(), c.name);
                noted(tx, c.account_key, "credential.create", id, &detail, c.at).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Who comes with this secret; none: nobody, or the credential has expired, idled, was revoked, or its account
    /// is disabled.
    ///
    /// # Errors
    /// The store's own.
    pub async fn signed_in(
        &self,
        secret_hash: &[u8; 32],
        now: TimeUs,
    ) -> Result<Option<SignedIn>, StoreError> {
        let mut on = self.reader().await?;
        let found = Query::new(
            "SELECT a.account_key, a.name, a.role, CASE WHEN a.totp_secret IS NULL THEN 0 ELSE 1 END, \
             a.created_at, a.disabled_at, c.id, c.kind, c.expires_at, c.used_at \
             FROM credentials c JOIN accounts a ON a.account_key = c.account_key \
             WHERE c.secret_hash = $1 AND c.revoked_at IS NULL AND c.expires_at > $2 \
             AND (c.idle_us = 0 OR c.used_at + c.idle_us > $2) AND a.disabled_at IS NULL",
        )
        .bind(&secret_hash[..])
        .bind(now)
        .read_optional(&mut on, |columns| {
            Ok(SignedIn {
                account: super::read(columns)?,
                credential: columns.id()?,
                kind: CredentialKind::named(&columns.text()?)?,
                expires_at: columns.int()?,
                note_use: columns.int()? + USE_NOTED_EVERY_US <= now,
            })
        })
        .await?;
        let Some(mut signed_in) = found else {
            return Ok(None);
        };
        signed_in.account = super::with_sites(&mut on, signed_in.account).await?;
        Ok(Some(signed_in))
    }

    /// A credential was used.
    ///
    /// # Errors
    /// The store's own.
    pub async fn credential_used(&self, id: Id, at: TimeUs) -> Result<(), StoreError> {
        self.write((id, at), |tx, (id, at)| {
            Box::pin(async move {
                Query::new("UPDATE credentials SET used_at = $1 WHERE id = $2")
                    .bind(*at)
                    .bind(*id)
                    .execute(&mut tx.on)
                    .await?;
                Ok(())
            })
        })
        .await
    }

    /// A page of an account's credentials that are not revoked, the newest first; with `before`, those that were made
    /// before that one.
    ///
    /// # Errors
    /// The store's own.
    pub async fn credentials(
        &self,
        account_key: i64,
        before: Option<Id>,
        most: u32,
    ) -> Result<Vec<Credential>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(
            "SELECT id, kind, name, created_at, used_at, expires_at FROM credentials \
             WHERE account_key = $1 AND revoked_at IS NULL",
        )
        .bind(account_key);
        if let Some(before) = before {
            query = query
                .push(" AND credential_key < (SELECT credential_key FROM credentials WHERE id = ")
                .arg(before)
                .push(")");
        }
        query
            .push(" ORDER BY credential_key DESC LIMIT ")
            .arg(most)
            .read(&mut on, |columns: &mut Columns<'_>| {
                Ok(Credential {
                    id: columns.id()?,
                    kind: columns.text()?,
                    name: columns.text()?,
                    created_at: columns.int()?,
                    used_at: columns.int()?,
                    expires_at: columns.int()?,
                })
            })
            .await
    }

    /// Ends a credential of an account.
    ///
    /// # Errors
    /// Not found: the credential, or it is another's.
    pub async fn revoke_credential(
        &self,
        account_key: i64,
        id: Id,
        at: TimeUs,
    ) -> Result<(), StoreError> {
        self.write((account_key, id, at), |tx, (account_key, id, at)| {
            Box::pin(async move {
                let n_rows = Query::new(
                    "UPDATE credentials SET revoked_at = COALESCE(revoked_at, $1) WHERE id = $2 AND account_key = $3",
                )
                .bind(*at)
                .bind(*id)
                .bind(*account_key)
                .execute(&mut tx.on)
                .await?;
                match n_rows {
                    0 => Err(StoreError::not_found(wording!("credential"))),
                    _ => noted(tx, *account_key, "credential.revoke", *id, "", *at).await,
                }
            })
        })
        .await
    }
}

/// Ends all credentials of an account.
pub(super) async fn revoke_all(tx: &mut Tx, name: &str, at: TimeUs) -> Result<(), StoreError> {
    Query::new(
        "UPDATE credentials SET revoked_at = $1 WHERE revoked_at IS NULL AND account_key = \
         (SELECT account_key FROM accounts WHERE name = $2)",
    )
    .bind(at)
    .bind(name)
    .execute(&mut tx.on)
    .await?;
    Ok(())
}

/// An account does something to a credential of its own.
async fn noted(
    tx: &mut Tx,
    account_key: i64,
    deed: &str,
    id: Id,
    detail: &str,
    at: TimeUs,
) -> Result<(), StoreError> {
    let name = Query::new("SELECT name FROM accounts WHERE account_key = $1")
        .bind(account_key)
        .read_optional(&mut tx.on, |columns| columns.text())
        .await?
        .ok_or(StoreError::not_found(wording!("account")))?;
    audit::note(tx, &name, deed, id, detail, at).await
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{HOUR_US, NOW, on_both};
    use super::super::{AccountChange, NewAccount, Role};
    use super::*;

    async fn ann(store: &Store) -> i64 {
        store
            .create_account(NewAccount {
                name: "ann".into(),
                role: Role::Technician,
                password_hash: "x".into(),
                sites: vec!["default".into()],
                created_by: "root".into(),
                at: NOW,
            })
            .await
            .unwrap()
    }

    fn credential(account_key: i64, secret: u8, idle_us: i64) -> NewCredential {
        NewCredential {
            account_key,
            secret_hash: [secret; 32],
            kind: CredentialKind::Token,
            name: "laptop".into(),
            expires_at: NOW + 2 * HOUR_US,
            idle_us,
            at: NOW,
        }
    }

    #[tokio::test]
    async fn a_credential_ends_by_expiry_idling_revocation_and_with_its_account() {
        on_both(|store| async move {
            let key = ann(&store).await;
            let first = store
                .create_credential(credential(key, 1, 0))
                .await
                .unwrap();
            store
                .create_credential(credential(key, 2, HOUR_US))
                .await
                .unwrap();
            let who = async |secret: u8, now| {
                let signed_in = store.signed_in(&[secret; 32], now).await.unwrap();
                signed_in.map(|signed_in| signed_in.account.name)
            };
            let ann = Some("ann".to_owned());
            assert_eq!(who(9, NOW).await, None);
            assert_eq!(who(1, NOW + 2 * HOUR_US - 1).await, ann);
            assert_eq!(who(1, NOW + 2 * HOUR_US).await, None);
            assert_eq!(who(2, NOW + HOUR_US - 1).await, ann);
            assert_eq!(who(2, NOW + HOUR_US).await, None);
            assert_eq!(
                store.revoke_credential(key + 1, first, NOW).await,
                Err(StoreError::not_found(wording!("credential")))
            );
            store.revoke_credential(key, first, NOW).await.unwrap();
            assert_eq!(who(1, NOW).await, None);
            assert_eq!(who(2, NOW).await, ann);
            let disable = async |disabled| {
                let change = AccountChange {
                    disabled: Some(disabled),
                    ..AccountChange::default()
                };
                store.change_account("ann", change, "root", NOW).await
            };
            disable(true).await.unwrap();
            assert_eq!(who(2, NOW).await, None);
            disable(false).await.unwrap();
            assert_eq!(who(2, NOW).await, None, "what ended stays ended");
        })
        .await;
    }

    #[tokio::test]
    async fn codes_work_once_and_names_are_taken_once() {
        on_both(|store| async move {
            let key = ann(&store).await;
            store
                .set_totp("ann", vec![1; 20], vec![[5; 32]], NOW)
                .await
                .unwrap();
            assert!(store.take_totp_step(key, 7).await.unwrap());
            assert!(!store.take_totp_step(key, 7).await.unwrap());
            assert!(!store.take_totp_step(key, 6).await.unwrap());
            assert!(store.take_recovery_code(key, [5; 32], NOW).await.unwrap());
            assert!(!store.take_recovery_code(key, [5; 32], NOW).await.unwrap());
            let again = store
                .create_account(NewAccount {
                    name: "ann".into(),
                    role: Role::Viewer,
                    password_hash: "y".into(),
                    sites: vec![],
                    created_by: "root".into(),
                    at: NOW,
                })
                .await;
            assert_eq!(
                again,
                Err(StoreError::conflict(wording!(
                    "an account named ann is there already"
                )))
            );
        })
        .await;
    }
}
