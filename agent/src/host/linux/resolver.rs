//! resolv.conf(5), and what stands behind a stub resolver.

use std::net::IpAddr;

use crate::host::{Host, NameServer, Unavailable};

const RESOLV: &str = "/etc/resolv.conf";
/// What systemd-resolved asks for those who ask its stub.
const UPLINK: &str = "/run/systemd/resolve/resolv.conf";

pub(in crate::host) fn name_servers(host: &Host) -> Result<Vec<NameServer>, Unavailable> {
    let mut servers = host.with_file(RESOLV, |text| parse(text, RESOLV))?;
    let is_stub = servers
        .iter()
        .all(|server| server.address.to_string() == "127.0.0.53");
    if is_stub && !servers.is_empty() {
        servers.extend(
            host.with_file(UPLINK, |text| parse(text, UPLINK))
                .unwrap_or_default(),
        );
    }
    Ok(servers)
}

fn parse(text: &str, source: &'static str) -> Vec<NameServer> {
    let mut search = Vec::new();
    let mut servers = Vec::<NameServer>::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("nameserver") => {
                let Some(address) = words.next().and_then(address) else {
                    continue;
                };
                if servers.iter().all(|server| server.address != address) {
                    servers.push(NameServer {
                        address,
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

/// `fe80::1%eth0` without its zone.
fn address(text: &str) -> Option<IpAddr> {
    text.split('%').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

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
