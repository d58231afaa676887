//! Which devices have a text in a column now, and which texts a device has there.

use super::STILL_THERE;
use crate::store::{Query, Store, StoreError};

/// Devices or texts in one statement.
const NAMED_AT_ONCE: usize = 500;
/// Key of a column of a table, both by name.
const COLUMN: &str = "(SELECT c.column_key FROM fact_columns c JOIN fact_tables t ON t.table_key = c.table_key \
     WHERE t.name = ";

impl Store {
    /// Devices with a row that has one of these texts in this column, and the text: of these sites, or of all. The column
    /// is one whose values do not move, and the texts are short enough for an index.
    ///
    /// # Errors
    /// The store's own.
    pub async fn holders(
        &self,
        (table, column): (&str, &str),
        texts: &[String],
        sites: Option<&[i64]>,
        most: u32,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        let mut on = self.reader().await?;
        let mut found = Vec::new();
        for some in texts.chunks(NAMED_AT_ONCE) {
            let mut query = Query::new(
                "SELECT DISTINCT s.device_key, v.text FROM fact_cells v JOIN fact_spans s ON s.row_key = v.row_key \
                 JOIN devices d ON d.device_key = s.device_key \
                 WHERE d.removed_at IS NULL AND v.rest IS NULL AND v.column_key = ",
            )
            .push(COLUMN)
            .arg(table)
            .push(" AND c.name = ")
            .arg(column)
            .push(") AND v.text IN ")
            .list(some.iter().map(String::as_str))
            .push(" AND s.seen_to = ")
            .arg(STILL_THERE);
            if let Some(sites) = sites {
                query = query
                    .push(" AND d.site_key IN ")
                    .list(sites.iter().copied());
            }
            let query = query
                .push(" ORDER BY s.device_key, v.text LIMIT ")
                .arg(most);
            let some = query.read(&mut on, |columns| Ok((columns.int()?, columns.text()?)));
            found.extend(some.await?);
        }
        Ok(found)
    }

    /// The texts that these devices have in this column now, each once a device.
    ///
    /// # Errors
    /// The store's own.
    pub async fn held(
        &self,
        (table, column): (&str, &str),
        device_keys: &[i64],
    ) -> Result<Vec<(i64, String)>, StoreError> {
        let mut on = self.reader().await?;
        let mut found = Vec::new();
        for some in device_keys.chunks(NAMED_AT_ONCE) {
            let query = Query::new(
                "SELECT DISTINCT s.device_key, v.text FROM fact_spans s JOIN fact_cells v ON v.row_key = s.row_key \
                 WHERE v.text IS NOT NULL AND v.rest IS NULL AND s.device_key IN ",
            )
            .list(some.iter().copied())
            .push(" AND s.table_key = (SELECT table_key FROM fact_tables WHERE name = ")
            .arg(table)
            .push(") AND s.seen_to = ")
            .arg(STILL_THERE)
            .push(" AND v.column_key = ")
            .push(COLUMN)
            .arg(table)
            .push(" AND c.name = ")
            .arg(column)
            .push(") ORDER BY s.device_key, v.text");
            let some = query.read(&mut on, |columns| Ok((columns.int()?, columns.text()?)));
            found.extend(some.await?);
        }
        Ok(found)
    }
}
