//! Ports for outgoing connections (ip(7)), and connections that the firewall follows (nf_conntrack-sysctl).

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::host::{Host, PortRoom, PortUse, Term, Unavailable};

const RANGE: &str = "/proc/sys/net/ipv4/ip_local_port_range";
const FOLLOWED: &str = "/proc/sys/net/netfilter/nf_conntrack_count";
const MOST_FOLLOWED: &str = "/proc/sys/net/netfilter/nf_conntrack_max";
const SOCKETS: &[&str] = &["/proc/net/sockstat", "/proc/net/sockstat6"];
const TCP: &[&str] = &["/proc/net/tcp", "/proc/net/tcp6"];
/// tcp_states.h
const LISTEN: &str = "0A";

pub(in crate::host) fn port_room(host: &Host) -> Result<PortRoom, Unavailable> {
    let (first, last) = range(host)?;
    let mut room = PortRoom {
        n_ports: u64::from(last - first) + 1,
        ..PortRoom::default()
    };
    for (at, file) in SOCKETS.iter().enumerate() {
        let read = host.with_file(file, |text| count(text, &mut room));
        // A kernel without IPv6 has no such file.
        if at == 0 {
            read?;
        }
    }
    // Absent where no rule has the firewall follow anything.
    let number = |file| host.number(file).and_then(|n| u64::try_from(n).ok());
    room.followed = number(FOLLOWED).zip(number(MOST_FOLLOWED));
    Ok(room)
}

fn range(host: &Host) -> Result<(u16, u16), Unavailable> {
    let range = host.with_file(RANGE, |text| {
        let mut ports = text.split_ascii_whitespace().map(|word| word.parse().ok());
        Some((ports.next()??, ports.next()??))
    })?;
    let is_right = |(first, last): &(u16, u16)| first <= last;
    range
        .filter(is_right)
        .ok_or_else(|| Unavailable::broken(RANGE, Term::NotTwoPorts))
}

/// `TCP: inuse 4 orphan 0 tw 3 …`; those that wait for their end count for both families.
fn count(text: &str, room: &mut PortRoom) {
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        let of = words.next().unwrap_or_default();
        while let (Some(name), Some(value)) = (words.next(), words.next()) {
            let n = match (of.trim_end_matches(':').trim_end_matches('6'), name) {
                ("TCP", "inuse" | "tw") => &mut room.n_tcp,
                ("UDP", "inuse") => &mut room.n_udp,
                _ => continue,
            };
            *n += value.parse::<u64>().unwrap_or_default();
        }
    }
}

pub(in crate::host) fn most_used_ports(host: &Host) -> Result<Option<PortUse>, Unavailable> {
    let (first, last) = range(host)?;
    let mut targets = HashMap::<SocketAddr, u64>::new();
    for (at, file) in TCP.iter().enumerate() {
        let read = host.with_file(file, |text| {
            for (local, target) in text.lines().skip(1).filter_map(connection) {
                if (first..=last).contains(&local) {
                    *targets.entry(target).or_default() += 1;
                }
            }
        });
        if at == 0 {
            read?;
        }
    }
    let most = targets.into_iter().max_by_key(|(target, n)| (*n, *target));
    Ok(most.map(|(target, n_ports)| PortUse {
        target: target.to_string(),
        n_ports,
    }))
}

/// Own port and target of a line of /proc/net/tcp; absent: a socket that waits for others.
fn connection(line: &str) -> Option<(u16, SocketAddr)> {
    let mut words = line.split_ascii_whitespace().skip(1);
    let (local, remote, state) = (words.next()?, words.next()?, words.next()?);
    if state == LISTEN {
        return None;
    }
    let port = |text: &str| u16::from_str_radix(text.rsplit_once(':')?.1, 16).ok();
    let (address, _) = remote.rsplit_once(':')?;
    // Four bytes at a time, as the machine keeps them.
    let mut octets = Vec::new();
    for at in (0..address.len()).step_by(8) {
        let word = u32::from_str_radix(address.get(at..at + 8)?, 16).ok()?;
        octets.extend(word.to_ne_bytes());
    }
    let address: IpAddr = match octets.len() {
        4 => Ipv4Addr::from(<[u8; 4]>::try_from(octets).ok()?).into(),
        _ => Ipv6Addr::from(<[u8; 16]>::try_from(octets).ok()?).to_canonical(),
    };
    Some((port(local)?, SocketAddr::new(address, port(remote)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn sockets_of_both_families_count() {
        let tree = Tree::new(&[
            (RANGE, "32768\t60999\n"),
            (
                "/proc/net/sockstat",
                "sockets: used 20\nTCP: inuse 4 orphan 0 tw 3 alloc 9 mem 1\nUDP: inuse 2 mem 1\nRAW: inuse 0\n",
            ),
            ("/proc/net/sockstat6", "TCP6: inuse 5\nUDP6: inuse 1\n"),
        ]);
        let room = port_room(&tree.host()).unwrap();
        assert_eq!((room.n_ports, room.n_tcp, room.n_udp), (28232, 12, 3));
        assert_eq!(room.followed, None);
        tree.write(FOLLOWED, "7\n");
        tree.write(MOST_FOLLOWED, "262144\n");
        let room = port_room(&tree.host()).unwrap();
        assert_eq!(room.followed, Some((7, 262_144)));
    }

    #[test]
    fn connections_are_counted_by_their_target() {
        let tree = Tree::new(&[
            (RANGE, "40000 40010\n"),
            (
                "/proc/net/tcp",
                "  sl  local_address rem_address   st\n\
                 0: 00000000:9C44 00000000:0000 0A 0\n\
                 0: 00000000:9C45 00000000:0000 0A 0\n\
                 0: 00000000:9C46 00000000:0000 0A 0\n\
                 0: 00000000:9C47 00000000:0000 0A 0\n\
                 1: 020200C0:9C40 070200C0:01BB 01 0\n\
                 2: 020200C0:9C41 070200C0:01BB 06 0\n\
                 3: 020200C0:9C42 080200C0:01BB 01 0\n\
                 4: 020200C0:0016 090200C0:9C40 01 0\n",
            ),
            (
                "/proc/net/tcp6",
                "  sl  local_address rem_address   st\n\
                 0: 0000000000000000FFFF0000020200C0:9C43 0000000000000000FFFF0000070200C0:01BB 01 0\n",
            ),
        ]);
        let most = most_used_ports(&tree.host()).unwrap().unwrap();
        assert_eq!((most.target.as_str(), most.n_ports), ("192.0.2.7:443", 3));
    }
}
