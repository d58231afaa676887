//! Assets come, change and go.

use super::super::{Id, Query, Store, StoreError, TimeUs, Tx, audit, sites};
use super::{Asset, MOST, SELECT, read};
use crate::desk::State;
use crate::desk::asset::Details;
use crate::desk::person::folded;
use crate::wording::wording;

/// Tickets that a refusal names.
const MOST_NAMED: i64 = 10;

/// An asset to be added.
#[derive(Debug, Clone)]
pub struct NewAsset {
    pub site: String,
    pub details: Details,
    pub by: String,
    pub at: TimeUs,
}

/// What is known of an asset from now on.
#[derive(Debug, Clone)]
pub struct AssetChange {
    pub id: Id,
    pub details: Details,
    /// The version that the caller saw; none: whichever it is.
    pub expected_version: Option<i64>,
    pub by: String,
    pub at: TimeUs,
}

/// An asset on the way to its row.
struct Row<'a> {
    id: Id,
    site_key: i64,
    details: &'a Details,
    version: i64,
    by: &'a str,
    at: TimeUs,
}

impl Store {
    /// Adds an asset.
    ///
    /// # Errors
    /// Not found: the site. Refused: the details, there are as many as there can be. Conflict: another one of the site has
    /// the name.
    pub async fn add_asset(&self, asset: NewAsset) -> Result<Id, StoreError> {
        self.write(asset, |tx, asset| Box::pin(add(tx, asset)))
            .await
    }

    /// Replaces what is known of an asset.
    ///
    /// # Errors
    /// Not found: the asset. Refused: the details, it was removed. Conflict: the version is another, another one of the site
    /// has the name.
    pub async fn set_asset(&self, change: AssetChange) -> Result<(), StoreError> {
        self.write(change, |tx, change| Box::pin(set(tx, change)))
            .await
    }

    /// Says that an asset is not there any more. Tickets that were about it still say so.
    ///
    /// # Errors
    /// Not found: the asset. Refused: a ticket that is neither resolved nor closed is about it.
    pub async fn remove_asset(&self, id: Id, by: &str, at: TimeUs) -> Result<(), StoreError> {
        self.write((id, by.to_owned(), at), |tx, (id, by, at)| {
            Box::pin(remove(tx, *id, by, *at))
        })
        .await
    }
}

fn judged(details: &Details) -> Result<Details, StoreError> {
    Ok(details.clone().validated()?)
}

/// An asset that is there.
async fn present(tx: &mut Tx, id: Id) -> Result<Asset, StoreError> {
    let asset = Query::new(SELECT)
        .push("WHERE a.id = $1")
        .bind(id)
        .read_optional(&mut tx.on, read)
        .await?
        .ok_or(StoreError::not_found(wording!("asset")))?;
    match asset.removed_at {
        None => Ok(asset),
        Some(_) => Err(StoreError::refused(
            "asset",
            wording!("{} was removed", asset.details.name),
        )
        .remedy(wording!("add it anew if it is there again"))),
    }
}

/// An asset that a ticket of this site can be about from now on.
///
/// # Errors
/// Not found: it is not there, or of another site. Refused: it was removed.
pub(in super::super) async fn of_ticket(
    tx: &mut Tx,
    asset: &str,
    site: &str,
) -> Result<Id, StoreError> {
    let missing = StoreError::not_found(wording!("asset"));
    let Ok(id) = asset.parse() else {
        return Err(missing);
    };
    let asset = present(tx, id).await?;
    match asset.site == site {
        true => Ok(id),
        false => Err(missing),
    }
}

async fn add(tx: &mut Tx, asset: &NewAsset) -> Result<Id, StoreError> {
    let details = judged(&asset.details)?;
    let there = Query::new("SELECT COUNT(*) FROM assets")
        .read_optional(&mut tx.on, |columns| columns.int())
        .await?
        .unwrap_or_default();
    if there >= MOST {
        return Err(StoreError::refused(
            "assets",
            wording!("there are {}, and {} are the most", there, MOST),
        ));
    }
    let row = Row {
        id: Id::random(),
        site_key: sites::site_key(tx, &asset.site).await?,
        details: &details,
        version: 1,
        by: &asset.by,
        at: asset.at,
    };
    save(tx, &row).await?;
    audit::note(tx, &asset.by, "asset.add", row.id, &asset.site, asset.at).await?;
    Ok(row.id)
}

async fn set(tx: &mut Tx, change: &AssetChange) -> Result<(), StoreError> {
    let details = judged(&change.details)?;
    let before = present(tx, change.id).await?;
    let version = before.version;
    if change.expected_version.is_some_and(|seen| seen != version) {
        return Err(StoreError::conflict(wording!(
            "the asset has changed since: the version is {}",
            version
        )));
    }
    let row = Row {
        id: change.id,
        site_key: before.site_key,
        details: &details,
        version: version + 1,
        by: &change.by,
        at: change.at,
    };
    save(tx, &row).await?;
    audit::note(
        tx,
        &change.by,
        "asset.set",
        change.id,
        &before.site,
        change.at,
    )
    .await
}

async fn remove(tx: &mut Tx, id: Id, by: &str, at: TimeUs) -> Result<(), StoreError> {
    let asset = present(tx, id).await?;
    let over = [State::Resolved, State::Closed].map(State::as_str);
    let about = Query::new(
        "SELECT t.number FROM ticket_assets a JOIN tickets t ON t.number = a.ticket WHERE a.asset = ",
    )
    .arg(id)
    .push(" AND t.state NOT IN ")
    .list(over)
    .push(" ORDER BY t.number LIMIT ")
    .arg(MOST_NAMED + 1)
    .read(&mut tx.on, |columns| columns.int())
    .await?;
    if !about.is_empty() {
        let named = about.iter().take(MOST_NAMED as usize);
        let named: Vec<String> = named.map(i64::to_string).collect();
        let named = wording!("{}", named.join(", "));
        let named = match about.len() as i64 > MOST_NAMED {
            true => wording!("{} and more", named),
            false => named,
        };
        return Err(StoreError::refused(
            "asset",
            wording!(
                "tickets that are not resolved are about {}: {}",
                asset.details.name,
                named
            ),
        )
        .remedy(wording!(
            "resolve them, or take it off them: sonde ticket asset NUMBER remove NAME"
        )));
    }
    Query::new(
        "UPDATE assets SET removed_at = $1, changed_at = $1, changed_by = $2, version = version + 1 WHERE id = $3",
    )
    .bind(at)
    .bind(by)
    .bind(id)
    .execute(&mut tx.on)
    .await?;
    audit::note(tx, by, "asset.remove", id, &asset.site, at).await
}

/// Brings the row to what the asset is from now on.
async fn save(tx: &mut Tx, row: &Row<'_>) -> Result<(), StoreError> {
    let (details, name) = (row.details, folded(&row.details.name));
    let other = Query::new(
        "SELECT name FROM assets WHERE site_key = $1 AND folded = $2 AND id <> $3 AND removed_at IS NULL",
    )
    .bind(row.site_key)
    .bind(&name)
    .bind(row.id)
    .read_optional(&mut tx.on, |columns| columns.text())
    .await?;
    if let Some(other) = other {
        return Err(StoreError::conflict(wording!(
            "an asset of this site is called {} already",
            other
        )));
    }
    Query::new(
        "INSERT INTO assets (id, site_key, kind, name, folded, words, address, port, serial, model, place, note, version, \
         changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
         ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, folded = excluded.folded, \
         words = excluded.words, address = excluded.address, port = excluded.port, serial = excluded.serial, \
         model = excluded.model, place = excluded.place, note = excluded.note, version = excluded.version, \
         changed_at = excluded.changed_at, changed_by = excluded.changed_by",
    )
    .bind(row.id)
    .bind(row.site_key)
    .bind(details.kind.as_str())
    .bind(&details.name)
    .bind(name)
    .bind(details.words())
    .bind(details.address.as_deref())
    .bind(details.port.map(i64::from))
    .bind(details.serial.as_deref())
    .bind(details.model.as_deref())
    .bind(details.place.as_deref())
    .bind(&details.note)
    .bind(row.version)
    .bind(row.at)
    .bind(row.by)
    .execute(&mut tx.on)
    .await?;
    Ok(())
}
