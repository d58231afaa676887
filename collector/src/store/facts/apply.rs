//! Applies changes of tables to the copies of a device's tables.
//!
//! A change that is too large for one report comes in parts; only the last has the table's hash, and the copy is
//! held against it then.

use std::collections::{HashMap, HashSet};

use sonde_proto::rows::{KEY_BYTES, RowHash, key_hash, row_hash, toggle};
use sonde_proto::v1;

use super::super::reports::FactChange;
use super::super::writer::Remembered;
use super::super::{StoreError, TimeUs, Tx};
use super::{cells, write};
use crate::wording::wording;

/// A change of more rows than this reads all of the table's rows at once.
const ROWS_BY_NAME: usize = 100;

/// Rows of one table that a device has at a time, at most.
pub(super) const MOST_ROWS: usize = 20_000;

/// What the writer knows of tables.
pub(in super::super) type FactCache = Remembered<String, Names>;

#[derive(Clone)]
pub(in super::super) struct Names {
    pub(super) table_key: i64,
    pub(super) columns: HashMap<String, i64>,
}

/// What tells a row from the others of its table: the first bytes of its key hash, as a number.
pub(super) type RowKey = i64;

/// A row of a change with its two hashes.
pub(super) struct Hashed<'a> {
    pub(super) key: RowKey,
    pub(super) row: RowHash,
    pub(super) values: &'a [v1::Value],
}

/// A device's copy of a table.
pub(super) struct State {
    pub(super) hash: RowHash,
    pub(super) changed_at: TimeUs,
    pub(super) whole_at: Option<TimeUs>,
}

/// Applies a report's changes. Gives the tables whose copy is not the device's.
///
/// # Errors
/// Refused, before anything is written: rows that do not match their declaration.
pub(in super::super) async fn apply(
    tx: &mut Tx,
    device_key: i64,
    changes: &[FactChange],
    at: TimeUs,
) -> Result<Vec<String>, StoreError> {
    for change in changes {
        check(change)?;
        few_enough(tx, device_key, change).await?;
    }
    let mut want_tables = Vec::new();
    for change in changes {
        if !apply_one(tx, device_key, change, at).await? {
            want_tables.push(change.declaration.name.clone());
        }
    }
    Ok(want_tables)
}

async fn few_enough(tx: &mut Tx, device_key: i64, change: &FactChange) -> Result<(), StoreError> {
    let table = &change.declaration.name;
    let rows = &change.change.rows;
    if rows.is_empty() {
        return Ok(());
    }
    let n_present = write::n_present(tx, device_key, table, None).await?;
    if n_present + rows.len() <= MOST_ROWS {
        return Ok(());
    }
    let keys = rows
        .iter()
        .map(|row| key_of(&key_hash(&change.declaration, &row.values)));
    let keys: HashSet<RowKey> = keys.collect();
    let n_new = keys.len();
    let n_known = write::n_present(tx, device_key, table, Some(keys)).await?;
    let n_rows = n_present + n_new - n_known;
    if n_rows <= MOST_ROWS {
        return Ok(());
    }
    Err(StoreError::refused(
        table.clone(),
        wording!(
            "{} rows of one device, where {} are the most",
            n_rows,
            MOST_ROWS
        ),
    ))
}

fn check(change: &FactChange) -> Result<(), StoreError> {
    let declaration = &change.declaration;
    if change.change.table != declaration.name {
        return Err(StoreError::refused(
            change.change.table.clone(),
            wording!("its rows follow the declaration of {}", declaration.name),
        ));
    }
    for row in &change.change.rows {
        cells::check_row(declaration, row)?;
    }
    for (field, keys) in [
        ("removed", Some(&change.change.removed)),
        ("keys", change.change.keys.as_ref()),
    ] {
        if keys.is_some_and(|keys| keys.len() % KEY_BYTES != 0) {
            return Err(StoreError::refused(
                format!("{}.{field}", declaration.name),
                wording!("not a number of keys of {} bytes each", KEY_BYTES),
            ));
        }
    }
    Ok(())
}

fn key_of(hash: &RowHash) -> RowKey {
    let mut first = [0; KEY_BYTES];
    first.copy_from_slice(&hash[..KEY_BYTES]);
    i64::from_be_bytes(first)
}

fn keys_of(bytes: &[u8]) -> impl Iterator<Item = RowKey> {
    bytes
        .as_chunks()
        .0
        .iter()
        .map(|key| i64::from_be_bytes(*key))
}

/// False: the copy is not the device's.
async fn apply_one(
    tx: &mut Tx,
    device_key: i64,
    change: &FactChange,
    at: TimeUs,
) -> Result<bool, StoreError> {
    let names = write::names(tx, &change.declaration).await?;
    let mut state = write::state(tx, device_key, names.table_key)
        .await?
        .unwrap_or(State {
            hash: [0; 16],
            changed_at: i64::MIN,
            whole_at: None,
        });
    // A clock that goes back must not end a row before it began.
    state.changed_at = at.max(state.changed_at.saturating_add(1));
    let is_same = match change.change.unavailable.is_empty() {
        true => apply_rows(tx, device_key, &names, change, &mut state).await?,
        false => true,
    };
    write::save_state(tx, device_key, names.table_key, change, &state).await?;
    Ok(is_same)
}

async fn apply_rows(
    tx: &mut Tx,
    device_key: i64,
    names: &Names,
    change: &FactChange,
    state: &mut State,
) -> Result<bool, StoreError> {
    let declaration = &*change.declaration;
    // Of two rows with one key, the later counts.
    let rows: HashMap<RowKey, Hashed<'_>> = change
        .change
        .rows
        .iter()
        .map(|row| Hashed {
            key: key_of(&key_hash(declaration, &row.values)),
            row: row_hash(declaration, &row.values),
            values: &row.values,
        })
        .map(|hashed| (hashed.key, hashed))
        .collect();
    let mut gone: HashSet<RowKey> = keys_of(&change.change.removed)
        .filter(|key| !rows.contains_key(key))
        .collect();
    let by_name = change.change.keys.is_none() && rows.len() + gone.len() <= ROWS_BY_NAME;
    let named = by_name.then(|| rows.keys().chain(&gone).copied().collect());
    let present = write::present(tx, device_key, names, named).await?;
    if let Some(keys) = &change.change.keys {
        let kept: HashSet<RowKey> = keys_of(keys).collect();
        gone.extend(present.keys().filter(|key| !kept.contains(*key)));
    }
    gone.retain(|key| present.contains_key(key));
    let begun: Vec<&Hashed<'_>> = rows
        .values()
        .filter(|row| present.get(&row.key) != Some(&row.row))
        .collect();
    let gone: Vec<RowKey> = gone.into_iter().collect();
    let ended: Vec<RowKey> = begun
        .iter()
        .map(|row| row.key)
        .filter(|key| present.contains_key(key))
        .chain(gone.iter().copied())
        .collect();
    for key in &ended {
        toggle(&mut state.hash, &present[key]);
    }
    for row in &begun {
        toggle(&mut state.hash, &row.row);
    }
    write::end_rows(tx, device_key, names, &ended, state.changed_at).await?;
    write::begin_rows(tx, device_key, names, declaration, &begun, state.changed_at).await?;
    write::forget_live(tx, device_key, names, &gone).await?;
    write::save_live(tx, device_key, names, declaration, rows.values()).await?;
    let told = &change.change.table_hash[..];
    if told == state.hash {
        state.whole_at.get_or_insert(state.changed_at);
    }
    Ok(told.is_empty() || told == state.hash)
}
