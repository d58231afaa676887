//! Files of system caches that may be removed.

use crate::host::{CacheFile, Host, Unavailable};

use super::{Cells, Column, Kind, Request, Row, Table};
use std::time::Duration;

pub(super) const TABLE: Table = Table {
    name: "cache_files",
    every: Duration::from_secs(3600),
    in_worker: true,
    as_root: true,
    deadline: Duration::from_secs(20),
    columns: COLUMNS,
    read: |host, _| Ok(host.cache_files(MOST)?.into_iter().map(row).collect()),
    ..Table::PLAIN
};

pub(super) const COLUMNS: &[Column] = &[
    Column::key("root", Kind::Text),
    Column::key("path", Kind::Text),
    Column::slow("bytes", Kind::Integer, "bytes"),
    Column::slow("device", Kind::Integer, ""),
    Column::slow("inode", Kind::Integer, ""),
];

/// Files of one cache; the largest ones.
const MOST: usize = 1000;

pub(super) fn row(file: CacheFile) -> Row {
    vec![
        file.root.into(),
        file.path.into(),
        file.bytes.into(),
        file.device.into(),
        file.inode.into(),
    ]
}

/// The other way round.
pub(super) fn file(row: &Row) -> CacheFile {
    let mut cells = Cells::of(row);
    CacheFile {
        root: cells.text().unwrap_or_default(),
        path: cells.text().unwrap_or_default(),
        bytes: cells.amount(),
        device: cells.amount(),
        inode: cells.amount(),
    }
}

/// The files, as a worker finds them.
pub(crate) async fn ask(host: &Host) -> Result<Vec<CacheFile>, Unavailable> {
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    Ok(reading.rows.iter().map(file).collect())
}
