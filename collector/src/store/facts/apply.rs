//! Applies changes of tables to the copies of a device's tables.
//!
//! A change too large for one report comes in parts, of which only the last has the table's hash. Rows that are gone
//! are named by the first bytes of their key hash.

use std::collections::{HashMap, HashSet};

use sonde_proto::rows::{KEY_BYTES, RowHash, key_hash, row_hash, toggle};
use sonde_proto::v1;

use super::super::reports::FactChange;
use super::super::{StoreError, TimeUs, Tx};
use super::{cells, write};

/// A change of more rows than this reads all of the table's rows at once.
const ROWS_BY_NAME: usize = 100;

/// What the writer knows of tables.
#[derive(Default)]
pub(in super::super) struct FactCache {
    pub(super) tables: HashMap<String, Names>,
}

#[derive(Clone)]
pub(super) struct Names {
    pub(super) table_key: i64,
    pub(super) columns: HashMap<String, i64>,
}

/// A row of a change with its two hashes.
pub(super) struct Hashed<'a> {
    pub(super) key: RowHash,
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
    }
    let mut want_tables = Vec::new();
    for change in changes {
        if !apply_one(tx, device_key, change, at).await? {
            want_tables.push(change.declaration.name.clone());
        }
    }
    Ok(want_tables)
}

fn check(change: &FactChange) -> Result<(), StoreError> {
    let declaration = &change.declaration;
    if change.change.table != declaration.name {
        return Err(StoreError::refused(
            change.change.table.clone(),
            format!("its rows follow the declaration of {}", declaration.name),
        ));
    }
    let columns: Vec<&v1::Column> = declaration.columns.iter().collect();
    for row in &change.change.rows {
        cells::check_row(declaration, &columns, row)?;
    }
    Ok(())
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
    let rows: HashMap<RowHash, Hashed<'_>> = change
        .change
        .rows
        .iter()
        .map(|row| Hashed {
            key: key_hash(declaration, &row.values),
            row: row_hash(declaration, &row.values),
            values: &row.values,
        })
        .map(|hashed| (hashed.key, hashed))
        .collect();
    let names_rows_gone = !change.change.removed.is_empty() || change.change.keys.is_some();
    let by_name = rows.len() <= ROWS_BY_NAME && !names_rows_gone;
    let named = by_name.then(|| rows.keys().copied().collect());
    let present = write::present(tx, device_key, names, named).await?;
    let mut gone = gone(&change.change, &present);
    gone.retain(|key| !rows.contains_key(key));
    let begun: Vec<&Hashed<'_>> = rows
        .values()
        .filter(|row| present.get(&row.key) != Some(&row.row))
        .collect();
    let ended: Vec<RowHash> = begun
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
    let gone: Vec<RowHash> = gone.into_iter().collect();
    write::end_rows(tx, device_key, names, &ended, state.changed_at).await?;
    write::begin_rows(tx, device_key, names, declaration, &begun, state.changed_at).await?;
    write::forget_live(tx, device_key, names, &gone).await?;
    write::save_live(tx, device_key, names, declaration, rows.values()).await?;
    if change.change.table_hash.is_empty() {
        return Ok(true);
    }
    let is_same = change.change.table_hash[..] == state.hash[..];
    if is_same {
        state.whole_at.get_or_insert(state.changed_at);
    }
    Ok(is_same)
}

/// Keys of rows here that the device no longer has.
fn gone(change: &v1::TableChange, present: &HashMap<RowHash, RowHash>) -> HashSet<RowHash> {
    let listed = |keys: &[u8]| -> HashSet<[u8; KEY_BYTES]> {
        keys.chunks_exact(KEY_BYTES)
            .filter_map(|key| key.try_into().ok())
            .collect()
    };
    let removed = listed(&change.removed);
    let kept = change.keys.as_ref().map(|keys| listed(keys));
    let is_gone = |key: &RowHash| {
        key.first_chunk().is_some_and(|key| {
            removed.contains(key) || kept.as_ref().is_some_and(|kept| !kept.contains(key))
        })
    };
    present.keys().filter(|key| is_gone(key)).copied().collect()
}
