//! Proxies that are set for the whole machine; without their passwords.

use super::{Column, Kind, Row, Table};

pub(super) const TABLE: Table = Table {
    name: "proxies",
    columns: &[
        Column::key("proxy", Kind::Text),
        Column::slow("sources", Kind::Text, ""),
    ],
    in_worker: true,
    read: |host, _| {
        let row = |proxy: crate::host::Proxy| -> Row {
            let sources = proxy.sources.join(", ");
            vec![proxy.authority().into(), sources.into()]
        };
        Ok(host.proxies().into_iter().map(row).collect())
    },
    ..Table::PLAIN
};

#[test]
fn a_proxy_is_shown_without_its_password() {
    let tree = crate::host::recorded::Tree::new(&[(
        "/etc/environment",
        "http_proxy=http://me:secret@proxy.example:3128\n",
    )]);
    let rows = (TABLE.read)(&tree.host(), &super::Request::default()).unwrap();
    let shown: Vec<Option<&str>> = rows[0].iter().map(super::Value::as_text).collect();
    assert_eq!(
        shown,
        [Some("proxy.example:3128"), Some("/etc/environment")]
    );
}
