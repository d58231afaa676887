//! Leases as the DHCP clients of Linux keep them: systemd-networkd, NetworkManager, dhclient.leases(5), dhcpcd(8).

use std::collections::HashSet;
use std::fs::File;
use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use crate::host::{Host, Lease, Unavailable};

const NETWORKD: &str = "/run/systemd/netif/leases";
pub(super) const NETWORK_MANAGER: &str = "/run/NetworkManager/devices";
const DHCLIENT: &[&str] = &[
    "/var/lib/dhcp",
    "/var/lib/dhclient",
    "/var/lib/NetworkManager",
];
const DHCPCD: &[&str] = &["/var/lib/dhcpcd", "/var/lib/dhcpcd5", "/var/db/dhcpcd"];
/// Names as the kernel has them, of at most 15 characters.
const CLIENTS: &[&str] = &["dhclient", "dhcpcd", "udhcpc", "pump"];
/// 4294967295 s: for ever (RFC 2131 §3.3).
const FOR_EVER: u64 = 0xffff_ffff;
/// A packet of DHCP fits one of Ethernet.
const PACKET_BYTES: u64 = 1500;

/// Each interface's newest of each client.
pub(in crate::host) fn leases(host: &Host) -> Result<Vec<Lease>, Unavailable> {
    let interfaces = super::interface::interfaces(host)?;
    let of_index = |index: &str| {
        let index: u32 = index.parse().ok()?;
        let interface = interfaces.iter().find(|one| one.index == index);
        interface.map(|one| one.name.clone())
    };
    let mut leases = Vec::new();
    for index in host.names(NETWORKD).unwrap_or_default() {
        let file = format!("{NETWORKD}/{index}");
        let text = host.text(&file).unwrap_or_default();
        if let Some(interface) = of_index(&index) {
            leases.extend(networkd(&text, interface, changed_us(host, &file)));
        }
    }
    for index in host.names(NETWORK_MANAGER).unwrap_or_default() {
        let text = host.text(&format!("{NETWORK_MANAGER}/{index}"));
        if let Some(interface) = of_index(&index) {
            leases.extend(network_manager(&text.unwrap_or_default(), interface));
        }
    }
    for folder in DHCLIENT {
        let names = host.names(folder).unwrap_or_default();
        for name in names.iter().filter(|name| is_of_dhclient(name)) {
            let text = host.text(&format!("{folder}/{name}")).unwrap_or_default();
            leases.extend(dhclient(&text));
        }
    }
    for folder in DHCPCD {
        for name in host.names(folder).unwrap_or_default() {
            let Some(interface) = name.strip_suffix(".lease") else {
                continue;
            };
            let file = format!("{folder}/{name}");
            // `eth0-network.lease` belongs to one radio network.
            let interface = interface.split('-').next().unwrap_or(interface);
            let packet = packet(&host.path(&file)).unwrap_or_default();
            leases.extend(dhcpcd(&packet, interface, changed_us(host, &file)));
        }
    }
    leases.retain(|lease| interfaces.iter().any(|one| one.name == lease.interface));
    Ok(newest(leases))
}

/// Of several for one interface by one client, the one that lasts longest.
fn newest(mut leases: Vec<Lease>) -> Vec<Lease> {
    leases.sort_by_key(|lease| std::cmp::Reverse(lease.expires_us.unwrap_or(i64::MAX)));
    let mut seen = HashSet::new();
    leases.retain(|lease| seen.insert((lease.interface.clone(), lease.client)));
    leases
}

/// DHCP clients that run, each asking for one machine or interface.
pub(in crate::host) fn lease_clients(host: &Host) -> Result<Vec<&'static str>, Unavailable> {
    let entries = host.names("/proc")?;
    let pids = entries
        .iter()
        .filter(|entry| entry.bytes().all(|b| b.is_ascii_digit()));
    let running = pids
        .filter_map(|pid| host.line(&format!("/proc/{pid}/comm")))
        .collect::<HashSet<_>>();
    let runs = |name: &&str| running.contains(*name);
    Ok(CLIENTS.iter().copied().filter(runs).collect())
}

fn packet(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut packet = Vec::new();
    File::open(file)?
        .take(PACKET_BYTES)
        .read_to_end(&mut packet)?;
    Ok(packet)
}

fn changed_us(host: &Host, file: &str) -> Option<i64> {
    let changed = std::fs::metadata(host.path(file)).ok()?.modified().ok()?;
    let since = changed.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(since.as_micros() as i64)
}

fn expires_us(from_us: Option<i64>, seconds: Option<u64>) -> Option<i64> {
    let seconds = seconds.filter(|seconds| *seconds < FOR_EVER)?;
    Some(from_us? + seconds as i64 * 1_000_000)
}

/// `ADDRESS=`, `SERVER_ADDRESS=`, `LIFETIME=` in seconds from when the file was written.
fn networkd(text: &str, interface: String, written_us: Option<i64>) -> Option<Lease> {
    let of = |key: &str| {
        let mut pairs = text.lines().filter_map(|line| line.split_once('='));
        pairs.find(|(name, _)| *name == key).map(|(_, value)| value)
    };
    let lifetime_seconds = of("LIFETIME").and_then(|text| text.parse().ok());
    Some(Lease {
        interface,
        address: of("ADDRESS")?.parse().ok()?,
        client: "systemd-networkd",
        server: of("SERVER_ADDRESS").and_then(|text| text.parse().ok()),
        lifetime_seconds,
        expires_us: expires_us(written_us, lifetime_seconds),
    })
}

/// The options of the lease, in a section of their own; `expiry` in seconds since 1970.
fn network_manager(text: &str, interface: String) -> Option<Lease> {
    let section = text.split_once("[dhcp4]")?.1;
    let section = section.split("\n[").next()?;
    let of = |key: &str| {
        let mut pairs = section.lines().filter_map(|line| line.split_once('='));
        pairs.find(|(name, _)| *name == key).map(|(_, value)| value)
    };
    let number = |key| of(key).and_then(|text| text.parse::<i64>().ok());
    Some(Lease {
        interface,
        address: of("ip_address")?.parse().ok()?,
        client: "NetworkManager",
        server: of("dhcp_server_identifier").and_then(|text| text.parse().ok()),
        lifetime_seconds: number("dhcp_lease_time").and_then(|n| n.try_into().ok()),
        expires_us: number("expiry").map(|seconds| seconds * 1_000_000),
    })
}

/// `dhclient.eth0.leases`, `dhclient-<uuid>-eth0.lease`; not those of IPv6.
fn is_of_dhclient(name: &str) -> bool {
    let is_lease = name.ends_with(".leases") || name.ends_with(".lease");
    name.starts_with("dhclient") && is_lease && !name.starts_with("dhclient6")
}

/// The last lease of each interface counts. Times are UTC: `2 2026/11/24 05:45:00;` after the day of the week, or
/// `epoch 1795499100;`.
fn dhclient(text: &str) -> Vec<Lease> {
    let mut leases = Vec::<Lease>::new();
    for block in text.split("lease {").skip(1) {
        let block = block.split('}').next().unwrap_or_default();
        let of = |key: &str| {
            let mut lines = block.lines().map(|line| line.trim().trim_end_matches(';'));
            lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(' '))
        };
        let unquoted = |key: &str| of(key).map(|value| value.trim_matches('"'));
        let option = |key: &str| of(&format!("option {key}"));
        let (Some(interface), Some(address)) = (
            unquoted("interface"),
            of("fixed-address").and_then(|text| text.parse().ok()),
        ) else {
            continue;
        };
        let lease = Lease {
            interface: interface.to_owned(),
            address,
            client: "dhclient",
            server: option("dhcp-server-identifier").and_then(|text| text.parse().ok()),
            lifetime_seconds: option("dhcp-lease-time").and_then(|text| text.parse().ok()),
            expires_us: of("expire").and_then(moment),
        };
        leases.retain(|before| before.interface != lease.interface);
        leases.push(lease);
    }
    leases
}

fn moment(text: &str) -> Option<i64> {
    let mut words = text.split_ascii_whitespace();
    match words.next()? {
        "epoch" => Some(words.next()?.parse::<i64>().ok()? * 1_000_000),
        "never" => None,
        _ => {
            let (date, time) = (words.next()?, words.next()?);
            let text = format!("{}T{time}Z", date.replace('/', "-"));
            let moment: jiff::Timestamp = text.parse().ok()?;
            Some(moment.as_microsecond())
        }
    }
}

/// The server's answer as it came (RFC 2131 §2, options of RFC 2132): the address at 16, options from 240 on.
fn dhcpcd(packet: &[u8], interface: &str, written_us: Option<i64>) -> Option<Lease> {
    let address = <[u8; 4]>::try_from(packet.get(16..20)?).ok()?;
    let mut options = packet.get(240..)?;
    let (mut lifetime_seconds, mut server) = (None, None);
    while let [code, rest @ ..] = options {
        if *code == 0 {
            options = rest;
            continue;
        }
        let [length, rest @ ..] = rest else { break };
        let Some(value) = rest.get(..usize::from(*length)) else {
            break;
        };
        let four = <[u8; 4]>::try_from(value).ok();
        match code {
            51 => lifetime_seconds = four.map(|of| u64::from(u32::from_be_bytes(of))),
            54 => server = four.map(|of| IpAddr::from(Ipv4Addr::from(of))),
            _ => {}
        }
        options = &rest[usize::from(*length)..];
    }
    Some(Lease {
        interface: interface.to_owned(),
        address: Ipv4Addr::from(address).into(),
        client: "dhcpcd",
        server,
        lifetime_seconds,
        expires_us: expires_us(written_us, lifetime_seconds),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[track_caller]
    fn check(leases: impl IntoIterator<Item = Lease>, expected: &str) {
        let shown = leases.into_iter().map(|lease| {
            let server = lease.server.map_or("-".into(), |server| server.to_string());
            format!(
                "{} {} {server} {:?} {:?} {}",
                lease.interface,
                lease.address,
                lease.lifetime_seconds,
                lease.expires_us.map(|us| us / 1_000_000),
                lease.client
            )
        });
        assert_eq!(shown.collect::<Vec<_>>().join("\n"), expected);
    }

    #[test]
    fn each_clients_file_is_understood() {
        let text = "ADDRESS=192.0.2.7\nSERVER_ADDRESS=192.0.2.1\nT1=1800\nLIFETIME=3600\n";
        check(
            networkd(text, "eth0".into(), Some(5_000_000)),
            "eth0 192.0.2.7 192.0.2.1 Some(3600) Some(3605) systemd-networkd",
        );
        let text = "[device]\nmanaged=1\n\n[dhcp4]\nip_address=192.0.2.7\ndhcp_lease_time=3600\nexpiry=1795499100\n\
                    dhcp_server_identifier=192.0.2.1\n\n[other]\nip_address=x\n";
        check(
            network_manager(text, "eth0".into()),
            "eth0 192.0.2.7 192.0.2.1 Some(3600) Some(1795499100) NetworkManager",
        );
        check(network_manager("[device]\nmanaged=1\n", "eth0".into()), "");
        let mut packet = vec![0; 240];
        packet[16..20].copy_from_slice(&[192, 0, 2, 7]);
        packet.extend([53, 1, 5, 0, 51, 4, 0, 0, 14, 16, 54, 4, 192, 0, 2, 1, 255]);
        check(
            dhcpcd(&packet, "eth0", Some(5_000_000)),
            "eth0 192.0.2.7 192.0.2.1 Some(3600) Some(3605) dhcpcd",
        );
        check(dhcpcd(&packet[..100], "eth0", None), "");
        // For ever.
        assert_eq!(expires_us(Some(5), Some(FOR_EVER)), None);
    }

    #[test]
    fn of_what_dhclient_has_had_the_last_counts() {
        let lease = |address: &str, expire: &str| {
            format!(
                "lease {{\n  interface \"eth0\";\n  fixed-address {address};\n  option dhcp-lease-time 600;\n  option \
                 dhcp-server-identifier 192.0.2.1;\n  expire {expire};\n}}\n"
            )
        };
        let text = lease("192.0.2.6", "never") + &lease("192.0.2.7", "2 2026/11/24 05:45:00");
        check(
            dhclient(&text),
            "eth0 192.0.2.7 192.0.2.1 Some(600) Some(1795499100) dhclient",
        );
        assert_eq!(moment("epoch 5"), Some(5_000_000));
        assert!(is_of_dhclient("dhclient.eth0.leases") && !is_of_dhclient("dhclient6.leases"));
    }

    #[test]
    fn leases_of_interfaces_that_are_gone_are_not_there() {
        let tree = Tree::new(&[
            ("/sys/class/net/eth0/ifindex", "2\n"),
            ("/run/systemd/netif/leases/2", "ADDRESS=192.0.2.7\n"),
            ("/run/systemd/netif/leases/3", "ADDRESS=192.0.2.8\n"),
            (
                "/var/lib/dhcp/dhclient.leases",
                "lease { \n interface \"usb9\";\n fixed-address 192.0.2.9;\n}\n",
            ),
            ("/proc/7/comm", "dhclient\n"),
        ]);
        check(
            leases(&tree.host()).unwrap(),
            "eth0 192.0.2.7 - None None systemd-networkd",
        );
        assert_eq!(lease_clients(&tree.host()), Ok(vec!["dhclient"]));
    }
}
