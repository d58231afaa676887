//! What many devices say in some columns: the least and the most of each.

use std::collections::HashMap;

use sonde_proto::v1::{self, ValueType};

use super::super::{Columns, Query, Store, StoreError};
use super::STILL_THERE;
use super::cells::{self, Stored};

/// Devices in one statement.
const NAMED_AT_ONCE: usize = 500;

/// A column of a table, as devices declare it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FactColumn {
    pub table: String,
    pub column: String,
    pub kind: ValueType,
}

/// What a device says in a column; of a long text, its beginning.
#[derive(Debug, Clone, PartialEq)]
pub struct Extent {
    pub least: v1::Value,
    pub most: v1::Value,
    /// Values that are not alike.
    pub n_values: i64,
}

const EXTENT: &str = "MIN(v.num), MAX(v.num), MIN(v.text), MAX(v.text), \
     CAST(COUNT(DISTINCT COALESCE(v.text, CAST(v.num AS TEXT))) AS BIGINT)";

impl Store {
    /// What devices say now, by device and column; who says nothing is left out.
    ///
    /// # Errors
    /// The store's own.
    pub async fn extents(
        &self,
        device_keys: &[i64],
        asked: &[FactColumn],
    ) -> Result<HashMap<(i64, FactColumn), Extent>, StoreError> {
        let mut found = HashMap::new();
        if asked.is_empty() || device_keys.is_empty() {
            return Ok(found);
        }
        let mut on = self.reader().await?;
        let named = Query::new(
            "SELECT t.name, c.name, t.table_key, c.column_key FROM fact_columns c \
             JOIN fact_tables t ON t.table_key = c.table_key WHERE c.name IN ",
        )
        .list(asked.iter().map(|one| one.column.as_str()))
        .read(&mut on, |columns| {
            let (table, column) = (columns.text()?, columns.text()?);
            let wanted = asked
                .iter()
                .find(|one| one.table == table && one.column == column);
            Ok((wanted, columns.int()?, columns.int()?))
        })
        .await?;
        let named = named.into_iter();
        let keys: HashMap<i64, (&FactColumn, i64)> = named
            .filter_map(|(wanted, table, column)| Some((column, (wanted?, table))))
            .collect();
        let tables = || keys.values().map(|(_, table_key)| *table_key);
        // Few devices are looked at, and many rows of others have such a column.
        let column = self.dialect.not_by_index("v.column_key");
        for devices in device_keys.chunks(NAMED_AT_ONCE) {
            let kept = Query::new("SELECT s.device_key, v.column_key, ")
                .push(EXTENT)
                .push(" FROM fact_spans s JOIN fact_cells v ON v.row_key = s.row_key WHERE s.device_key IN ")
                .list(devices.iter().copied())
                .push(" AND s.table_key IN ")
                .list(tables())
                .push(" AND s.seen_to = ")
                .arg(STILL_THERE);
            let moving = Query::new("SELECT v.device_key, v.column_key, ")
                .push(EXTENT)
                .push(" FROM fact_live v WHERE v.device_key IN ")
                .list(devices.iter().copied())
                .push(" AND v.table_key IN ")
                .list(tables());
            for (query, of) in [(kept, "s.device_key"), (moving, "v.device_key")] {
                let rows = query
                    .push(&format!(" AND {column} IN "))
                    .list(keys.keys().copied())
                    .push(&format!(" GROUP BY {of}, v.column_key"))
                    .read(&mut on, |columns| read(columns, &keys))
                    .await?;
                found.extend(rows.into_iter().flatten());
            }
        }
        Ok(found)
    }
}

type Found = Option<((i64, FactColumn), Extent)>;

fn read(
    columns: &mut Columns<'_>,
    keys: &HashMap<i64, (&FactColumn, i64)>,
) -> Result<Found, StoreError> {
    let (device_key, column_key) = (columns.int()?, columns.int()?);
    let (least, most) = (columns.opt_double()?, columns.opt_double()?);
    let (first, last) = (columns.opt_text()?, columns.opt_text()?);
    let n_values = columns.int()?;
    let Some((of, _)) = keys.get(&column_key).filter(|_| n_values > 0) else {
        return Ok(None);
    };
    let value = |num, text| {
        let stored = Stored {
            num,
            text,
            rest: None,
        };
        cells::value(stored, of.kind)
    };
    let extent = Extent {
        least: value(least, first),
        most: value(most, last),
        n_values,
    };
    Ok(Some(((device_key, (*of).clone()), extent)))
}
