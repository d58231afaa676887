//! /sys/class/net and /proc/net/dev.

use crate::host::{Host, Interface, InterfaceCounters, Unavailable};

use super::stat::number;

const CLASS: &str = "/sys/class/net";
const DEV: &str = "/proc/net/dev";
/// if.h: someone wants it up.
const IFF_UP: i64 = 1;

pub(in crate::host) fn interfaces(host: &Host) -> Result<Vec<Interface>, Unavailable> {
    let names = host.names(CLASS)?;
    Ok(names
        .into_iter()
        // Bonding's own control file lies among the interfaces.
        .filter(|name| host.exists(&format!("{CLASS}/{name}/ifindex")))
        .map(|name| interface(host, name))
        .collect())
}

fn interface(host: &Host, name: String) -> Interface {
    let file = |file: &str| format!("{CLASS}/{name}/{file}");
    let number_of = |of: &str| host.number(&file(of));
    let flags = host
        .line(&file("flags"))
        .and_then(|flags| i64::from_str_radix(flags.trim_start_matches("0x"), 16).ok())
        .unwrap_or_default();
    let linked = |of: &str| {
        let path = std::fs::read_link(host.path(&file(of))).ok()?;
        Some(path.file_name()?.to_str()?.to_owned())
    };
    Interface {
        index: number_of("ifindex").unwrap_or_default() as u32,
        kind: kind(host, &name).into(),
        mac: host
            .line(&file("address"))
            .filter(|mac| mac != "00:00:00:00:00:00"),
        mtu: number_of("mtu").unwrap_or_default() as u32,
        up: flags & IFF_UP != 0,
        carrier: number_of("carrier").map(|n| n != 0),
        // -1: not known.
        speed: number_of("speed")
            .filter(|megabits| *megabits > 0)
            .map(|megabits| megabits as u64 * 1_000_000),
        full_duplex: match host.line(&file("duplex")).as_deref() {
            Some("full") => Some(true),
            Some("half") => Some(false),
            Some(_) | None => None,
        },
        physical: host.exists(&file("device")),
        driver: linked("device/driver"),
        master: linked("master"),
        name,
    }
}

fn kind(host: &Host, name: &str) -> &'static str {
    let has = |entry: &str| host.exists(&format!("{CLASS}/{name}/{entry}"));
    let uevent = host
        .text(&format!("{CLASS}/{name}/uevent"))
        .unwrap_or_default();
    let devtype = uevent
        .lines()
        .find_map(|line| line.strip_prefix("DEVTYPE="))
        .unwrap_or_default();
    // if_arp.h
    match host.number(&format!("{CLASS}/{name}/type")) {
        Some(772) => "loopback",
        Some(1) if devtype == "wlan" || has("wireless") => "wifi",
        Some(1) if has("bridge") => "bridge",
        Some(1) if has("bonding") => "bond",
        Some(1) if devtype == "vlan" => "vlan",
        Some(1) if has("tun_flags") => "tunnel",
        Some(1) if has("device") => "ethernet",
        Some(1) => "virtual",
        Some(512 | 768 | 769 | 776 | 778 | 65534) => "tunnel",
        Some(_) | None => "other",
    }
}

pub(in crate::host) fn interface_counters(
    host: &Host,
    visit: &mut dyn FnMut(&str, InterfaceCounters),
) -> Result<(), Unavailable> {
    host.with_file(DEV, |text| {
        for line in text.lines() {
            let Some((name, rest)) = line.split_once(':') else {
                continue;
            };
            let mut n = [0_u64; 16];
            for (n, word) in n.iter_mut().zip(rest.split_ascii_whitespace()) {
                *n = number(word);
            }
            visit(
                name.trim_start(),
                InterfaceCounters {
                    received_bytes: n[0],
                    received_packets: n[1],
                    receive_errors: n[2],
                    receive_drops: n[3],
                    multicast: n[7],
                    sent_bytes: n[8],
                    sent_packets: n[9],
                    send_errors: n[10],
                    send_drops: n[11],
                    collisions: n[13],
                },
            );
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn a_pulled_cable_and_an_unused_port_differ() {
        let tree = Tree::new(&[
            ("/sys/class/net/eth0/ifindex", "2\n"),
            ("/sys/class/net/eth0/flags", "0x1003\n"),
            ("/sys/class/net/eth0/type", "1\n"),
            ("/sys/class/net/eth0/carrier", "0\n"),
            ("/sys/class/net/eth0/speed", "-1\n"),
            ("/sys/class/net/eth0/address", "02:fc:00:00:00:01\n"),
            ("/sys/class/net/eth0/device/vendor", "x\n"),
            ("/sys/class/net/eth1/ifindex", "3\n"),
            ("/sys/class/net/eth1/flags", "0x1002\n"),
            ("/sys/class/net/bonding_masters", "\n"),
            (
                "/proc/net/dev",
                "Inter-| Receive\n face |bytes\n  eth0: 10 1 2 3 0 0 0 4 20 5 6 7 0 8 0 0\n",
            ),
        ]);
        let interfaces = interfaces(&tree.host()).unwrap();
        assert_eq!(interfaces.len(), 2);
        let eth0 = &interfaces[0];
        assert!(eth0.up && eth0.physical);
        assert_eq!((eth0.carrier, eth0.speed), (Some(false), None));
        assert_eq!(eth0.kind, "ethernet");
        assert_eq!((interfaces[1].up, interfaces[1].carrier), (false, None));
        let mut seen = Vec::new();
        interface_counters(&tree.host(), &mut |name, n| {
            seen.push((
                name.to_owned(),
                n.received_bytes,
                n.sent_bytes,
                n.collisions,
            ));
        })
        .unwrap();
        assert_eq!(seen, [("eth0".to_owned(), 10, 20, 8)]);
    }
}
