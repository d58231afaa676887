//! resolv.conf(5), and what stands behind a stub resolver.

use std::net::IpAddr;

use crate::host::{Host, NameServer, ResolverFile, Unavailable};

const RESOLV: &str = "/etc/resolv.conf";
/// What systemd-resolved asks for those who ask its stub.
const UPLINK: &str = "/run/systemd/resolve/resolv.conf";

pub(in crate::host) fn name_servers(host: &Host) -> Result<Vec<NameServer>, Unavailable> {
    let mut servers = host.with_file(RESOLV, |text| parse(host, text, RESOLV))?;
    let is_stub = servers
        .iter()
        .all(|server| server.address.to_string() == "127.0.0.53");
    if is_stub && !servers.is_empty() {
        servers.extend(
            host.with_file(UPLINK, |text| parse(host, text, UPLINK))
                .unwrap_or_default(),
        );
    }
    Ok(servers)
}

pub(in crate::host) fn resolver_file(host: &Host) -> Result<ResolverFile, Unavailable> {
    use std::os::unix::fs::MetadataExt as _;
    let path = host.path(RESOLV);
    let metadata = match std::fs::metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(match std::fs::read_link(&path) {
                Ok(target) => ResolverFile::Dangling {
                    target: target.display().to_string(),
                },
                Err(_) => ResolverFile::Missing,
            });
        }
        Err(error) => return Err(Unavailable::io(RESOLV, &error)),
    };
    host.with_file(RESOLV, |text| {
        let named = text.lines().filter_map(|line| {
            let mut words = line.split_whitespace();
            (words.next() == Some("nameserver")).then(|| words.next().unwrap_or_default())
        });
        let (right, wrong): (Vec<_>, Vec<_>) =
            named.partition(|word| address(host, word).is_some());
        ResolverFile::Read {
            by_all: metadata.mode() & 0o004 != 0,
            n_servers: right.len(),
            wrong: wrong.into_iter().map(str::to_owned).collect(),
        }
    })
}

fn parse(host: &Host, text: &str, source: &'static str) -> Vec<NameServer> {
    let mut search = Vec::new();
    let mut servers = Vec::<NameServer>::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("nameserver") => {
                let named = words.next().and_then(|word| address(host, word));
                let Some((address, scope_id)) = named else {
                    continue;
                };
                let is_same =
                    |server: &NameServer| (server.address, server.scope_id) == (address, scope_id);
                if !servers.iter().any(is_same) {
                    servers.push(NameServer {
                        address,
                        scope_id,
                        position: servers.len() as u32 + 1,
                        source,
                        search: Vec::new(),
                    });
                }
            }
            // The last one counts.
            Some("search" | "domain") => search = words.map(str::to_owned).collect(),
            Some(_) | None => {}
        }
    }
    for server in &mut servers {
        server.search.clone_from(&search);
    }
    servers
}

/// `192.0.2.1`, `fe80::1%eth0`, `fe80::1%2`. A zone without an interface is 0.
fn address(host: &Host, text: &str) -> Option<(IpAddr, u32)> {
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone)),
        None => (text, None),
    };
    let number = |zone: &str| {
        let of_interface = || {
            let number = host.number(&format!("/sys/class/net/{zone}/ifindex"))?;
            number.try_into().ok()
        };
        zone.parse().ok().or_else(of_interface)
    };
    // A zone is a name of this machine's own file, and no path.
    let zone = zone.filter(|zone| !zone.contains('/'));
    Some((address.parse().ok()?, zone.and_then(number).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn a_zone_names_an_interface() {
        let tree = Tree::new(&[("/sys/class/net/eth0/ifindex", "7\n")]);
        let scope = |text| address(&tree.host(), text).map(|(_, scope)| scope);
        assert_eq!(scope("fe80::1%eth0"), Some(7));
        assert_eq!(scope("fe80::1%3"), Some(3));
        assert_eq!(scope("fe80::1%gone"), Some(0));
        assert_eq!(scope("192.0.2.1"), Some(0));
        assert_eq!(scope("x%eth0"), None);
    }

    #[test]
    fn a_file_that_is_not_there_is_told_from_a_link_that_leads_nowhere() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let tree = Tree::new(&[("/etc/hostname", "x\n")]);
        let state = || resolver_file(&tree.host()).unwrap();
        assert_eq!(state(), ResolverFile::Missing);
        let path = tree.host().path(RESOLV);
        symlink("../run/gone", &path).unwrap();
        let target = "../run/gone".to_owned();
        assert_eq!(state(), ResolverFile::Dangling { target });
        tree.write(
            "/run/gone",
            "nameserver 192.0.2.1\nnameserver one.example\n",
        );
        let read = |by_all| ResolverFile::Read {
            by_all,
            n_servers: 1,
            wrong: vec!["one.example".into()],
        };
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(state(), read(true));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(state(), read(false));
    }

    #[test]
    fn servers_behind_the_stub_are_named_too() {
        let tree = Tree::new(&[
            (
                RESOLV,
                "# comment\nnameserver 127.0.0.53\nsearch lan.example\noptions edns0\n",
            ),
            (
                UPLINK,
                "nameserver 192.0.2.53\nnameserver 192.0.2.53\nnameserver x\n",
            ),
        ]);
        let servers = name_servers(&tree.host()).unwrap();
        let named = servers
            .iter()
            .map(|server| format!("{} {} {}", server.position, server.address, server.source))
            .collect::<Vec<_>>();
        assert_eq!(
            named,
            [
                "1 127.0.0.53 /etc/resolv.conf",
                "1 192.0.2.53 /run/systemd/resolve/resolv.conf"
            ]
        );
        assert_eq!(servers[0].search, ["lan.example"]);
    }
}
