//! What the package manager would do to finish what is half installed, for the action that has it done.

use std::time::Duration;

use crate::host::{Host, PackageChange, PackageDeed, Unavailable};

use super::{Cells, Column, Kind, Request, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "package_repair",
    in_worker: true,
    // Sources that ask for a password may be root's to read.
    as_root: true,
    deadline: Duration::from_secs(30),
    columns: &[
        Column::key("package", Kind::Text),
        Column::key("deed", Kind::Text),
    ],
    read: |host, _| Ok(host.package_repair()?.into_iter().map(row).collect()),
    ..Table::PLAIN
};

fn row(change: PackageChange) -> Row {
    vec![change.name.into(), change.deed.word().into()]
}

fn from_row(row: &Row) -> Option<PackageChange> {
    let mut cells = Cells::of(row);
    let name = cells.text()?;
    let word = cells.text()?;
    let mut deeds = PackageDeed::ALL.into_iter();
    let deed = deeds.find(|deed| deed.word() == word)?;
    Some(PackageChange { deed, name })
}

/// It, as a worker finds it.
pub(crate) async fn ask(host: &Host) -> Result<Vec<PackageChange>, Unavailable> {
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    Ok(reading.rows.iter().filter_map(from_row).collect())
}

#[test]
fn a_change_survives_its_row() {
    for deed in PackageDeed::ALL {
        let change = PackageChange {
            deed,
            name: "labels".into(),
        };
        assert_eq!(from_row(&row(change.clone())), Some(change));
    }
}
