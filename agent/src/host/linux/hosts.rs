//! hosts(5).

use crate::host::{Host, HostsEntry, Unavailable};

const HOSTS: &str = "/etc/hosts";

pub(in crate::host) fn hosts_file(host: &Host) -> Result<String, Unavailable> {
    host.text(HOSTS)
}

pub(in crate::host) fn hosts_entries(host: &Host) -> Result<Vec<HostsEntry>, Unavailable> {
    host.with_file(HOSTS, |text| {
        text.lines().enumerate().filter_map(entry).collect()
    })
}

fn entry((at, line): (usize, &str)) -> Option<HostsEntry> {
    let line = line.split('#').next()?;
    let mut words = line.split_ascii_whitespace();
    // A zone says where an address lies, not which one it is.
    let address = words.next()?.split('%').next()?.parse().ok()?;
    let names: Vec<String> = words.map(str::to_owned).collect();
    (!names.is_empty()).then_some(HostsEntry {
        line: at as u32 + 1,
        address,
        names,
    })
}

#[test]
fn entries_are_told_from_comments() {
    let tree = crate::host::recorded::Tree::new(&[(
        HOSTS,
        "# 192.0.2.1 no\n127.0.0.1\tlocalhost  Box # here\n\nfe80::1%eth0 router\nx y\n192.0.2.9\n",
    )]);
    let entries = hosts_entries(&tree.host()).unwrap();
    let shown = entries
        .iter()
        .map(|entry| format!("{} {} {}", entry.line, entry.address, entry.names.join(" ")));
    assert_eq!(
        shown.collect::<Vec<_>>(),
        ["2 127.0.0.1 localhost Box", "4 fe80::1 router"]
    );
    assert!(entries[0].names("box") && !entries[0].names("bo"));
}
