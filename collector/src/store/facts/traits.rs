//! What the devices of a fleet are told apart by: some columns of a table, of all of them.

use std::collections::{HashMap, HashSet};

use super::super::{Query, Store, StoreError, TimeUs};
use super::STILL_THERE;

/// Rows in one statement.
const NAMED_AT_ONCE: usize = 500;

/// Which device has which row, and what the rows say.
#[derive(Debug, Default)]
pub struct FleetColumns {
    pub rows: Vec<(i64, i64)>,
    /// By row: texts by their column, numbers as they are written.
    pub cells: HashMap<i64, Vec<(String, String)>>,
}

/// How a device's findings of one check stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub device_key: i64,
    pub subject: String,
    /// As monitoring plugins number it.
    pub status: i64,
    pub since: TimeUs,
}

impl Store {
    /// Columns of a table as devices have it now; `named`: only rows with this text in this column.
    ///
    /// # Errors
    /// The store's own.
    pub async fn fleet_columns(
        &self,
        table: &str,
        columns: &[&str],
        named: Option<(&str, &str)>,
        sites: Option<&[i64]>,
    ) -> Result<FleetColumns, StoreError> {
        let mut on = self.reader().await?;
        let known = Query::new(
            "SELECT c.column_key, c.name, c.table_key FROM fact_columns c \
             JOIN fact_tables t ON t.table_key = c.table_key WHERE t.name = $1",
        )
        .bind(table)
        .read(&mut on, |row| Ok((row.int()?, row.text()?, row.int()?)))
        .await?;
        let Some(table_key) = known.first().map(|(_, _, table_key)| *table_key) else {
            return Ok(FleetColumns::default());
        };
        // From the devices on: their spans of one table lie together.
        let mut query = Query::new(
            "SELECT s.device_key, s.row_key FROM devices d JOIN fact_spans s ON s.device_key = d.device_key \
             WHERE d.removed_at IS NULL AND s.table_key = ",
        )
        .arg(table_key)
        .push(" AND s.seen_to = ")
        .arg(STILL_THERE);
        if let Some(sites) = sites {
            query = query
                .push(" AND d.site_key IN ")
                .list(sites.iter().copied());
        }
        if let Some((column, text)) = named {
            let key = known.iter().find(|(_, name, _)| name == column);
            query = query
                .push(" AND s.row_key IN (SELECT row_key FROM fact_cells WHERE column_key = ")
                .arg(key.map_or(0, |(key, _, _)| *key))
                .push(" AND text = ")
                .arg(text)
                .push(")");
        }
        let rows = query
            .read(&mut on, |row| Ok((row.int()?, row.int()?)))
            .await?;
        let wanted = known
            .iter()
            .filter(|(_, name, _)| columns.contains(&name.as_str()));
        let wanted: HashMap<i64, &String> = wanted.map(|(key, name, _)| (*key, name)).collect();
        let distinct: HashSet<i64> = rows.iter().map(|(_, row)| *row).collect();
        let distinct: Vec<i64> = distinct.into_iter().collect();
        let mut cells: HashMap<i64, Vec<(String, String)>> = HashMap::new();
        for some in distinct.chunks(NAMED_AT_ONCE) {
            let found = Query::new(
                "SELECT row_key, column_key, num, text FROM fact_cells WHERE row_key IN ",
            )
            .list(some.iter().copied())
            .push(" AND column_key IN ")
            .list(wanted.keys().copied())
            .read(&mut on, |row| {
                Ok((row.int()?, row.int()?, row.opt_double()?, row.opt_text()?))
            })
            .await?;
            for (row, column, num, text) in found {
                let said = text.or_else(|| num.map(|num| num.to_string()));
                if let (Some(said), Some(name)) = (said, wanted.get(&column)) {
                    cells.entry(row).or_default().push(((*name).clone(), said));
                }
            }
        }
        Ok(FleetColumns { rows, cells })
    }

    /// All findings of one check, of devices that were not removed.
    ///
    /// # Errors
    /// The store's own.
    pub async fn findings_by_check(
        &self,
        check: &str,
        sites: Option<&[i64]>,
    ) -> Result<Vec<Standing>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(
            "SELECT f.device_key, f.subject, f.status, f.since FROM devices d \
             JOIN findings f ON f.device_key = d.device_key WHERE d.removed_at IS NULL AND f.check_id = ",
        )
        .arg(check);
        if let Some(sites) = sites {
            query = query
                .push(" AND d.site_key IN ")
                .list(sites.iter().copied());
        }
        query
            .read(&mut on, |row| {
                Ok(Standing {
                    device_key: row.int()?,
                    subject: row.text()?,
                    status: row.int()?,
                    since: row.int()?,
                })
            })
            .await
    }
}
