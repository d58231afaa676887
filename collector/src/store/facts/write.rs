//! The statements behind a change of a table.

use std::collections::{HashMap, HashSet};

use sonde_proto::rows::RowHash;
use sonde_proto::v1::{self, ColumnRole};

use super::super::reports::FactChange;
use super::super::{Columns, Id, Query, StoreError, TimeUs, Tx, insert_rows};
use super::apply::{Hashed, Names, RowKey, State};
use super::{STILL_THERE, cells};

/// Names that the writer remembers; when there are more, it forgets all and reads again.
const REMEMBERED_TABLES: usize = 10_000;

pub(super) async fn names(
    tx: &mut Tx,
    declaration: &v1::TableDeclaration,
) -> Result<Names, StoreError> {
    tx.facts.limit(REMEMBERED_TABLES);
    if let Some(names) = tx.facts.get(&declaration.name)
        && declaration
            .columns
            .iter()
            .all(|column| names.columns.contains_key(&column.name))
    {
        return Ok(names.clone());
    }
    Query::new("INSERT INTO fact_tables (name) VALUES ($1) ON CONFLICT (name) DO NOTHING")
        .bind(&declaration.name)
        .execute(&mut tx.on)
        .await?;
    let row = Query::new("SELECT table_key FROM fact_tables WHERE name = $1")
        .bind(&declaration.name)
        .one(&mut tx.on)
        .await?;
    let table_key = Columns::of(&row).int()?;
    let rows = declaration
        .columns
        .iter()
        .map(|column| vec![table_key.into(), (&column.name).into()])
        .collect();
    insert_rows(
        &mut tx.on,
        "INSERT INTO fact_columns (table_key, name) VALUES ",
        rows,
        " ON CONFLICT (table_key, name) DO NOTHING",
    )
    .await?;
    let columns = Query::new("SELECT name, column_key FROM fact_columns WHERE table_key = $1")
        .bind(table_key)
        .read(&mut tx.on, |columns| Ok((columns.text()?, columns.int()?)))
        .await?
        .into_iter()
        .collect();
    let names = Names { table_key, columns };
    tx.facts.put(declaration.name.clone(), names.clone());
    Ok(names)
}

pub(super) async fn state(
    tx: &mut Tx,
    device_key: i64,
    table_key: i64,
) -> Result<Option<State>, StoreError> {
    Query::new(
        "SELECT hash, changed_at, whole_at FROM fact_states WHERE device_key = $1 AND table_key = $2",
    )
    .bind(device_key)
    .bind(table_key)
    .read_optional(&mut tx.on, |columns| {
        Ok(State {
            hash: columns.id()?.0,
            changed_at: columns.int()?,
            whole_at: columns.opt_int()?,
        })
    })
    .await
}

pub(super) async fn save_state(
    tx: &mut Tx,
    device_key: i64,
    table_key: i64,
    change: &FactChange,
    state: &State,
) -> Result<(), StoreError> {
    Query::new(
        "INSERT INTO fact_states (device_key, table_key, hash, declaration_id, changed_at, whole_at, unavailable) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (device_key, table_key) DO UPDATE SET \
         hash = excluded.hash, declaration_id = excluded.declaration_id, changed_at = excluded.changed_at, \
         whole_at = excluded.whole_at, unavailable = excluded.unavailable",
    )
    .bind(device_key)
    .bind(table_key)
    .bind(Id(state.hash))
    .bind(change.declaration_id)
    .bind(state.changed_at)
    .bind(state.whole_at)
    .bind(&change.change.unavailable)
    .execute(&mut tx.on)
    .await?;
    Ok(())
}

/// How many rows of a table are there: of those with these keys, or of all.
pub(super) async fn n_present(
    tx: &mut Tx,
    device_key: i64,
    table: &str,
    keys: Option<HashSet<RowKey>>,
) -> Result<usize, StoreError> {
    let mut query = Query::new(
        "SELECT COUNT(*) FROM fact_spans WHERE device_key = $1 AND seen_to = $2 \
         AND table_key = (SELECT table_key FROM fact_tables WHERE name = $3)",
    )
    .bind(device_key)
    .bind(STILL_THERE)
    .bind(table);
    if let Some(keys) = keys {
        query = query.push(" AND key_hash IN ").list(keys);
    }
    let row = query.one(&mut tx.on).await?;
    Ok(usize::try_from(Columns::of(&row).int()?).unwrap_or(usize::MAX))
}

/// The hashes of the rows that are there, by their keys: those of the named keys, or all.
pub(super) async fn present(
    tx: &mut Tx,
    device_key: i64,
    names: &Names,
    keys: Option<HashSet<RowKey>>,
) -> Result<HashMap<RowKey, RowHash>, StoreError> {
    let mut query = Query::new(
        "SELECT s.key_hash, r.hash FROM fact_spans s JOIN fact_rows r ON r.row_key = s.row_key WHERE s.device_key = ",
    )
    .arg(device_key)
    .push(" AND s.table_key = ")
    .arg(names.table_key)
    .push(" AND s.seen_to = ")
    .arg(STILL_THERE);
    if let Some(keys) = keys {
        query = query.push(" AND s.key_hash IN ").list(keys);
    }
    let rows = query
        .read(&mut tx.on, |columns| Ok((columns.int()?, columns.id()?.0)))
        .await?;
    Ok(rows.into_iter().collect())
}

pub(super) async fn end_rows(
    tx: &mut Tx,
    device_key: i64,
    names: &Names,
    keys: &[RowKey],
    at: TimeUs,
) -> Result<(), StoreError> {
    for keys in keys.chunks(super::super::ROWS_PER_STATEMENT) {
        Query::new("UPDATE fact_spans SET seen_to = ")
            .arg(at)
            .push(" WHERE device_key = ")
            .arg(device_key)
            .push(" AND table_key = ")
            .arg(names.table_key)
            .push(" AND seen_to = ")
            .arg(STILL_THERE)
            .push(" AND key_hash IN ")
            .list(keys.iter().copied())
            .execute(&mut tx.on)
            .await?;
    }
    Ok(())
}

pub(super) async fn begin_rows(
    tx: &mut Tx,
    device_key: i64,
    names: &Names,
    declaration: &v1::TableDeclaration,
    rows: &[&Hashed<'_>],
    at: TimeUs,
) -> Result<(), StoreError> {
    for rows in rows.chunks(super::super::ROWS_PER_STATEMENT) {
        let known = Query::new("SELECT hash, row_key FROM fact_rows WHERE hash IN ")
            .list(rows.iter().map(|row| Id(row.row)))
            .read(&mut tx.on, |columns| Ok((columns.id()?.0, columns.int()?)))
            .await?;
        let mut row_keys: HashMap<RowHash, i64> = known.into_iter().collect();
        let new: HashMap<RowHash, &Hashed<'_>> = rows
            .iter()
            .filter(|row| !row_keys.contains_key(&row.row))
            .map(|row| (row.row, *row))
            .collect();
        if !new.is_empty() {
            let made = Query::new("INSERT INTO fact_rows (hash, table_key) VALUES ")
                .rows(
                    new.keys()
                        .map(|hash| vec![Id(*hash).into(), names.table_key.into()]),
                )
                .push(" RETURNING hash, row_key")
                .read(&mut tx.on, |columns| Ok((columns.id()?.0, columns.int()?)))
                .await?;
            save_cells(tx, names, declaration, &made, &new).await?;
            row_keys.extend(made);
        }
        let spans = rows
            .iter()
            .map(|row| {
                vec![
                    device_key.into(),
                    names.table_key.into(),
                    row.key.into(),
                    row_keys.get(&row.row).copied().unwrap_or_default().into(),
                    at.into(),
                    STILL_THERE.into(),
                ]
            })
            .collect();
        insert_rows(
            &mut tx.on,
            "INSERT INTO fact_spans (device_key, table_key, key_hash, row_key, seen_from, seen_to) VALUES ",
            spans,
            "",
        )
        .await?;
    }
    Ok(())
}

async fn save_cells(
    tx: &mut Tx,
    names: &Names,
    declaration: &v1::TableDeclaration,
    made: &[(RowHash, i64)],
    rows: &HashMap<RowHash, &Hashed<'_>>,
) -> Result<(), StoreError> {
    let mut cells = Vec::new();
    for (hash, row_key) in made {
        let Some(row) = rows.get(hash) else {
            continue;
        };
        for (column, value) in declaration.columns.iter().zip(row.values) {
            if !is_kept(column) {
                continue;
            }
            if let (Some(stored), Some(column_key)) =
                (cells::stored(value), names.columns.get(&column.name))
            {
                cells.push(vec![
                    (*row_key).into(),
                    (*column_key).into(),
                    stored.num.into(),
                    stored.text.into(),
                    stored.rest.into(),
                ]);
            }
        }
    }
    insert_rows(
        &mut tx.on,
        "INSERT INTO fact_cells (row_key, column_key, num, text, rest) VALUES ",
        cells,
        "",
    )
    .await?;
    Ok(())
}

pub(super) async fn forget_live(
    tx: &mut Tx,
    device_key: i64,
    names: &Names,
    keys: &[RowKey],
) -> Result<(), StoreError> {
    for keys in keys.chunks(super::super::ROWS_PER_STATEMENT) {
        Query::new("DELETE FROM fact_live WHERE device_key = ")
            .arg(device_key)
            .push(" AND table_key = ")
            .arg(names.table_key)
            .push(" AND key_hash IN ")
            .list(keys.iter().copied())
            .execute(&mut tx.on)
            .await?;
    }
    Ok(())
}

pub(super) async fn save_live<'a>(
    tx: &mut Tx,
    device_key: i64,
    names: &Names,
    declaration: &v1::TableDeclaration,
    rows: impl Iterator<Item = &'a Hashed<'a>>,
) -> Result<(), StoreError> {
    let mut cells = Vec::new();
    for row in rows {
        for (column, value) in declaration.columns.iter().zip(row.values) {
            if is_kept(column) {
                continue;
            }
            let Some(column_key) = names.columns.get(&column.name) else {
                continue;
            };
            let (num, text, rest) = cells::stored(value).map_or((None, None, None), |stored| {
                (stored.num, stored.text, stored.rest)
            });
            cells.push(vec![
                device_key.into(),
                names.table_key.into(),
                row.key.into(),
                (*column_key).into(),
                num.into(),
                text.into(),
                rest.into(),
            ]);
        }
    }
    insert_rows(
        &mut tx.on,
        "INSERT INTO fact_live (device_key, table_key, key_hash, column_key, num, text, rest) VALUES ",
        cells,
        " ON CONFLICT (device_key, table_key, key_hash, column_key) \
         DO UPDATE SET num = excluded.num, text = excluded.text, rest = excluded.rest",
    )
    .await?;
    Ok(())
}

/// Whether a column's values belong to the row's content, as its hash sees it.
fn is_kept(column: &v1::Column) -> bool {
    matches!(column.role(), ColumnRole::Key | ColumnRole::Slow)
}
