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
    columns: &[
        Column::key("root", Kind::Text),
        Column::key("path", Kind::Text),
        Column::slow("bytes", Kind::Integer, "bytes"),
        Column::slow("device", Kind::Integer, ""),
        Column::slow("inode", Kind::Integer, ""),
    ],
    read: |host, _| {
        let row = |file: crate::host::CacheFile| -> Row {
            vec![
                file.root.into(),
                file.path.into(),
                file.bytes.into(),
                file.device.into(),
                file.inode.into(),
            ]
        };
        Ok(host.cache_files(MOST)?.into_iter().map(row).collect())
    },
    ..Table::PLAIN
};

/// Files of one cache; the largest ones.
const MOST: usize = 1000;

/// The files, as a worker finds them.
pub(crate) async fn ask(host: &Host) -> Result<Vec<CacheFile>, Unavailable> {
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    let file = |row: &Row| {
        let mut cells = Cells::of(row);
        CacheFile {
            root: cells.text().unwrap_or_default(),
            path: cells.text().unwrap_or_default(),
            bytes: cells.amount(),
            device: cells.amount(),
            inode: cells.amount(),
        }
    };
    Ok(reading.rows.iter().map(file).collect())
}
