//! Sites: where devices belong and what permissions are scoped to.

use super::{Columns, Query, Store, StoreError, TimeUs, Tx, audit};
use crate::wording::wording;

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

const SELECT: &str = "SELECT s.site_key, s.name, s.created_at, COUNT(d.device_key) FROM sites s \
     LEFT JOIN devices d ON d.site_key = s.site_key AND d.removed_at IS NULL";
const BY_NAME: &str = " GROUP BY s.site_key, s.name, s.created_at ORDER BY s.name";

fn read(columns: &mut Columns<'_>) -> Result<Site, StoreError> {
    Ok(Site {
        site_key: columns.int()?,
        name: columns.text()?,
        created_at: columns.int()?,
        n_devices: columns.int()?,
    })
}

impl Store {
    /// Makes a site; one that is there already stays as it is.
    ///
    /// # Errors
    /// Refused: the name.
    pub async fn create_site(&self, name: &str, at: TimeUs) -> Result<(), StoreError> {
        judge(name)?;
        self.write((name.to_owned(), at), |tx, (name, at)| {
            Box::pin(async move { create(tx, name, *at).await.map(drop) })
        })
        .await
    }

    /// Makes a site that is not there.
    ///
    /// # Errors
    /// Refused: the name. Conflict: it is there.
    pub async fn add_site(&self, name: &str, by: &str, at: TimeUs) -> Result<(), StoreError> {
        judge(name)?;
        self.write(
            (name.to_owned(), by.to_owned(), at),
            |tx, (name, by, at)| {
                Box::pin(async move {
                    match create(tx, name, *at).await? {
                        true => audit::note(tx, by, "site.create", name, "", *at).await,
                        false => Err(StoreError::conflict(wording!(
                            "a site named {} is there already",
                            name
                        ))),
                    }
                })
            },
        )
        .await
    }

    /// All sites by name.
    ///
    /// # Errors
    /// The store's own.
    pub async fn sites(&self) -> Result<Vec<Site>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(SELECT).push(BY_NAME).read(&mut on, read).await
    }

    /// A page of those sites, all for `None`, by name: those after the one with the key `after`.
    ///
    /// # Errors
    /// The store's own.
    pub async fn sites_page(
        &self,
        keys: Option<&[i64]>,
        after: Option<i64>,
        most: u32,
    ) -> Result<Vec<Site>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(SELECT).push(" WHERE 1 = 1");
        if let Some(keys) = keys {
            query = query.push(" AND s.site_key IN ").list(keys.iter().copied());
        }
        if let Some(after) = after {
            query = query
                .push(" AND s.name > (SELECT name FROM sites WHERE site_key = ")
                .arg(after)
                .push(")");
        }
        query
            .push(BY_NAME)
            .push(" LIMIT ")
            .arg(most)
            .read(&mut on, read)
            .await
    }
}

fn judge(name: &str) -> Result<(), StoreError> {
    let is_plain = sonde_proto::text::clean(name, usize::MAX, false) == name;
    let is_long = name.chars().count() > SITE_NAME_LENGTH;
    match is_plain && name.trim() == name && !name.is_empty() && !is_long {
        true => Ok(()),
        false => Err(StoreError::refused(
            "name",
            wording!(
                "1 to {} characters without spaces at its ends or control characters",
                SITE_NAME_LENGTH
            ),
        )),
    }
}

/// False: it was there.
async fn create(tx: &mut Tx, name: &str, at: TimeUs) -> Result<bool, StoreError> {
    let n_rows = Query::new(
        "INSERT INTO sites (name, created_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
    )
    .bind(name)
    .bind(at)
    .execute(&mut tx.on)
    .await?;
    Ok(n_rows == 1)
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
        .ok_or(StoreError::not_found(wording!("site")))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NOW, on_both};
    use super::*;

    #[tokio::test]
    async fn a_site_is_made_once_under_a_plain_name() {
        on_both(|store| async move {
            store.add_site("lyon", "ann", NOW).await.unwrap();
            let again = store.add_site("lyon", "ann", NOW).await;
            let there = StoreError::conflict(wording!("a site named lyon is there already"));
            assert_eq!(again, Err(there));
            for bad in ["", " lyon", "ly\non", "ly\u{202e}on", &"a".repeat(65)] {
                let made = store.add_site(bad, "ann", NOW).await;
                assert!(matches!(made, Err(StoreError::Refused { .. })), "{bad:?}");
            }
            let log = store.audit_log(None, 9).await.unwrap();
            assert_eq!(log.len(), 1, "nothing is noted of what was not done");
        })
        .await;
    }
}
