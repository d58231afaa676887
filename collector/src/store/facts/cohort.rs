//! What the devices with a finding have that the others have not: values, and on how many devices of either kind they are.

use super::super::findings::code;
use super::super::{Query, Store, StoreError};
use super::STILL_THERE;
use sonde_proto::v1::Status;

/// Whose finding is looked for.
#[derive(Debug, Clone)]
pub struct CohortOf {
    pub check: String,
    /// None: about anything.
    pub subject: Option<String>,
    /// Only devices of these sites; none: of all.
    pub sites: Option<Vec<i64>>,
}

/// A value and how many devices have it: of those with the finding, and of those that are checked and have it not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueCount {
    pub value: String,
    pub n_affected: u64,
    pub n_healthy: u64,
}

impl CohortOf {
    /// Begins with the devices that are checked and whether each has the finding, as `cohort (device_key, bad)`.
    fn query(&self) -> Query {
        let bad = [code(Status::Warning), code(Status::Critical)];
        let mut query = Query::new(
            "WITH cohort (device_key, bad) AS (SELECT d.device_key, MAX(CASE WHEN f.status IN ",
        )
        .list(bad);
        if let Some(subject) = &self.subject {
            query = query.push(" AND f.subject = ").arg(subject);
        }
        query = query
            .push(
                " THEN 1 ELSE 0 END) FROM devices d JOIN findings f ON f.device_key = d.device_key \
                 WHERE d.removed_at IS NULL AND f.check_id = ",
            )
            .arg(&self.check)
            .push(" AND f.status <> ")
            .arg(code(Status::Unknown));
        if let Some(sites) = &self.sites {
            query = query
                .push(" AND d.site_key IN ")
                .list(sites.iter().copied());
        }
        query.push(" GROUP BY d.device_key) ")
    }
}

/// How many devices of either kind.
const COUNTS: &str = "CAST(COUNT(DISTINCT CASE WHEN c.bad = 1 THEN c.device_key END) AS BIGINT), \
     CAST(COUNT(DISTINCT CASE WHEN c.bad = 0 THEN c.device_key END) AS BIGINT)";

impl Store {
    /// Keys of the devices with the finding, and how many are checked and have it not.
    ///
    /// # Errors
    /// The store's own.
    pub async fn cohort(&self, of: &CohortOf) -> Result<(Vec<i64>, u64), StoreError> {
        let mut on = self.reader().await?;
        let all = of
            .query()
            .push("SELECT device_key, bad FROM cohort ORDER BY device_key")
            .read(&mut on, |row| Ok((row.int()?, row.truth()?)))
            .await?;
        let affected = all.iter().filter(|(_, is_bad)| *is_bad);
        let affected: Vec<i64> = affected.map(|(key, _)| *key).collect();
        let n_healthy = all.len() - affected.len();
        Ok((affected, n_healthy as u64))
    }

    /// Values of one text column that an affected device has now. `named`: only rows with this text in this column.
    ///
    /// # Errors
    /// The store's own.
    pub async fn cohort_values(
        &self,
        of: &CohortOf,
        (table, column): (&str, &str),
        named: Option<(&str, &str)>,
    ) -> Result<Vec<ValueCount>, StoreError> {
        let mut on = self.reader().await?;
        let known = Query::new(
            "SELECT c.name, c.column_key, c.table_key FROM fact_columns c \
             JOIN fact_tables t ON t.table_key = c.table_key WHERE t.name = $1",
        )
        .bind(table)
        .read(&mut on, |row| Ok((row.text()?, row.int()?, row.int()?)))
        .await?;
        let key = |name: &str| known.iter().find(|(of, _, _)| of == name);
        let Some((_, column_key, table_key)) = key(column) else {
            return Ok(Vec::new());
        };
        // From the devices on: their spans of one table lie together.
        let mut query = of
            .query()
            .push("SELECT v.text, ")
            .push(COUNTS)
            .push(
                " FROM cohort c JOIN fact_spans s ON s.device_key = c.device_key \
                 JOIN fact_cells v ON v.row_key = s.row_key WHERE s.table_key = ",
            )
            .arg(*table_key)
            .push(" AND s.seen_to = ")
            .arg(STILL_THERE)
            .push(" AND v.column_key = ")
            .arg(*column_key)
            .push(" AND v.text <> ''");
        if let Some((name, text)) = named {
            let named_key = key(name).map_or(0, |(_, key, _)| *key);
            query = query
                .push(" AND s.row_key IN (SELECT row_key FROM fact_cells WHERE column_key = ")
                .arg(named_key)
                .push(" AND text = ")
                .arg(text)
                .push(")");
        }
        query
            .push(" GROUP BY v.text HAVING MAX(c.bad) = 1")
            .read(&mut on, |row| {
                Ok(ValueCount {
                    value: row.text()?,
                    n_affected: row.int()? as u64,
                    n_healthy: row.int()? as u64,
                })
            })
            .await
    }

    /// Of each device that is checked: whether it has the finding, an address of it, and that one's prefix.
    ///
    /// # Errors
    /// The store's own.
    pub async fn cohort_addresses(
        &self,
        of: &CohortOf,
    ) -> Result<Vec<(i64, bool, String, i64)>, StoreError> {
        let mut on = self.reader().await?;
        of.query()
            .push(
                "SELECT c.device_key, c.bad, a.text, CAST(p.num AS BIGINT) FROM fact_tables t \
                 JOIN fact_columns ka ON ka.table_key = t.table_key AND ka.name = 'address' \
                 JOIN fact_columns kp ON kp.table_key = t.table_key AND kp.name = 'prefix' \
                 CROSS JOIN cohort c \
                 JOIN fact_spans s ON s.device_key = c.device_key AND s.table_key = t.table_key AND s.seen_to = ",
            )
            .arg(STILL_THERE)
            .push(
                " JOIN fact_cells a ON a.row_key = s.row_key AND a.column_key = ka.column_key \
                 JOIN fact_cells p ON p.row_key = s.row_key AND p.column_key = kp.column_key \
                 WHERE t.name = 'addresses' AND a.text IS NOT NULL AND p.num IS NOT NULL",
            )
            .read(&mut on, |row| {
                Ok((row.int()?, row.truth()?, row.text()?, row.int()?))
            })
            .await
    }

    /// Sites and agents' versions of the devices that are checked.
    ///
    /// # Errors
    /// The store's own.
    pub async fn cohort_devices(
        &self,
        of: &CohortOf,
        column: DeviceColumn,
    ) -> Result<Vec<ValueCount>, StoreError> {
        let mut on = self.reader().await?;
        let value = match column {
            DeviceColumn::Site => "t.name",
            DeviceColumn::AgentVersion => "d.agent_version",
        };
        of.query()
            .push("SELECT ")
            .push(value)
            .push(", ")
            .push(COUNTS)
            .push(
                " FROM cohort c JOIN devices d ON d.device_key = c.device_key \
                 JOIN sites t ON t.site_key = d.site_key GROUP BY ",
            )
            .push(value)
            .push(" HAVING MAX(c.bad) = 1")
            .read(&mut on, |row| {
                Ok(ValueCount {
                    value: row.text()?,
                    n_affected: row.int()? as u64,
                    n_healthy: row.int()? as u64,
                })
            })
            .await
    }
}

/// What the collector itself knows of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceColumn {
    Site,
    AgentVersion,
}
