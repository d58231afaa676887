//! Things without an agent that a ticket can be about.

mod write;

pub(super) use write::of_ticket;
pub use write::{AssetChange, NewAsset};

use std::collections::HashMap;

use crate::desk::State;
use crate::desk::asset::{Details, Kind};

use super::{Columns, Id, Query, Store, StoreError, TimeUs, escape_like};

/// Assets that a store holds at most, those that were removed included.
pub const MOST: i64 = 100_000;
/// Assets in one statement.
const NAMED_AT_ONCE: usize = 500;
/// Tickets about assets that are looked at together.
const MOST_TICKETS: u32 = 500;

/// A thing without an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    pub id: Id,
    pub site_key: i64,
    pub site: String,
    pub details: Details,
    /// Counted up at every change.
    pub version: i64,
    pub changed_at: TimeUs,
    pub changed_by: String,
    /// It is not there any more.
    pub removed_at: Option<TimeUs>,
}

/// Which assets a list holds.
#[derive(Debug, Clone, Default)]
pub struct AssetFilter {
    /// Only of these sites; none: of all.
    pub sites: Option<Vec<i64>>,
    /// Those that have words which begin so, all of them, or this address; none: all.
    pub sought: Option<AssetSought>,
    pub kind: Option<Kind>,
    pub with_removed: bool,
    /// Those after this one.
    pub after: Option<Id>,
    pub most: u32,
}

/// A ticket that is not resolved, and an asset that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketOfAsset {
    pub asset: Id,
    pub number: i64,
    pub title: String,
    pub state: String,
}

/// What an asset is looked for by; one of both finds it. Texts are as `desk/asset.rs` compares them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssetSought {
    /// Beginnings of words; empty: by none.
    pub words: Vec<String>,
    pub address: Option<String>,
}

const SELECT: &str = "SELECT a.id, a.site_key, s.name, a.kind, a.name, a.address, a.port, a.serial, a.model, a.place, a.note, \
     a.version, a.changed_at, a.changed_by, a.removed_at FROM assets a JOIN sites s ON s.site_key = a.site_key ";

fn read(columns: &mut Columns<'_>) -> Result<Asset, StoreError> {
    Ok(Asset {
        id: columns.id()?,
        site_key: columns.int()?,
        site: columns.text()?,
        details: Details {
            kind: kind(&columns.text()?)?,
            name: columns.text()?,
            address: columns.opt_text()?,
            port: columns.opt_int()?.and_then(|port| port.try_into().ok()),
            serial: columns.opt_text()?,
            model: columns.opt_text()?,
            place: columns.opt_text()?,
            note: columns.text()?,
        },
        version: columns.int()?,
        changed_at: columns.int()?,
        changed_by: columns.text()?,
        removed_at: columns.opt_int()?,
    })
}

fn kind(name: &str) -> Result<Kind, StoreError> {
    Kind::named(name).ok_or_else(|| StoreError::Broken(format!("an asset's kind is {name:?}")))
}

fn is_sought(query: Query, sought: &AssetSought) -> Query {
    let mut query = query.push(" AND (1 = 0");
    if !sought.words.is_empty() {
        query = query.push(" OR (1 = 1");
        for word in &sought.words {
            query = query
                .push(" AND ' ' || a.words LIKE ")
                .arg(format!("% {}%", escape_like(word)))
                .push(" ESCAPE '!'");
        }
        query = query.push(")");
    }
    if let Some(address) = &sought.address {
        query = query.push(" OR a.address = ").arg(address);
    }
    query.push(")")
}

impl Store {
    /// A page of assets by name.
    ///
    /// # Errors
    /// The store's own.
    pub async fn assets(&self, filter: &AssetFilter) -> Result<Vec<Asset>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(SELECT).push("WHERE 1 = 1");
        if let Some(sites) = &filter.sites {
            query = query
                .push(" AND a.site_key IN ")
                .list(sites.iter().copied());
        }
        if let Some(sought) = &filter.sought {
            query = is_sought(query, sought);
        }
        if let Some(kind) = filter.kind {
            query = query.push(" AND a.kind = ").arg(kind.as_str());
        }
        if !filter.with_removed {
            query = query.push(" AND a.removed_at IS NULL");
        }
        if let Some(after) = filter.after {
            query = query
                .push(" AND (a.folded, a.id) > (SELECT folded, id FROM assets WHERE id = ")
                .arg(after)
                .push(")");
        }
        query
            .push(" ORDER BY a.folded, a.id LIMIT ")
            .arg(filter.most)
            .read(&mut on, read)
            .await
    }

    /// One asset, removed or not.
    ///
    /// # Errors
    /// The store's own.
    pub async fn asset(&self, id: Id) -> Result<Option<Asset>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(SELECT)
            .push("WHERE a.id = $1")
            .bind(id)
            .read_optional(&mut on, read)
            .await
    }

    /// Tickets about these assets that are not resolved, the newest first; 500 at most.
    ///
    /// # Errors
    /// The store's own.
    pub async fn tickets_of_assets(&self, ids: &[Id]) -> Result<Vec<TicketOfAsset>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(
            "SELECT a.asset, t.number, t.title, t.state FROM ticket_assets a JOIN tickets t ON t.number = a.ticket \
             WHERE a.asset IN ",
        )
        .list(ids.iter().copied())
        .push(" AND t.state NOT IN ")
        .list([State::Resolved.as_str(), State::Closed.as_str()])
        .push(" ORDER BY t.number DESC LIMIT ")
        .arg(MOST_TICKETS)
        .read(&mut on, |columns| {
            Ok(TicketOfAsset {
                asset: columns.id()?,
                number: columns.int()?,
                title: columns.text()?,
                state: columns.text()?,
            })
        })
        .await
    }

    /// Those of these assets that there are or were, by their ids as tickets have them.
    ///
    /// # Errors
    /// The store's own.
    pub async fn assets_by_id(
        &self,
        ids: impl IntoIterator<Item = &str>,
    ) -> Result<HashMap<String, Asset>, StoreError> {
        let ids: Vec<Id> = ids.into_iter().filter_map(|id| id.parse().ok()).collect();
        let mut found = HashMap::with_capacity(ids.len());
        if ids.is_empty() {
            return Ok(found);
        }
        let mut on = self.reader().await?;
        for some in ids.chunks(NAMED_AT_ONCE) {
            let assets = Query::new(SELECT)
                .push("WHERE a.id IN ")
                .list(some.iter().copied())
                .read(&mut on, read)
                .await?;
            found.extend(
                assets
                    .into_iter()
                    .map(|asset| (asset.id.to_string(), asset)),
            );
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests;
