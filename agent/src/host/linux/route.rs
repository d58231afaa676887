//! /proc/net/route and /proc/net/ipv6_route.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::host::{Family, Host, Route, Unavailable};

const V4: &str = "/proc/net/route";
const V6: &str = "/proc/net/ipv6_route";
/// route.h, ipv6_route.h
const RTF_UP: u32 = 1;
const RTF_REJECT: u32 = 0x200;
const RTF_LOCAL: u32 = 0x8000_0000;
const RTF_ANYCAST: u32 = 0x0010_0000;

pub(in crate::host) fn routes(host: &Host) -> Result<Vec<Route>, Unavailable> {
    let mut routes = host.with_file(V4, |text| {
        text.lines()
            .skip(1)
            .filter_map(route_v4)
            .collect::<Vec<_>>()
    })?;
    // A kernel without IPv6 has no such file, and no such routes.
    if let Ok(more) = host.with_file(V6, |text| {
        text.lines().filter_map(route_v6).collect::<Vec<_>>()
    }) {
        routes.extend(more);
    }
    Ok(routes)
}

/// Interface, destination, gateway, flags, references, use, metric, mask; addresses as the machine keeps them.
fn route_v4(line: &str) -> Option<Route> {
    let words = line.split_ascii_whitespace().collect::<Vec<_>>();
    let hex = |at: usize| u32::from_str_radix(words.get(at)?, 16).ok();
    let address = |value: u32| Ipv4Addr::from(value.to_ne_bytes());
    let flags = hex(3)?;
    if flags & RTF_UP == 0 || flags & RTF_REJECT != 0 {
        return None;
    }
    // One that swallows packets has no interface, and nothing else tells it.
    let interface = words.first().filter(|interface| **interface != "*")?;
    let gateway = hex(2)?;
    Some(Route {
        family: Family::V4,
        destination: address(hex(1)?).into(),
        prefix: hex(7)?.count_ones() as u8,
        gateway: (gateway != 0).then(|| address(gateway).into()),
        interface: (*interface).to_owned(),
        metric: words.get(6)?.parse().ok()?,
    })
}

/// Destination, prefix, source, prefix, next hop, metric, references, use, flags, interface; all hexadecimal.
fn route_v6(line: &str) -> Option<Route> {
    let words = line.split_ascii_whitespace().collect::<Vec<_>>();
    let hex = |at: usize| u32::from_str_radix(words.get(at)?, 16).ok();
    let address = |at: usize| {
        Some(Ipv6Addr::from(
            u128::from_str_radix(words.get(at)?, 16).ok()?,
        ))
    };
    let flags = hex(8)?;
    let destination = address(0)?;
    let interface = *words.get(9)?;
    if flags & RTF_UP == 0
        || flags & (RTF_REJECT | RTF_LOCAL | RTF_ANYCAST) != 0
        || destination.is_multicast()
        || interface == "lo"
    {
        return None;
    }
    let gateway = address(4)?;
    Some(Route {
        family: Family::V6,
        destination: destination.into(),
        prefix: hex(1)? as u8,
        gateway: (!gateway.is_unspecified()).then_some(gateway.into()),
        interface: interface.to_owned(),
        metric: hex(5)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn both_families_are_read() {
        let tree = Tree::new(&[
            (
                V4,
                "Iface\tDestination\tGateway\neth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n\
                 eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n\
                 *\t00000000\t00000000\t0001\t0\t0\t5\t00000000\t0\t0\t0\n",
            ),
            (
                V6,
                "00000000000000000000000000000000 00 00000000000000000000000000000000 00 \
                 fe800000000000000000000000000001 00000400 00000001 00000000 00000003 eth0\n\
                 00000000000000000000000000000000 00 00000000000000000000000000000000 00 \
                 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200 lo\n",
            ),
        ]);
        let routes = routes(&tree.host())
            .unwrap()
            .into_iter()
            .map(|route| {
                format!(
                    "{}/{} {:?} {} {}",
                    route.destination, route.prefix, route.gateway, route.interface, route.metric
                )
            })
            .collect::<Vec<_>>();
        assert_eq!(
            routes,
            [
                "0.0.0.0/0 Some(192.0.2.1) eth0 100",
                "192.0.2.0/24 None eth0 0",
                "::/0 Some(fe80::1) eth0 1024"
            ]
        );
    }
}
