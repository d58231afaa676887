//! The time servers that the machine's daemons are told to ask: timesyncd.conf(5), chrony.conf(5), ntp.conf(5).

use crate::host::Host;

/// Files, and folders of files.
const TIMESYNCD: &[&str] = &[
    "/etc/systemd/timesyncd.conf",
    "/etc/systemd/timesyncd.conf.d",
];
const OTHERS: &[&str] = &[
    "/etc/chrony/chrony.conf",
    "/etc/chrony/conf.d",
    "/etc/chrony/sources.d",
    "/etc/chrony.conf",
    "/etc/ntp.conf",
    "/etc/ntpsec/ntp.conf",
];

pub(in crate::host) fn time_servers(host: &Host) -> Vec<String> {
    let timesyncd = texts(host, TIMESYNCD).into_iter().flat_map(|text| {
        let lines = text.lines().filter_map(|line| {
            let (key, value) = line.trim().split_once('=')?;
            ["NTP", "FallbackNTP"]
                .contains(&key.trim_end())
                .then_some(value)
        });
        let names = lines.flat_map(str::split_whitespace);
        names.map(str::to_owned).collect::<Vec<_>>()
    });
    let others = texts(host, OTHERS).into_iter().flat_map(|text| {
        let names = text.lines().filter_map(|line| {
            let mut words = line.split_whitespace();
            let kind = words.next()?;
            ["server", "pool", "peer"]
                .contains(&kind)
                .then(|| words.next())?
        });
        names.map(str::to_owned).collect::<Vec<_>>()
    });
    let mut names: Vec<String> = timesyncd.chain(others).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Of the files that are there, and of those in the folders.
fn texts(host: &Host, places: &[&str]) -> Vec<String> {
    let files = places.iter().flat_map(|place| match host.names(place) {
        Ok(names) => names.iter().map(|name| format!("{place}/{name}")).collect(),
        Err(_) => vec![(*place).to_owned()],
    });
    files.filter_map(|file| host.text(&file).ok()).collect()
}

#[test]
fn servers_of_all_daemons_are_named_once() {
    let tree = crate::host::recorded::Tree::new(&[
        (
            "/etc/systemd/timesyncd.conf",
            "[Time]\n#NTP=no.example\nNTP=a.example b.example\n",
        ),
        (
            "/etc/chrony/chrony.conf",
            "pool b.example iburst\nmakestep 1 3\n",
        ),
        ("/etc/chrony/sources.d/x.sources", "server c.example\n"),
    ]);
    assert_eq!(
        time_servers(&tree.host()),
        ["a.example", "b.example", "c.example"]
    );
}
