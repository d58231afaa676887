//! Listening sockets and whose they are.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::host::{Host, Listener, Unavailable};

/// Processes that are looked into.
const MOST_PROCESSES: usize = 20_000;

pub(in crate::host) fn listeners(host: &Host) -> Result<Vec<Listener>, Unavailable> {
    let mut found = Vec::new();
    // State in hexadecimal: TCP waits in LISTEN; UDP has no connection in CLOSE (tcp_states.h).
    for (path, protocol, state) in [
        ("/proc/net/tcp", "tcp", "0A"),
        ("/proc/net/tcp6", "tcp", "0A"),
        ("/proc/net/udp", "udp", "07"),
        ("/proc/net/udp6", "udp", "07"),
    ] {
        let read = host.with_file(path, |text| {
            text.lines()
                .skip(1)
                .filter_map(|line| parse(line, protocol, state))
                .collect::<Vec<_>>()
        });
        match read {
            Ok(read) => found.extend(read),
            // A kernel without IPv6.
            Err(Unavailable::Absent { .. }) if path.ends_with('6') => {}
            Err(why) => return Err(why),
        }
    }
    let owners = owners(host);
    Ok(found
        .into_iter()
        .map(|(mut listener, inode)| {
            if let Some((pid, program)) = owners.get(&inode) {
                listener.pid = Some(*pid);
                listener.program = Some(program.clone());
            }
            listener
        })
        .collect())
}

/// Slot, local address, remote address, state, queues, timer, retransmits, user, timeout, inode.
fn parse(line: &str, protocol: &'static str, state: &str) -> Option<(Listener, u64)> {
    let mut words = line.split_ascii_whitespace().skip(1);
    let local = words.next()?;
    let remote = words.next()?;
    // A connected UDP socket waits for one peer only.
    if words.next()? != state || !remote.ends_with(":0000") {
        return None;
    }
    let user_id = words.nth(3)?.parse().ok()?;
    let inode = words.nth(1)?.parse().ok()?;
    let (ip, port) = local.split_once(':')?;
    let address = SocketAddr::new(address(ip)?, u16::from_str_radix(port, 16).ok()?);
    Some((
        Listener {
            protocol,
            address,
            user_id,
            pid: None,
            program: None,
        },
        inode,
    ))
}

/// Words of 32 bits as the machine keeps them.
fn address(hex: &str) -> Option<IpAddr> {
    let word = |at: usize| {
        Some(
            u32::from_str_radix(hex.get(at * 8..at * 8 + 8)?, 16)
                .ok()?
                .to_ne_bytes(),
        )
    };
    if hex.len() == 8 {
        return Some(Ipv4Addr::from(word(0)?).into());
    }
    let mut bytes = [0; 16];
    for at in 0..4 {
        bytes[at * 4..at * 4 + 4].copy_from_slice(&word(at)?);
    }
    Some(Ipv6Addr::from(bytes).into())
}

/// Process by inode of its sockets, as far as this user may see.
fn owners(host: &Host) -> HashMap<u64, (u32, String)> {
    let mut owners = HashMap::new();
    let Ok(entries) = host.names("/proc") else {
        return owners;
    };
    let pids = entries.iter().filter_map(|name| name.parse::<u32>().ok());
    for pid in pids.take(MOST_PROCESSES) {
        let Ok(descriptors) = std::fs::read_dir(host.path(&format!("/proc/{pid}/fd"))) else {
            continue;
        };
        let inodes = descriptors.filter_map(|entry| {
            let target = std::fs::read_link(entry.ok()?.path()).ok()?;
            target
                .to_str()?
                .strip_prefix("socket:[")?
                .strip_suffix(']')?
                .parse::<u64>()
                .ok()
        });
        let mut program = None;
        for inode in inodes {
            let program = program
                .get_or_insert_with(|| host.line(&format!("/proc/{pid}/comm")).unwrap_or_default());
            owners
                .entry(inode)
                .or_insert_with(|| (pid, program.clone()));
        }
    }
    owners
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn listeners_and_their_owners_are_found() {
        let tree = Tree::new(&[
            (
                "/proc/net/tcp",
                "  sl  local_address rem_address   st\n\
                 0: 0100007F:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0  0 4242 1\n\
                 1: 0100007F:8000 0100007F:0016 01 00000000:00000000 00:00000000 00000000  0  0 4243 1\n",
            ),
            (
                "/proc/net/udp",
                "  sl\n0: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000 100 0 7 2\n",
            ),
            ("/proc/77/comm", "sshd\n"),
        ]);
        let host = tree.host();
        let descriptors = host.path("/proc/77/fd");
        std::fs::create_dir_all(&descriptors).unwrap();
        std::os::unix::fs::symlink("socket:[4242]", descriptors.join("3")).unwrap();
        let listeners = listeners(&host).unwrap();
        assert_eq!(listeners.len(), 2);
        assert_eq!(listeners[0].address.to_string(), "127.0.0.1:22");
        assert_eq!(listeners[0].pid, Some(77));
        assert_eq!(listeners[0].program.as_deref(), Some("sshd"));
        assert_eq!(listeners[1].address.to_string(), "0.0.0.0:68");
        assert_eq!((listeners[1].user_id, listeners[1].pid), (100, None));
    }

    #[test]
    fn an_address_of_ipv6_is_four_words() {
        assert_eq!(
            address("00000000000000000000000001000000").unwrap(),
            "::1".parse::<IpAddr>().unwrap()
        );
        assert_eq!(address("0000"), None);
    }
}
