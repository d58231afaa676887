//! /proc/net/sockstat and /proc/net/snmp.

use crate::host::{Host, Sockets, Unavailable};

use super::stat::number;

pub(in crate::host) fn sockets(host: &Host) -> Result<Sockets, Unavailable> {
    let mut sockets = Sockets::default();
    host.with_file("/proc/net/sockstat", |text| {
        for line in text.lines() {
            let mut words = line.split_ascii_whitespace();
            let of = words.next();
            while let (Some(name), Some(value)) = (words.next(), words.next()) {
                let field = match (of, name) {
                    (Some("sockets:"), "used") => &mut sockets.used,
                    (Some("TCP:"), "inuse") => &mut sockets.tcp_in_use,
                    (Some("TCP:"), "orphan") => &mut sockets.tcp_orphans,
                    (Some("TCP:"), "tw") => &mut sockets.tcp_time_wait,
                    (Some("UDP:"), "inuse") => &mut sockets.udp_in_use,
                    (Some(_) | None, _) => continue,
                };
                *field = number(value);
            }
        }
    })?;
    host.with_file("/proc/net/snmp", |text| protocols(text, &mut sockets))?;
    Ok(sockets)
}

/// Two lines for each protocol: names, then values.
fn protocols(text: &str, sockets: &mut Sockets) {
    let mut lines = text.lines();
    while let (Some(names), Some(values)) = (lines.next(), lines.next()) {
        let mut pairs = names
            .split_ascii_whitespace()
            .zip(values.split_ascii_whitespace());
        let Some((protocol, _)) = pairs.next() else {
            continue;
        };
        for (name, value) in pairs {
            let field = match (protocol, name) {
                ("Ip:", "InDiscards") => &mut sockets.ip_discarded,
                ("Tcp:", "ActiveOpens") => &mut sockets.tcp_opened,
                ("Tcp:", "PassiveOpens") => &mut sockets.tcp_accepted,
                ("Tcp:", "AttemptFails") => &mut sockets.tcp_failed,
                ("Tcp:", "EstabResets") => &mut sockets.tcp_reset,
                ("Tcp:", "CurrEstab") => &mut sockets.tcp_established,
                ("Tcp:", "OutSegs") => &mut sockets.tcp_sent,
                ("Tcp:", "RetransSegs") => &mut sockets.tcp_resent,
                ("Tcp:", "InErrs") => &mut sockets.tcp_errors,
                ("Udp:", "InDatagrams") => &mut sockets.udp_received,
                ("Udp:", "NoPorts") => &mut sockets.udp_no_port,
                ("Udp:", "InErrors") => &mut sockets.udp_errors,
                ("Udp:", "OutDatagrams") => &mut sockets.udp_sent,
                _ => continue,
            };
            *field = number(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn values_are_found_by_their_names() {
        let tree = Tree::new(&[
            (
                "/proc/net/sockstat",
                "sockets: used 20\nTCP: inuse 4 orphan 0 tw 3 alloc 9 mem 1\nUDP: inuse 2 mem 1\n",
            ),
            (
                "/proc/net/snmp",
                "Tcp: RtoAlgorithm MaxConn ActiveOpens CurrEstab RetransSegs\nTcp: 1 -1 5 2 7\n\
                 Udp: InDatagrams InErrors\nUdp: 8 9\n",
            ),
        ]);
        let sockets = sockets(&tree.host()).unwrap();
        assert_eq!(
            (sockets.used, sockets.tcp_time_wait, sockets.udp_in_use),
            (20, 3, 2)
        );
        assert_eq!((sockets.tcp_opened, sockets.tcp_established), (5, 2));
        assert_eq!((sockets.tcp_resent, sockets.udp_errors), (7, 9));
    }
}
