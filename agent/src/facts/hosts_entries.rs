//! What /etc/hosts settles.

use crate::host::HostsEntry;

use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "hosts_entries",
    // Lists of what is to be blocked are long; they are of no use to anybody here.
    most_rows: 500,
    columns: &[
        Column::key("name", Kind::Text),
        Column::key("address", Kind::Text),
        Column::slow("line", Kind::Integer, ""),
    ],
    in_worker: true,
    read: |host, _| {
        let rows = |entry: HostsEntry| -> Vec<Row> {
            let (address, line) = (entry.address.to_string(), entry.line);
            let row = |name: String| vec![name.into(), address.clone().into(), line.into()];
            entry.names.into_iter().map(row).collect()
        };
        Ok(host.hosts_entries()?.into_iter().flat_map(rows).collect())
    },
    ..Table::PLAIN
};

#[test]
fn each_name_has_its_row() {
    let tree = crate::host::recorded::Tree::new(&[("/etc/hosts", "::1 localhost ip6-localhost\n")]);
    let rows = (TABLE.read)(&tree.host(), &super::Request::default()).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[1],
        vec!["ip6-localhost".into(), "::1".into(), 1_u32.into()]
    );
}
