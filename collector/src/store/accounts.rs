//! Accounts: people, their roles and what proves who they are. Secrets are kept as hashes only.

mod change;
mod credentials;
mod forget;
mod second_factor;
mod throttle;

pub use change::AccountChange;
pub use credentials::{Credential, CredentialKind, NewCredential, SignedIn};
pub use throttle::Subject;

use super::{Columns, Query, Store, StoreError, TimeUs, Tx, audit, sites};
use crate::wording::wording;

/// What an account may do; each includes the one before.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Viewer,
    Technician,
    Senior,
    Admin,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Technician, Self::Senior, Self::Admin];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Technician => "technician",
            Self::Senior => "senior",
            Self::Admin => "admin",
        }
    }

    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// An account without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub account_key: i64,
    pub name: String,
    pub role: Role,
    /// Keys of the sites it works for; empty: all.
    pub sites: Vec<i64>,
    pub has_totp: bool,
    pub created_at: TimeUs,
    pub disabled_at: Option<TimeUs>,
}

impl Account {
    /// Whether it works for a site.
    pub fn sees(&self, site_key: i64) -> bool {
        self.sites.is_empty() || self.sites.contains(&site_key)
    }

    /// Its sites as a list's filter takes them.
    pub fn site_filter(&self) -> Option<Vec<i64>> {
        (!self.sites.is_empty()).then(|| self.sites.clone())
    }
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub name: String,
    pub role: Role,
    /// In PHC form.
    pub password_hash: String,
    /// Names; empty: all.
    pub sites: Vec<String>,
    pub created_by: String,
    pub at: TimeUs,
}

/// What an account is entered with from now on.
#[derive(Debug, Clone)]
pub struct NewSecrets {
    /// In PHC form.
    pub password_hash: String,
    pub totp_secret: Vec<u8>,
    pub recovery_hashes: Vec<[u8; 32]>,
}

/// What a sign-in is checked against.
#[derive(Debug, Clone)]
pub struct Secrets {
    pub account: Account,
    pub password_hash: String,
    pub totp_secret: Option<Vec<u8>>,
}

const SELECT: &str = "SELECT account_key, name, role, CASE WHEN totp_secret IS NULL THEN 0 ELSE 1 END, created_at, disabled_at";

pub(super) fn read(columns: &mut Columns<'_>) -> Result<Account, StoreError> {
    Ok(Account {
        account_key: columns.int()?,
        name: columns.text()?,
        role: {
            let name = columns.text()?;
            Role::named(&name)
                .ok_or_else(|| StoreError::Broken(format!("an account's role is {name:?}")))?
        },
        has_totp: columns.truth()?,
        created_at: columns.int()?,
        disabled_at: columns.opt_int()?,
        sites: Vec::new(),
    })
}

pub(super) async fn with_sites(
    on: &mut sqlx::AnyConnection,
    mut account: Account,
) -> Result<Account, StoreError> {
    account.sites =
        Query::new("SELECT site_key FROM account_sites WHERE account_key = $1 ORDER BY site_key")
            .bind(account.account_key)
            .read(on, |columns| columns.int())
            .await?;
    Ok(account)
}

impl Store {
    /// Makes an account.
    ///
    /// # Errors
    /// Conflict: the name is taken. Not found: a site.
    pub async fn create_account(&self, account: NewAccount) -> Result<i64, StoreError> {
        self.write(account, |tx, account| Box::pin(create(tx, account)))
            .await
    }

    /// Makes an account with its second factor.
    ///
    /// # Errors
    /// Conflict: the name is taken. Not found: a site.
    pub async fn create_whole_account(
        &self,
        account: NewAccount,
        totp_secret: Vec<u8>,
        recovery_hashes: Vec<[u8; 32]>,
    ) -> Result<(), StoreError> {
        self.write(
            (account, totp_secret, recovery_hashes),
            |tx, (account, secret, codes)| {
                Box::pin(async move {
                    create(tx, account).await?;
                    let NewAccount {
                        name,
                        created_by,
                        at,
                        ..
                    } = account;
                    second_factor::set(tx, name, secret, codes, created_by, *at).await
                })
            },
        )
        .await
    }

    /// Sets password and second factor anew and ends every session and token.
    ///
    /// # Errors
    /// Not found: the account.
    pub async fn reset_account(
        &self,
        name: &str,
        secrets: NewSecrets,
        by: &str,
        at: TimeUs,
    ) -> Result<(), StoreError> {
        self.write(
            (name.to_owned(), secrets, by.to_owned(), at),
            |tx, (name, secrets, by, at)| {
                Box::pin(async move {
                    let (totp, codes) = (&secrets.totp_secret, &secrets.recovery_hashes);
                    set_password_hash(tx, name, &secrets.password_hash, by, *at).await?;
                    second_factor::set(tx, name, totp, codes, by, *at).await?;
                    throttle::forget(tx, name).await
                })
            },
        )
        .await
    }

    /// A page of the accounts by name: those after the one with the key `after`.
    ///
    /// # Errors
    /// The store's own.
    pub async fn accounts(
        &self,
        after: Option<i64>,
        most: u32,
    ) -> Result<Vec<Account>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(SELECT).push(" FROM accounts");
        if let Some(after) = after {
            query = query
                .push(" WHERE name > (SELECT name FROM accounts WHERE account_key = ")
                .arg(after)
                .push(")");
        }
        let mut accounts = query
            .push(" ORDER BY name LIMIT ")
            .arg(most)
            .read(&mut on, read)
            .await?;
        let scopes =
            Query::new("SELECT account_key, site_key FROM account_sites WHERE account_key IN ")
                .list(accounts.iter().map(|account| account.account_key))
                .push(" ORDER BY site_key")
                .read(&mut on, |columns| Ok((columns.int()?, columns.int()?)))
                .await?;
        for account in &mut accounts {
            account.sites = scopes
                .iter()
                .filter(|(key, _)| *key == account.account_key)
                .map(|(_, site)| *site)
                .collect();
        }
        Ok(accounts)
    }

    /// What a sign-in under this name is checked against.
    ///
    /// # Errors
    /// The store's own.
    pub async fn secrets(&self, name: &str) -> Result<Option<Secrets>, StoreError> {
        let mut on = self.reader().await?;
        let found = Query::new(SELECT)
            .push(", password_hash, totp_secret FROM accounts WHERE name = $1")
            .bind(name)
            .read_optional(&mut on, |columns| {
                Ok(Secrets {
                    account: read(columns)?,
                    password_hash: columns.text()?,
                    totp_secret: columns.opt_bytes()?,
                })
            })
            .await?;
        let Some(mut secrets) = found else {
            return Ok(None);
        };
        secrets.account = with_sites(&mut on, secrets.account).await?;
        Ok(Some(secrets))
    }

    /// Sets a new password; every session and token made with the old one ends.
    ///
    /// # Errors
    /// Not found: the account.
    pub async fn set_password(
        &self,
        name: &str,
        password_hash: String,
        by: &str,
        at: TimeUs,
    ) -> Result<(), StoreError> {
        self.write(
            (name.to_owned(), password_hash, by.to_owned(), at),
            |tx, (name, hash, by, at)| Box::pin(set_password_hash(tx, name, hash, by, *at)),
        )
        .await
    }
}

async fn set_password_hash(
    tx: &mut Tx,
    name: &str,
    hash: &str,
    by: &str,
    at: TimeUs,
) -> Result<(), StoreError> {
    let n_rows = Query::new("UPDATE accounts SET password_hash = $1 WHERE name = $2")
        .bind(hash)
        .bind(name)
        .execute(&mut tx.on)
        .await?;
    found(n_rows)?;
    credentials::revoke_all(tx, name, at).await?;
    audit::note(tx, by, "account.password", name, "", at).await
}

async fn create(tx: &mut Tx, account: &NewAccount) -> Result<i64, StoreError> {
    let taken = Query::new("SELECT account_key FROM accounts WHERE name = $1")
        .bind(&account.name)
        .read_optional(&mut tx.on, |columns| columns.int())
        .await?;
    if taken.is_some() {
        return Err(StoreError::conflict(wording!(
            "an account named {} is there already",
            account.name
        )));
    }
    let key = Query::new(
        "INSERT INTO accounts (name, role, password_hash, created_at) VALUES ($1, $2, $3, $4) RETURNING account_key",
    )
    .bind(&account.name)
    .bind(account.role.as_str())
    .bind(&account.password_hash)
    .bind(account.at)
    .read_optional(&mut tx.on, |columns| columns.int())
    .await?
    .ok_or_else(|| StoreError::Broken("no key was given".into()))?;
    set_sites(tx, &account.name, &account.sites).await?;
    audit::note(
        tx,
        &account.created_by,
        "account.create",
        &account.name,
        account.role.as_str(),
        account.at,
    )
    .await?;
    Ok(key)
}

async fn set_sites(tx: &mut Tx, name: &str, names: &[String]) -> Result<(), StoreError> {
    Query::new(
        "DELETE FROM account_sites WHERE account_key = (SELECT account_key FROM accounts WHERE name = $1)",
    )
    .bind(name)
    .execute(&mut tx.on)
    .await?;
    for site in names {
        let site_key = sites::site_key(tx, site).await?;
        Query::new(
            "INSERT INTO account_sites (account_key, site_key) \
             SELECT account_key, $1 FROM accounts WHERE name = $2 ON CONFLICT (account_key, site_key) DO NOTHING",
        )
        .bind(site_key)
        .bind(name)
        .execute(&mut tx.on)
        .await?;
    }
    Ok(())
}

fn found(n_rows: u64) -> Result<(), StoreError> {
    match n_rows {
        0 => Err(StoreError::not_found(wording!("account"))),
        _ => Ok(()),
    }
}
