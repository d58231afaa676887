//! Enrolment tokens: short-lived permissions to become a device of a site.

use sqlx::AnyConnection;

use super::{Columns, Id, Query, Store, StoreError, TimeUs, Tx, audit};
use crate::wording::wording;

/// A token to be made. Only the hash of its secret is known here.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// SHA-256 of the secret.
    pub secret_hash: [u8; 32],
    pub site: String,
    pub n_uses: u32,
    pub expires_at: TimeUs,
    pub created_by: String,
    pub at: TimeUs,
}

/// A token as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub id: Id,
    pub site: String,
    pub uses_left: i64,
    pub expires_at: TimeUs,
    pub created_by: String,
    pub created_at: TimeUs,
    pub revoked_at: Option<TimeUs>,
}

/// What a used token gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Used {
    pub(super) site_key: i64,
}

const SELECT: &str = "SELECT t.id, s.name, t.uses_left, t.expires_at, t.created_by, t.created_at, t.revoked_at \
     FROM enrolment_tokens t JOIN sites s ON s.site_key = t.site_key";

impl Store {
    /// Makes a token and gives its id.
    ///
    /// # Errors
    /// Not found: the site.
    pub async fn create_token(&self, token: NewToken) -> Result<Id, StoreError> {
        self.write(token, |tx, token| Box::pin(create(tx, token)))
            .await
    }

    /// A page of the tokens, the newest first; with `before`, those that were made before that one.
    ///
    /// # Errors
    /// The store's own.
    pub async fn tokens(&self, before: Option<Id>, most: u32) -> Result<Vec<Token>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(SELECT);
        if let Some(before) = before {
            query = query
                .push(" WHERE t.token_key < (SELECT token_key FROM enrolment_tokens WHERE id = ")
                .arg(before)
                .push(")");
        }
        query
            .push(" ORDER BY t.token_key DESC LIMIT ")
            .arg(most)
            .read(&mut on, read)
            .await
    }

    /// From now on nobody enrols with it.
    ///
    /// # Errors
    /// Not found: the token.
    pub async fn revoke_token(&self, id: Id, by: &str, at: TimeUs) -> Result<(), StoreError> {
        self.write((id, by.to_owned(), at), |tx, (id, by, at)| {
            Box::pin(async move {
                let n_rows = Query::new(
                    "UPDATE enrolment_tokens SET revoked_at = COALESCE(revoked_at, $1) WHERE id = $2",
                )
                .bind(*at)
                .bind(*id)
                .execute(&mut tx.on)
                .await?;
                match n_rows {
                    0 => Err(StoreError::not_found(wording!("token"))),
                    _ => audit::note(tx, by, "token.revoke", id, "", *at).await,
                }
            })
        })
        .await
    }
}

fn read(columns: &mut Columns<'_>) -> Result<Token, StoreError> {
    Ok(Token {
        id: columns.id()?,
        site: columns.text()?,
        uses_left: columns.int()?,
        expires_at: columns.int()?,
        created_by: columns.text()?,
        created_at: columns.int()?,
        revoked_at: columns.opt_int()?,
    })
}

async fn create(tx: &mut Tx, token: &NewToken) -> Result<Id, StoreError> {
    let site_key = super::sites::site_key(tx, &token.site).await?;
    let id = Id::random();
    Query::new(
        "INSERT INTO enrolment_tokens (id, secret_hash, site_key, uses_left, expires_at, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(&token.secret_hash[..])
    .bind(site_key)
    .bind(token.n_uses)
    .bind(token.expires_at)
    .bind(&token.created_by)
    .bind(token.at)
    .execute(&mut tx.on)
    .await?;
    let detail = format!("{} uses, site {}", token.n_uses, token.site);
    audit::note(tx, &token.created_by, "token.create", id, &detail, token.at).await?;
    Ok(id)
}

impl Store {
    /// Whether somebody may enrol with the token now. It is used in the enrolment's own transaction, which asks again.
    ///
    /// # Errors
    /// Refused, field `token`: unknown, revoked, expired, used up.
    pub async fn check_token(&self, secret_hash: &[u8; 32], at: TimeUs) -> Result<(), StoreError> {
        let mut on = self.reader().await?;
        good_token(&mut on, secret_hash, at).await.map(drop)
    }
}

/// Key and site of a token that is good.
async fn good_token(
    on: &mut AnyConnection,
    secret_hash: &[u8; 32],
    at: TimeUs,
) -> Result<(i64, i64), StoreError> {
    let found = Query::new(
        "SELECT token_key, site_key, uses_left, expires_at, revoked_at FROM enrolment_tokens WHERE secret_hash = $1",
    )
    .bind(&secret_hash[..])
    .read_optional(on, |columns| {
        Ok((
            columns.int()?,
            columns.int()?,
            columns.int()?,
            columns.int()?,
            columns.opt_int()?,
        ))
    })
    .await?;
    let refused = |reason, remedy| Err(StoreError::refused("token", reason).remedy(remedy));
    let Some((token_key, site_key, uses_left, expires_at, revoked_at)) = found else {
        return refused(
            wording!("it is not known here"),
            wording!("make a new one on this collector"),
        );
    };
    if revoked_at.is_some() {
        return refused(wording!("it was revoked"), wording!("make a new one"));
    }
    if expires_at <= at {
        return refused(wording!("it has expired"), wording!("make a new one"));
    }
    if uses_left < 1 {
        return refused(wording!("it is used up"), wording!("make a new one"));
    }
    Ok((token_key, site_key))
}

/// Takes one use off a token, inside the enrolment's transaction.
pub(super) async fn use_token(
    tx: &mut Tx,
    secret_hash: &[u8; 32],
    at: TimeUs,
) -> Result<Used, StoreError> {
    let (token_key, site_key) = good_token(&mut tx.on, secret_hash, at).await?;
    Query::new("UPDATE enrolment_tokens SET uses_left = uses_left - 1 WHERE token_key = $1")
        .bind(token_key)
        .execute(&mut tx.on)
        .await?;
    Ok(Used { site_key })
}
