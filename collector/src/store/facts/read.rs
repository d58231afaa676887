//! What a device's tables hold now, and what changed between two times.

use std::collections::{BTreeMap, HashMap};

use prost::Message as _;
use sonde_proto::v1::{self, ColumnRole, ValueType};
use sqlx::AnyConnection;

use super::super::{Columns, Id, Query, Store, StoreError, TimeUs};
use super::STILL_THERE;
use super::cells::{self, Cell, Stored};

/// A table of a device as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct FactTable {
    pub state: TableState,
    pub columns: Vec<v1::Column>,
    /// Values in the order of the columns; rows in the order of their key cells.
    pub rows: Vec<Vec<v1::Value>>,
}

/// How a device's copy of a table stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableState {
    pub table: String,
    pub hash: [u8; 16],
    pub declaration_id: Id,
    pub changed_at: TimeUs,
    /// Why the table could not be read; empty: it could.
    pub unavailable: String,
}

/// Where a change stands among a device's changes: by its time, then in an order that means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangeKey {
    pub at: TimeUs,
    table_key: i64,
    /// First bytes of the row's key hash.
    row: i64,
}

impl std::fmt::Display for ChangeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.at, self.table_key, self.row)
    }
}

impl std::str::FromStr for ChangeKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let mut numbers = text.splitn(3, '.').map(str::parse);
        let mut next = || numbers.next().and_then(Result::ok).ok_or(NotAKey);
        Ok(Self {
            at: next()?,
            table_key: next()?,
            row: next()?,
        })
    }
}

/// Three numbers with points between them are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is no place among changes")]
pub struct NotAKey;

/// A row that came, went or became another.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub key: ChangeKey,
    pub at: TimeUs,
    pub table: String,
    pub kind: ChangeKind,
    /// Cells by column's name; empty: the row was not there.
    pub before: Vec<Cell>,
    pub after: Vec<Cell>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    Added,
    Removed,
    Changed,
}

const STATES: &str = "SELECT t.name, s.hash, s.declaration_id, s.changed_at, s.unavailable, s.table_key \
     FROM fact_states s JOIN fact_tables t ON t.table_key = s.table_key WHERE s.device_key = ";

fn read_state(columns: &mut Columns<'_>) -> Result<(TableState, i64), StoreError> {
    let state = TableState {
        table: columns.text()?,
        hash: columns.id()?.0,
        declaration_id: columns.id()?,
        changed_at: columns.int()?,
        unavailable: columns.text()?,
    };
    Ok((state, columns.int()?))
}

impl Store {
    /// The tables that a device has reported, by name.
    ///
    /// # Errors
    /// The store's own.
    pub async fn fact_states(&self, device_key: i64) -> Result<Vec<TableState>, StoreError> {
        let mut on = self.reader().await?;
        let states = Query::new(STATES)
            .arg(device_key)
            .push(" ORDER BY t.name")
            .read(&mut on, read_state)
            .await?;
        Ok(states.into_iter().map(|(state, _)| state).collect())
    }

    /// One table as it is now; none: the device has not reported it.
    ///
    /// # Errors
    /// The store's own.
    pub async fn facts(
        &self,
        device_key: i64,
        table: &str,
    ) -> Result<Option<FactTable>, StoreError> {
        let mut on = self.reader().await?;
        let found = Query::new(STATES)
            .arg(device_key)
            .push(" AND t.name = ")
            .arg(table)
            .read_optional(&mut on, read_state)
            .await?;
        let Some((state, table_key)) = found else {
            return Ok(None);
        };
        let columns = declared(&mut on, state.declaration_id).await?;
        let mut rows = kept_cells(&mut on, device_key, table_key).await?;
        for (key, name, stored) in live_cells(&mut on, device_key, table_key).await? {
            if let Some(row) = rows.get_mut(&key) {
                row.insert(name, stored);
            }
        }
        let mut rows: Vec<Vec<v1::Value>> = rows
            .into_values()
            .map(|mut row| {
                columns
                    .iter()
                    .map(|column| match row.remove(&column.name) {
                        Some(stored) => cells::value(stored, column.r#type()),
                        None => v1::Value::default(),
                    })
                    .collect()
            })
            .collect();
        rows.sort_by_cached_key(|row| sort_key(&columns, row));
        Ok(Some(FactTable {
            state,
            columns,
            rows,
        }))
    }

    /// What changed after `from` up to `to`, the newest first, `most` at most; a table's first coming is no change.
    /// `before`: only what comes after it in that order.
    ///
    /// # Errors
    /// The store's own.
    pub async fn changes(
        &self,
        device_key: i64,
        from: TimeUs,
        to: TimeUs,
        before: Option<ChangeKey>,
        most: u32,
    ) -> Result<Vec<Change>, StoreError> {
        let mut on = self.reader().await?;
        let page = (device_key, from, to, before, most);
        let mut spans = spans_of(&mut on, "s.seen_from", page).await?;
        let ended = spans_of(&mut on, "s.seen_to", page).await?;
        spans.extend(ended);
        let kinds = column_kinds(&mut on, device_key).await?;
        let rows = cells_of_rows(&mut on, spans.iter().map(|span| span.row_key), &kinds).await?;
        let mut changes: BTreeMap<ChangeKey, Change> = BTreeMap::new();
        for span in spans {
            let change = changes.entry(span.change).or_insert_with(|| Change {
                key: span.change,
                at: span.change.at,
                table: span.table,
                kind: match span.begins {
                    true => ChangeKind::Added,
                    false => ChangeKind::Removed,
                },
                before: Vec::new(),
                after: Vec::new(),
            });
            let row = rows.get(&span.row_key).cloned().unwrap_or_default();
            match span.begins {
                true => change.after = row,
                false => {
                    if !change.after.is_empty() {
                        change.kind = ChangeKind::Changed;
                    }
                    change.before = row;
                }
            }
        }
        Ok(changes.into_values().rev().take(most as usize).collect())
    }
}

/// The newest beginnings or ends of rows. Both are in one order, so that a row that was changed has both on one page.
async fn spans_of(
    on: &mut AnyConnection,
    edge: &'static str,
    (device_key, from, to, before, most): (i64, TimeUs, TimeUs, Option<ChangeKey>, u32),
) -> Result<Vec<Span>, StoreError> {
    let begins = edge == "s.seen_from";
    let mut query = Query::new(SPANS)
        .push("s.device_key = ")
        .arg(device_key)
        .push(" AND ")
        .push(edge)
        .push(" > f.whole_at AND ")
        .push(edge)
        .push(" > ")
        .arg(from)
        .push(" AND ")
        .push(edge)
        .push(" <= ")
        .arg(to);
    if let Some(before) = before {
        query = query
            .push(" AND (")
            .push(edge)
            .push(", s.table_key, s.key_hash) < ")
            .list([before.at, before.table_key, before.row]);
    }
    query
        .push(" ORDER BY ")
        .push(edge)
        .push(" DESC, s.table_key DESC, s.key_hash DESC LIMIT ")
        .arg(most)
        .read(on, |columns| read_span(columns, begins))
        .await
}

const SPANS: &str = "SELECT s.seen_from, s.seen_to, s.table_key, t.name, s.key_hash, s.row_key FROM fact_states f \
     JOIN fact_spans s ON s.device_key = f.device_key AND s.table_key = f.table_key \
     JOIN fact_tables t ON t.table_key = s.table_key WHERE ";

struct Span {
    change: ChangeKey,
    begins: bool,
    table: String,
    row_key: i64,
}

fn read_span(columns: &mut Columns<'_>, begins: bool) -> Result<Span, StoreError> {
    let (seen_from, seen_to) = (columns.int()?, columns.int()?);
    let at = if begins { seen_from } else { seen_to };
    let (table_key, table, row, row_key) = (
        columns.int()?,
        columns.text()?,
        columns.int()?,
        columns.int()?,
    );
    Ok(Span {
        change: ChangeKey { at, table_key, row },
        begins,
        table,
        row_key,
    })
}

async fn declared(on: &mut AnyConnection, id: Id) -> Result<Vec<v1::Column>, StoreError> {
    let body = Query::new("SELECT body FROM declarations WHERE id = $1")
        .bind(id)
        .read_optional(on, |columns| columns.bytes())
        .await?;
    let declaration = body.and_then(|body| v1::Declaration::decode(&body[..]).ok());
    Ok(match declaration.and_then(|declaration| declaration.body) {
        Some(v1::declaration::Body::Table(table)) => table.columns,
        Some(v1::declaration::Body::Catalogue(_)) | None => Vec::new(),
    })
}

type Row = HashMap<String, Stored>;

/// A cell's row, its column's name, and what is stored.
pub(super) fn read_cell_of(columns: &mut Columns<'_>) -> Result<(i64, String, Stored), StoreError> {
    Ok((
        columns.int()?,
        columns.text()?,
        Stored {
            num: columns.opt_double()?,
            text: columns.opt_text()?,
            rest: columns.opt_text()?,
        },
    ))
}

async fn kept_cells(
    on: &mut AnyConnection,
    device_key: i64,
    table_key: i64,
) -> Result<HashMap<i64, Row>, StoreError> {
    let cells = Query::new(
        "SELECT s.key_hash, c.name, f.num, f.text, f.rest FROM fact_spans s \
         JOIN fact_cells f ON f.row_key = s.row_key JOIN fact_columns c ON c.column_key = f.column_key \
         WHERE s.device_key = $1 AND s.table_key = $2 AND s.seen_to = $3",
    )
    .bind(device_key)
    .bind(table_key)
    .bind(STILL_THERE)
    .read(on, read_cell_of)
    .await?;
    let mut rows: HashMap<i64, Row> = HashMap::new();
    for (key, name, stored) in cells {
        rows.entry(key).or_default().insert(name, stored);
    }
    Ok(rows)
}

async fn live_cells(
    on: &mut AnyConnection,
    device_key: i64,
    table_key: i64,
) -> Result<Vec<(i64, String, Stored)>, StoreError> {
    Query::new(
        "SELECT l.key_hash, c.name, l.num, l.text, l.rest FROM fact_live l \
         JOIN fact_columns c ON c.column_key = l.column_key WHERE l.device_key = $1 AND l.table_key = $2 \
         AND (l.num IS NOT NULL OR l.text IS NOT NULL)",
    )
    .bind(device_key)
    .bind(table_key)
    .read(on, read_cell_of)
    .await
}

/// Types of all columns of the tables that a device reports, by table and name.
async fn column_kinds(
    on: &mut AnyConnection,
    device_key: i64,
) -> Result<HashMap<(String, String), ValueType>, StoreError> {
    let states = Query::new(STATES)
        .arg(device_key)
        .read(on, read_state)
        .await?;
    let mut kinds = HashMap::new();
    for (state, _) in states {
        for column in declared(on, state.declaration_id).await? {
            let kind = column.r#type();
            kinds.insert((state.table.clone(), column.name), kind);
        }
    }
    Ok(kinds)
}

async fn cells_of_rows(
    on: &mut AnyConnection,
    row_keys: impl Iterator<Item = i64>,
    kinds: &HashMap<(String, String), ValueType>,
) -> Result<HashMap<i64, Vec<Cell>>, StoreError> {
    let mut row_keys: Vec<i64> = row_keys.collect();
    row_keys.sort_unstable();
    row_keys.dedup();
    let mut rows: HashMap<i64, Vec<Cell>> = HashMap::new();
    for row_keys in row_keys.chunks(500) {
        let cells = Query::new(
            "SELECT f.row_key, t.name, c.name, f.num, f.text, f.rest FROM fact_cells f \
             JOIN fact_columns c ON c.column_key = f.column_key \
             JOIN fact_tables t ON t.table_key = c.table_key WHERE f.row_key IN ",
        )
        .list(row_keys.iter().copied())
        .push(" ORDER BY f.row_key, c.column_key")
        .read(on, |columns| {
            let (row_key, table, name) = (columns.int()?, columns.text()?, columns.text()?);
            let stored = Stored {
                num: columns.opt_double()?,
                text: columns.opt_text()?,
                rest: columns.opt_text()?,
            };
            Ok((row_key, table, name, stored))
        })
        .await?;
        for (row_key, table, name, stored) in cells {
            let key = (table, name);
            let kind = kinds.get(&key).copied().unwrap_or_default();
            rows.entry(row_key)
                .or_default()
                .push((key.1, cells::value(stored, kind)));
        }
    }
    Ok(rows)
}

/// Where a row stands among the rows of its table, which have different ones.
pub fn sort_key(columns: &[v1::Column], row: &[v1::Value]) -> String {
    let keys = columns
        .iter()
        .zip(row)
        .filter(|(column, _)| column.role() == ColumnRole::Key);
    keys.map(|(_, value)| match &value.value {
        Some(v1::value::Value::Text(text)) => text.clone(),
        Some(v1::value::Value::Integer(n) | v1::value::Value::TimeUs(n)) => format!("{n:020}"),
        Some(v1::value::Value::Real(n)) => format!("{n:020}"),
        Some(v1::value::Value::Truth(truth)) => truth.to_string(),
        // No text has it.
        None => "\u{1}".to_owned(),
    })
    .collect::<Vec<_>>()
    .join("\0")
}
