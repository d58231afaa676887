//! Sites: where devices belong and what permissions are scoped to.

use super::{Query, Store, StoreError, TimeUs, Tx};

/// The site that there always is.
pub const DEFAULT_SITE: &str = "default";
/// Longest name of a site, characters.
pub const SITE_NAME_LENGTH: usize = 64;

/// A site and how many devices belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    pub site_key: i64,
    pub name: String,
    pub created_at: TimeUs,
    pub n_devices: i64,
}

impl Store {
    /// Makes a site; one that is there already stays as it is.
    ///
    /// # Errors
    /// Refused: the name.
    pub async fn create_site(&self, name: &str, at: TimeUs) -> Result<(), StoreError> {
        if name.trim() != name || name.is_empty() || name.chars().count() > SITE_NAME_LENGTH {
            return Err(StoreError::refused(
                "name",
                format!("1 to {SITE_NAME_LENGTH} characters without spaces at its ends"),
            ));
        }
        self.write((name.to_owned(), at), |tx, (name, at)| {
            Box::pin(async move { create(tx, name, *at).await })
        })
        .await
    }

    /// All sites by name.
    ///
    /// # Errors
    /// The store's own.
    pub async fn sites(&self) -> Result<Vec<Site>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(
            "SELECT s.site_key, s.name, s.created_at, COUNT(d.device_key) FROM sites s \
             LEFT JOIN devices d ON d.site_key = s.site_key AND d.removed_at IS NULL \
             GROUP BY s.site_key, s.name, s.created_at ORDER BY s.name",
        )
        .read(&mut on, |columns| {
            Ok(Site {
                site_key: columns.int()?,
                name: columns.text()?,
                created_at: columns.int()?,
                n_devices: columns.int()?,
            })
        })
        .await
    }
}

async fn create(tx: &mut Tx, name: &str, at: TimeUs) -> Result<(), StoreError> {
    Query::new(
        "INSERT INTO sites (name, created_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
    )
    .bind(name)
    .bind(at)
    .execute(&mut tx.on)
    .await?;
    Ok(())
}

/// The default site is made when it is first named.
pub(super) async fn site_key(tx: &mut Tx, name: &str) -> Result<i64, StoreError> {
    if name == DEFAULT_SITE {
        create(tx, name, 0).await?;
    }
    Query::new("SELECT site_key FROM sites WHERE name = $1")
        .bind(name)
        .read_optional(&mut tx.on, |columns| columns.int())
        .await?
        .ok_or(StoreError::NotFound { what: "site" })
}
