//! A question about the facts of many devices, answered from what is stored.

use std::collections::{HashMap, HashSet};

use sonde_proto::v1::{self, ColumnRole};
use sqlx::AnyConnection;

use super::super::dialect::Dialect;
use super::super::{Query, Store, StoreError, escape_like};
use super::STILL_THERE;
use super::cells::{self, INDEXED_BYTES, Stored};
use super::read::read_cell_of;
use crate::question::{Comparison, Condition, Literal};

/// Rows or devices in one statement.
const NAMED_AT_ONCE: usize = 500;
/// A cell's text.
const WHOLE: &str = "v.text || COALESCE(v.rest, '')";

/// What is asked of which devices.
#[derive(Debug, Clone)]
pub struct FleetFilter<'a> {
    pub table: &'a str,
    /// As devices declare the table.
    pub columns: &'a [v1::Column],
    /// Fitted to these columns.
    pub condition: Option<&'a Condition>,
    /// Only of these sites; none: of all.
    pub sites: Option<Vec<i64>>,
    pub device_key: Option<i64>,
    /// Rows after this one.
    pub after: Option<RowPlace>,
    pub most: u32,
}

/// Where a row stands among those of all devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RowPlace {
    pub device_key: i64,
    /// First bytes of its key's hash.
    pub row: i64,
}

/// A row that some device has now.
#[derive(Debug, Clone, PartialEq)]
pub struct FleetRow {
    pub place: RowPlace,
    /// In the order of the columns.
    pub values: Vec<v1::Value>,
}

impl Store {
    /// Rows that devices have now and for which the condition holds, by device, then in an order that means nothing.
    ///
    /// # Errors
    /// The store's own.
    pub async fn fleet_facts(&self, filter: &FleetFilter<'_>) -> Result<Vec<FleetRow>, StoreError> {
        let mut on = self.reader().await?;
        let Some((table_key, keys)) = keys_of(&mut on, filter.table).await? else {
            return Ok(Vec::new());
        };
        let asked = Asked {
            dialect: self.dialect,
            columns: filter.columns,
            keys,
        };
        let places = asked.places(&mut on, table_key, filter).await?;
        asked.rows(&mut on, table_key, &places).await
    }

    /// How many devices of these sites report the table, and how many of them could not read it.
    ///
    /// # Errors
    /// The store's own.
    pub async fn reporting(
        &self,
        table: &str,
        sites: Option<&[i64]>,
    ) -> Result<(i64, i64), StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(
            "SELECT CAST(COUNT(*) AS BIGINT), \
             CAST(COALESCE(SUM(CASE WHEN f.unavailable = '' THEN 0 ELSE 1 END), 0) AS BIGINT) \
             FROM devices d JOIN fact_states f ON f.device_key = d.device_key \
             JOIN fact_tables t ON t.table_key = f.table_key WHERE d.removed_at IS NULL AND t.name = ",
        )
        .arg(table);
        if let Some(sites) = sites {
            query = query
                .push(" AND d.site_key IN ")
                .list(sites.iter().copied());
        }
        let row = query.one(&mut on).await?;
        let mut columns = super::super::Columns::of(&row);
        Ok((columns.int()?, columns.int()?))
    }
}

/// A question as a part of another statement.
pub(in crate::store) struct Narrowing<'a> {
    asked: Asked<'a>,
    table_key: i64,
    condition: Option<&'a Condition>,
}

impl<'a> Narrowing<'a> {
    /// # Errors
    /// The store's own.
    pub(in crate::store) async fn new(
        on: &mut AnyConnection,
        dialect: Dialect,
        (table, columns): (&str, &'a [v1::Column]),
        condition: Option<&'a Condition>,
    ) -> Result<Self, StoreError> {
        // No table has the key 0: a declared one without a single row yet.
        let (table_key, keys) = keys_of(on, table).await?.unwrap_or_default();
        let asked = Asked {
            dialect,
            columns,
            keys,
        };
        Ok(Self {
            asked,
            table_key,
            condition,
        })
    }

    /// Appends that the device `d` has such a row now.
    pub(in crate::store) fn push(&self, query: Query) -> Query {
        let by_rows = self.condition.is_some_and(|one| self.asked.narrows(one));
        let query = match by_rows {
            true => query.push("d.device_key IN (SELECT s.device_key FROM fact_spans s WHERE +s.table_key = "),
            false => query.push(
                "EXISTS (SELECT 1 FROM fact_spans s WHERE s.device_key = d.device_key AND s.table_key = ",
            ),
        };
        let query = query
            .arg(self.table_key)
            .push(" AND s.seen_to = ")
            .arg(STILL_THERE);
        let query = match self.condition {
            Some(condition) => self.asked.condition(query.push(" AND "), condition),
            None => query,
        };
        query.push(")")
    }
}

/// The key of a table, and those of its columns by their names; none: nobody has reported it.
async fn keys_of(
    on: &mut AnyConnection,
    table: &str,
) -> Result<Option<(i64, HashMap<String, i64>)>, StoreError> {
    let table_key = Query::new("SELECT table_key FROM fact_tables WHERE name = $1")
        .bind(table)
        .read_optional(on, |columns| columns.int())
        .await?;
    let Some(table_key) = table_key else {
        return Ok(None);
    };
    let keys = Query::new("SELECT name, column_key FROM fact_columns WHERE table_key = $1")
        .bind(table_key)
        .read(on, |columns| Ok((columns.text()?, columns.int()?)))
        .await?;
    Ok(Some((table_key, keys.into_iter().collect())))
}

struct Asked<'a> {
    dialect: Dialect,
    columns: &'a [v1::Column],
    keys: HashMap<String, i64>,
}

impl Asked<'_> {
    /// Places of the rows, and the keys of their slow content.
    async fn places(
        &self,
        on: &mut AnyConnection,
        table_key: i64,
        filter: &FleetFilter<'_>,
    ) -> Result<Vec<(RowPlace, i64)>, StoreError> {
        // What few rows of the whole fleet say is looked up by those; else the devices are gone through one by one. The
        // plus signs keep SQLite from taking the second way for the first.
        let by_rows = filter.condition.is_some_and(|one| self.narrows(one));
        let plain = if by_rows { "+" } else { "" };
        let mut query = Query::new(
            "SELECT s.device_key, s.key_hash, s.row_key FROM fact_spans s \
             JOIN devices d ON d.device_key = s.device_key WHERE d.removed_at IS NULL AND s.seen_to = ",
        )
        .arg(STILL_THERE)
        .push(&format!(" AND {plain}s.table_key = "))
        .arg(table_key);
        if let Some(sites) = &filter.sites {
            query = query
                .push(" AND d.site_key IN ")
                .list(sites.iter().copied());
        }
        if let Some(device_key) = filter.device_key {
            query = query.push(" AND s.device_key = ").arg(device_key);
        }
        if let Some(after) = filter.after {
            query = query
                .push(&format!(" AND ({plain}s.device_key, s.key_hash) > "))
                .list([after.device_key, after.row]);
        }
        if let Some(condition) = filter.condition {
            query = self.condition(query.push(" AND "), condition);
        }
        query
            .push(&format!(" ORDER BY {plain}s.device_key, s.key_hash LIMIT "))
            .arg(filter.most)
            .read(on, |columns| {
                let place = RowPlace {
                    device_key: columns.int()?,
                    row: columns.int()?,
                };
                Ok((place, columns.int()?))
            })
            .await
    }

    /// Whether a part of it that must hold asks for nothing that moves.
    fn narrows(&self, condition: &Condition) -> bool {
        match condition {
            Condition::All(all) => all.iter().any(|one| self.narrows(one)),
            Condition::Any(_) | Condition::Compare { .. } => condition.is_slow(self.columns),
            Condition::Not(_) | Condition::Absent { .. } => false,
        }
    }

    fn condition(&self, query: Query, condition: &Condition) -> Query {
        match condition {
            Condition::All(all) => self.several(query, all, " AND "),
            Condition::Any(all) => self.several(query, all, " OR "),
            Condition::Not(one) => self.condition(query.push("NOT "), one),
            Condition::Absent { column, .. } => {
                let query = query.push("NOT ");
                self.some_cell(query, column, |query| {
                    query.push("(v.num IS NOT NULL OR v.text IS NOT NULL)")
                })
            }
            Condition::Compare {
                column, by, value, ..
            } => self.some_cell(query, column, |query| self.compare(query, *by, value)),
        }
    }

    fn several(&self, query: Query, all: &[Condition], by: &str) -> Query {
        let mut query = query.push("(");
        for (at, one) in all.iter().enumerate() {
            if at > 0 {
                query = query.push(by);
            }
            query = self.condition(query, one);
        }
        query.push(")")
    }

    /// The row has a value in this column for which `holds` does.
    fn some_cell(&self, query: Query, column: &str, holds: impl FnOnce(Query) -> Query) -> Query {
        let of_it = self.columns.iter().find(|one| one.name == column);
        let is_live = of_it.is_some_and(|one| one.role() == ColumnRole::Live);
        // No column has the key 0: a declared one without a single value yet.
        let key = self.keys.get(column).copied().unwrap_or_default();
        let query = match is_live {
            true => query.push(
                "EXISTS (SELECT 1 FROM fact_live v WHERE v.device_key = s.device_key \
                 AND v.table_key = s.table_key AND v.key_hash = s.key_hash AND v.column_key = ",
            ),
            false => {
                query.push("s.row_key IN (SELECT v.row_key FROM fact_cells v WHERE v.column_key = ")
            }
        };
        holds(query.arg(key).push(" AND ")).push(")")
    }

    fn compare(&self, query: Query, by: Comparison, value: &Literal) -> Query {
        let sign = match by {
            Comparison::Equal => " = ",
            Comparison::Different => " <> ",
            Comparison::Less => " < ",
            Comparison::AtMost => " <= ",
            Comparison::Greater => " > ",
            Comparison::AtLeast => " >= ",
            Comparison::Contains => " LIKE ",
        };
        match (value, by) {
            (Literal::Number(number), _) => query.push("v.num").push(sign).arg(*number),
            (Literal::Truth(truth), _) => {
                let number = if *truth { 1.0 } else { 0.0 };
                query.push("v.num").push(sign).arg(number)
            }
            (Literal::Text(text), Comparison::Contains) => query
                .push(&self.dialect.without_case(WHOLE))
                .push(" LIKE ")
                .arg(format!("%{}%", escape_like(&text.to_ascii_lowercase())))
                .push(" ESCAPE '!'"),
            (Literal::Text(text), Comparison::Equal | Comparison::Different) => {
                let (head, rest) = text.split_at(text.floor_char_boundary(INDEXED_BYTES));
                let query = match by {
                    Comparison::Different => query.push("NOT "),
                    Comparison::Equal
                    | Comparison::Less
                    | Comparison::AtMost
                    | Comparison::Greater
                    | Comparison::AtLeast
                    | Comparison::Contains => query,
                };
                let query = query.push("(v.text = ").arg(head);
                match rest {
                    "" => query.push(" AND v.rest IS NULL)"),
                    rest => query.push(" AND v.rest = ").arg(rest).push(")"),
                }
            }
            (Literal::Text(text), _) => query
                .push(&self.dialect.by_bytes(WHOLE))
                .push(sign)
                .arg(text),
        }
    }

    /// The rows at these places, whole.
    async fn rows(
        &self,
        on: &mut AnyConnection,
        table_key: i64,
        places: &[(RowPlace, i64)],
    ) -> Result<Vec<FleetRow>, StoreError> {
        let mut slow: HashMap<i64, HashMap<String, Stored>> = HashMap::new();
        let row_keys: HashSet<i64> = places.iter().map(|(_, row_key)| *row_key).collect();
        let row_keys: Vec<i64> = row_keys.into_iter().collect();
        for row_keys in row_keys.chunks(NAMED_AT_ONCE) {
            let cells = Query::new(
                "SELECT f.row_key, c.name, f.num, f.text, f.rest FROM fact_cells f \
                 JOIN fact_columns c ON c.column_key = f.column_key WHERE f.row_key IN ",
            )
            .list(row_keys.iter().copied())
            .read(on, read_cell_of)
            .await?;
            for (row_key, name, stored) in cells {
                slow.entry(row_key).or_default().insert(name, stored);
            }
        }
        let mut live: HashMap<RowPlace, HashMap<String, Stored>> = HashMap::new();
        let devices: HashSet<i64> = places.iter().map(|(place, _)| place.device_key).collect();
        let devices: Vec<i64> = devices.into_iter().collect();
        let has_live = self
            .columns
            .iter()
            .any(|one| one.role() == ColumnRole::Live);
        for devices in devices.chunks(NAMED_AT_ONCE).filter(|_| has_live) {
            let cells = Query::new(
                "SELECT l.device_key, l.key_hash, c.name, l.num, l.text, l.rest FROM fact_live l \
                 JOIN fact_columns c ON c.column_key = l.column_key WHERE l.table_key = ",
            )
            .arg(table_key)
            .push(" AND l.device_key IN ")
            .list(devices.iter().copied())
            .read(on, |columns| Ok((columns.int()?, read_cell_of(columns)?)))
            .await?;
            for (device_key, (row, name, stored)) in cells {
                let place = RowPlace { device_key, row };
                live.entry(place).or_default().insert(name, stored);
            }
        }
        let nothing = HashMap::new();
        let whole = places.iter().map(|(place, row_key)| {
            let (slow, live) = (
                slow.get(row_key).unwrap_or(&nothing),
                live.get(place).unwrap_or(&nothing),
            );
            let values = self.columns.iter().map(|column| {
                let stored = slow.get(&column.name).or_else(|| live.get(&column.name));
                stored.map_or_else(v1::Value::default, |stored| {
                    cells::value(stored.clone(), column.r#type())
                })
            });
            FleetRow {
                place: *place,
                values: values.collect(),
            }
        });
        Ok(whole.collect())
    }
}
