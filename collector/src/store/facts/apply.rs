//! Applies changes of tables to the copies of a device's tables.
//!
//! A table too large for one report comes in several: the first says that it is whole, each carries the hash of
//! the complete table, and rows that none of them named go away when the hash is reached.

use std::collections::{HashMap, HashSet};

use sonde_proto::rows::{RowHash, key_hash, row_hash, toggle};
use sonde_proto::v1::{self, ColumnRole};

use super::super::reports::FactChange;
use super::super::{StoreError, TimeUs, Tx};
use super::{cells, write};

/// A change of more rows than this reads all of the table's rows at once.
const ROWS_BY_NAME: usize = 100;

/// What the writer knows of tables.
#[derive(Default)]
pub(in super::super) struct FactCache {
    pub(super) tables: HashMap<String, Names>,
    /// Tables that are coming in several reports, with the rows that came.
    coming: HashMap<(i64, i64), HashMap<RowHash, RowHash>>,
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
    let keys: Vec<&v1::Column> = key_columns(declaration).collect();
    for row in &change.change.rows {
        cells::check_row(declaration, &columns, row)?;
    }
    for row in &change.change.removed {
        cells::check_row(declaration, &keys, row)?;
    }
    Ok(())
}

fn key_columns(declaration: &v1::TableDeclaration) -> impl Iterator<Item = &v1::Column> {
    declaration
        .columns
        .iter()
        .filter(|column| column.role() == ColumnRole::Key)
}

/// The key hash of a row of which only the key cells are given.
fn hash_of_key(declaration: &v1::TableDeclaration, keys: &v1::Row) -> RowHash {
    let mut given = keys.values.iter();
    let values: Vec<v1::Value> = declaration
        .columns
        .iter()
        .map(|column| match column.role() {
            ColumnRole::Key => given.next().cloned().unwrap_or_default(),
            ColumnRole::Slow | ColumnRole::Live | ColumnRole::Unspecified => v1::Value::default(),
        })
        .collect();
    key_hash(declaration, &values)
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
    let removed: Vec<RowHash> = change
        .change
        .removed
        .iter()
        .map(|keys| hash_of_key(declaration, keys))
        .filter(|key| !rows.contains_key(key))
        .collect();
    let coming = coming(tx, device_key, names, change, &rows, &removed);
    let by_name =
        rows.len() + removed.len() <= ROWS_BY_NAME && !matches!(coming, Coming::Complete(_));
    let named = by_name.then(|| rows.keys().chain(&removed).copied().collect());
    let present = write::present(tx, device_key, names, named).await?;
    let mut gone: HashSet<RowHash> = removed.into_iter().collect();
    if let Coming::Complete(complete) = &coming {
        gone.extend(present.keys().filter(|key| !complete.contains(*key)));
    }
    gone.retain(|key| present.contains_key(key));
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
    let is_same = change.change.table_hash[..] == state.hash[..];
    if is_same {
        state.whole_at.get_or_insert(state.changed_at);
    }
    Ok(is_same || matches!(coming, Coming::Partly))
}

/// Whether a whole table is on its way.
enum Coming {
    /// Changes of a table that is here.
    No,
    /// More is to come.
    Partly,
    /// All rows, by their keys, have come.
    Complete(HashSet<RowHash>),
}

fn coming(
    tx: &mut Tx,
    device_key: i64,
    names: &Names,
    change: &FactChange,
    rows: &HashMap<RowHash, Hashed<'_>>,
    removed: &[RowHash],
) -> Coming {
    let place = (device_key, names.table_key);
    if change.change.whole {
        tx.facts.coming.insert(place, HashMap::new());
    }
    let Some(came) = tx.facts.coming.get_mut(&place) else {
        return Coming::No;
    };
    for key in removed {
        came.remove(key);
    }
    came.extend(rows.values().map(|row| (row.key, row.row)));
    let mut sum = [0; 16];
    for row in came.values() {
        toggle(&mut sum, row);
    }
    if change.change.table_hash[..] != sum[..] {
        return Coming::Partly;
    }
    let complete = tx.facts.coming.remove(&place).unwrap_or_default();
    Coming::Complete(complete.into_keys().collect())
}
