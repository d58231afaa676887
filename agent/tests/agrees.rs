//! Facts say what the machine's own programs say.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop and say why it is skipped"
)]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sonde_agent::host::{Host, Unavailable, program};

const OUTPUT_BYTES: usize = 64 << 20;

/// What `program` prints; absent, and said so, when this machine does not have it.
fn ask(program: &str, arguments: &[&str]) -> Option<String> {
    match program::read(&Host::this(), program, arguments, OUTPUT_BYTES) {
        Ok(text) => {
            assert!(!text.is_empty(), "{program} says nothing");
            Some(text)
        }
        Err(Unavailable::Absent { .. }) => {
            println!("skipped: {program} is not installed");
            None
        }
        Err(why) => panic!("{why}"),
    }
}

/// Rows of a table, as the real program gives them; those in a worker are read by a real worker.
fn facts(table: &str) -> Vec<Value> {
    let text = ask(
        env!("CARGO_BIN_EXE_sonde-agent"),
        &["facts", table, "--json"],
    )
    .unwrap();
    let table: Value = serde_json::from_str(&text).unwrap();
    table["rows"].as_array().unwrap().clone()
}

/// `columns` of each row, as one text.
fn cells(rows: &[Value], columns: &[&str]) -> BTreeSet<String> {
    let text = |row: &Value, column: &&str| {
        let cell = &row[*column];
        cell.as_str()
            .map_or_else(|| cell.to_string(), str::to_owned)
    };
    rows.iter()
        .map(|row| {
            let cells = columns.iter().map(|column| text(row, column));
            cells.collect::<Vec<_>>().join(" ")
        })
        .collect()
}

#[track_caller]
fn agree(ours: BTreeSet<String>, theirs: BTreeSet<String>) {
    assert!(!theirs.is_empty());
    let only =
        |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>();
    assert_eq!(
        (only(&ours, &theirs), only(&theirs, &ours)),
        (Vec::new(), Vec::new()),
        "(only ours, only theirs)"
    );
}

#[test]
fn disks_agree_with_lsblk() {
    let Some(text) = ask(
        "lsblk",
        &["--json", "--bytes", "--output", "NAME,SIZE,TYPE"],
    ) else {
        return;
    };
    fn walk(device: &Value, found: &mut BTreeSet<String>) {
        let size = device["size"].as_u64().unwrap_or(0);
        let kind = device["type"].as_str().unwrap();
        // An empty loop device or card reader is no disk to us.
        if size > 0 {
            found.insert(format!(
                "{} {size} {kind}",
                device["name"].as_str().unwrap()
            ));
        }
        for child in device["children"].as_array().into_iter().flatten() {
            walk(child, found);
        }
    }
    let lsblk: Value = serde_json::from_str(&text).unwrap();
    let mut theirs = BTreeSet::new();
    for device in lsblk["blockdevices"].as_array().unwrap() {
        walk(device, &mut theirs);
    }
    agree(
        cells(&facts("disks"), &["name", "size_bytes", "kind"]),
        theirs,
    );
}

#[test]
fn addresses_and_interfaces_agree_with_ip() {
    let Some(text) = ask("ip", &["-j", "addr"]) else {
        return;
    };
    let links: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut addresses = BTreeSet::new();
    let mut interfaces = BTreeSet::new();
    for link in &links {
        let name = link["ifname"].as_str().unwrap();
        let up = link["flags"].as_array().unwrap().contains(&"UP".into());
        interfaces.insert(format!(
            "{name} {} {}",
            link["mtu"],
            if up { "true" } else { "false" }
        ));
        for address in link["addr_info"].as_array().unwrap() {
            let (local, length) = (address["local"].as_str().unwrap(), &address["prefixlen"]);
            let scope = address["scope"].as_str().unwrap();
            addresses.insert(format!("{name} {local} {length} {scope}"));
        }
    }
    agree(
        cells(
            &facts("addresses"),
            &["interface", "address", "prefix", "scope"],
        ),
        addresses,
    );
    agree(
        cells(&facts("interfaces"), &["name", "mtu", "up"]),
        interfaces,
    );
}

#[test]
fn routes_agree_with_ip() {
    let Some(text) = ask("ip", &["-j", "route"]) else {
        return;
    };
    let routes: Vec<Value> = serde_json::from_str(&text).unwrap();
    let theirs = routes.iter().map(|route| {
        let to = match route["dst"].as_str().unwrap() {
            "default" => "0.0.0.0/0".to_owned(),
            to if to.contains('/') => to.to_owned(),
            to => format!("{to}/32"),
        };
        let gateway = route["gateway"].as_str().unwrap_or_default();
        let metric = route["metric"].as_u64().unwrap_or(0);
        format!("{to} {gateway} {} {metric}", route["dev"].as_str().unwrap())
    });
    let mut ours = facts("routes");
    ours.retain(|route| route["family"] == "IPv4");
    agree(
        cells(&ours, &["destination", "gateway", "interface", "metric"]),
        theirs.collect(),
    );
}

#[test]
fn packages_agree_with_dpkg_query() {
    let format = "${Package} ${Version} ${Architecture} ${db:Status-Status}\n";
    let Some(text) = ask("dpkg-query", &["-W", "-f", format]) else {
        return;
    };
    let theirs = text
        .lines()
        .filter(|line| !line.ends_with(" not-installed"))
        .map(str::to_owned);
    agree(
        cells(
            &facts("packages"),
            &["name", "version", "architecture", "state"],
        ),
        theirs.collect(),
    );
}

#[test]
fn filesystems_agree_with_df() {
    let columns = "--output=target,fstype,size,used,itotal";
    let Some(text) = ask("df", &["-a", "-B1", columns]) else {
        return;
    };
    // Mount, kind, size, used, inodes; what is covered by another mount is a line of dashes.
    let theirs = text.lines().skip(1).filter_map(|line| {
        let words = line.split_whitespace().collect::<Vec<_>>();
        let [mount, kind, size, used, inodes] = words[..] else {
            return None;
        };
        let size = size.parse::<u64>().ok()?;
        Some((
            mount.to_owned(),
            (
                kind.to_owned(),
                size,
                used.parse::<u64>().ok()?,
                inodes.to_owned(),
            ),
        ))
    });
    let theirs = theirs.collect::<BTreeMap<_, _>>();
    let ours = facts("filesystems");
    let measured = ours
        .iter()
        .filter(|row| row["total_bytes"].as_u64() > Some(0));
    let mut n_compared = 0;
    for row in measured {
        let mount = row["mount"].as_str().unwrap();
        let (kind, size, used, inodes) = &theirs[mount];
        assert_eq!(row["kind"].as_str(), Some(kind.as_str()), "{mount}");
        assert_eq!(row["total_bytes"].as_u64(), Some(*size), "{mount}");
        assert_eq!(row["inodes"].to_string(), *inodes, "{mount}");
        // Others write meanwhile.
        let apart = row["used_bytes"].as_u64().unwrap().abs_diff(*used);
        assert!(apart <= size / 50, "{mount}: {apart} bytes apart");
        n_compared += 1;
    }
    assert!(n_compared > 0);
}

#[test]
fn listeners_agree_with_ss() {
    // One of our own is there for certain.
    let own = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = own.local_addr().unwrap().port();
    let Some(text) = ask("ss", &["-Hltn"]) else {
        return;
    };
    let theirs = text.lines().map(|line| {
        let local = line.split_whitespace().nth(3).unwrap();
        let (address, port) = local.rsplit_once(':').unwrap();
        let address = address.trim_matches(['[', ']']);
        // ss writes an address of its own for every interface as a star, and the zone after a percent sign.
        let address = address.split('%').next().unwrap();
        format!("{} {port}", if address == "*" { "::" } else { address })
    });
    let theirs = theirs.collect::<BTreeSet<_>>();
    let mut ours = facts("listeners");
    ours.retain(|row| row["protocol"] == "tcp");
    let ours = cells(&ours, &["address", "port"]);
    assert!(ours.contains(&format!("127.0.0.1 {port}")), "{ours:?}");
    // Other tests of this machine come and go between the two readings.
    let stay = |set: &BTreeSet<String>| {
        let again = ask("ss", &["-Hltn"]).unwrap();
        set.iter()
            .filter(|one| again.contains(&format!(":{} ", one.rsplit(' ').next().unwrap())))
            .cloned()
            .collect::<BTreeSet<_>>()
    };
    agree(stay(&ours), stay(&theirs));
}

#[test]
fn an_ordinary_machine_has_150_series() {
    let host = Host::this();
    let mut book = sonde_agent::metrics::Book::new();
    let sample = sonde_agent::metrics::Sampler::new().sample(&host, &mut book);
    assert!(sample.len() >= 150, "{}", sample.len());
}
