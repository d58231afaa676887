//! Packages that are not completely installed, for the check that judges them.

use std::time::Duration;

use crate::host::{Host, Unavailable};

use super::{Cells, Column, Kind, Request, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "broken_packages",
    in_worker: true,
    deadline: Duration::from_millis(1500),
    columns: &[
        Column::key("name", Kind::Text),
        Column::slow("state", Kind::Text, ""),
    ],
    read: |host, _| Ok(host.broken_packages()?.into_iter().map(row).collect()),
    ..Table::PLAIN
};

fn row((name, state): (String, String)) -> Row {
    vec![name.into(), state.into()]
}

/// Name and state of each, as a worker finds them.
pub(crate) async fn ask(host: &Host) -> Result<Vec<(String, String)>, Unavailable> {
    let reading = super::read(&TABLE, host, &Request::default()).await?;
    let one = |row: &Row| {
        let mut cells = Cells::of(row);
        let name = cells.text().unwrap_or_default();
        (name, cells.text().unwrap_or_default())
    };
    Ok(reading.rows.iter().map(one).collect())
}

#[tokio::test]
async fn what_is_not_complete_is_told() {
    let tree = crate::host::recorded::Tree::new(&[(
        "/var/lib/dpkg/status",
        "Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n\
         Package: b\nStatus: deinstall ok config-files\nVersion: 1\nArchitecture: all\n\n\
         Package: c\nStatus: install ok triggers-pending\nVersion: 1\nArchitecture: all\n\n\
         Package: d\nStatus: install reinstreq half-installed\nVersion: 1\nArchitecture: all\n",
    )]);
    let found = ask(&tree.host()).await.unwrap();
    let found: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(found, ["c", "d"]);
    let rpm = crate::host::recorded::Tree::new(&[("/var/lib/rpm/rpmdb.sqlite", "")]);
    let found = ask(&rpm.host()).await;
    assert!(
        matches!(found, Err(Unavailable::Unsupported { .. })),
        "{found:?}"
    );
}
