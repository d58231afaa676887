//! Logs that are written no more and may be removed.

use std::time::Duration;

use crate::host::{CacheFile, Host, Unavailable};

use super::cache_files::{COLUMNS, file, row};
use super::{Kind, Parameter, Request, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "old_logs",
    in_worker: true,
    as_root: true,
    deadline: Duration::from_secs(20),
    columns: COLUMNS,
    parameters: &[Parameter {
        name: "days",
        kind: Kind::Integer,
        required: true,
        help_en: "last written longer ago than so many days",
        help_fr: "écrits pour la dernière fois il y a plus de tant de jours",
        ..Parameter::PLAIN
    }],
    read: |host, request| {
        let days = request.integer("days").unwrap_or_default();
        let older_than = DAY * days.clamp(0, i64::from(u16::MAX)) as u32;
        let logs = host.old_logs(older_than, MOST)?;
        Ok(logs.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};

const DAY: Duration = Duration::from_secs(86_400);
/// The largest ones.
const MOST: usize = 1000;

/// As a worker finds them.
pub(crate) async fn ask(host: &Host, days: i64) -> Result<Vec<CacheFile>, Unavailable> {
    let request = Request::default().with("days", Value::Integer(days));
    let reading = super::read(&TABLE, host, &request).await?;
    Ok(reading.rows.iter().map(file).collect())
}
