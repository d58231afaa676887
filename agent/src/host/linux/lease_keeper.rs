//! Who asks a DHCP server for an interface's address: NetworkManager, systemd-networkd, dhcpcd(8), dhclient(8).

use std::collections::HashSet;

use crate::host::{Host, LeaseKeeper, Process, Term, Unavailable};

use super::lease::{NETWORK_MANAGER, leases};

/// systemd-networkd's state of each link; by index.
const NETWORKD_LINKS: &str = "/run/systemd/netif/links";
/// Names as the kernel has them, of at most 15 characters.
const NETWORKD: &str = "systemd-network";

pub(in crate::host) fn lease_keeper(
    host: &Host,
    interface: &str,
) -> Result<Option<LeaseKeeper>, Unavailable> {
    let interfaces = super::interface::interfaces(host)?;
    let Some(index) = interfaces.iter().find(|one| one.name == interface) else {
        return Err(Unavailable::absent(Term::Interface.of(interface)));
    };
    let index = index.index;
    let processes = super::process::processes(host)?;
    let running: HashSet<&str> = processes.iter().map(|one| one.name.as_str()).collect();
    let of = |folder: &str, key: &str| {
        let text = host.text(&format!("{folder}/{index}")).ok()?;
        let mut pairs = text.lines().filter_map(|line| line.split_once('='));
        let value = pairs.find(|(name, _)| *name == key)?.1;
        Some(value.to_owned())
    };
    if running.contains("NetworkManager")
        && let Some(profile) = of(NETWORK_MANAGER, "connection-uuid")
    {
        return Ok(Some(LeaseKeeper::NetworkManager { profile }));
    }
    let is_managed = |state: &str| matches!(state, "configuring" | "configured");
    let state = of(NETWORKD_LINKS, "ADMIN_STATE");
    if running.contains(NETWORKD) && state.is_some_and(|state| is_managed(&state)) {
        return Ok(Some(LeaseKeeper::Networkd));
    }
    let leases = leases(host)?;
    let has_lease = |client: &str| {
        leases
            .iter()
            .any(|lease| lease.interface == interface && lease.client == client)
    };
    if running.contains("dhcpcd") && has_lease("dhcpcd") {
        return Ok(Some(LeaseKeeper::Dhcpcd));
    }
    let asks_for_it = |process: &&Process| {
        let arguments = super::process::arguments(host, process.pid);
        process.name == "dhclient"
            && arguments.is_ok_and(|all| all.iter().any(|one| one == interface))
    };
    if let Some(process) = processes.iter().find(asks_for_it) {
        return Ok(Some(LeaseKeeper::Dhclient {
            arguments: super::process::arguments(host, process.pid)?,
            process: Some(process.clone()),
        }));
    }
    Ok(has_lease("dhclient").then(|| LeaseKeeper::Dhclient {
        arguments: Vec::new(),
        process: None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    fn keeper(files: &[(&str, &str)], processes: &[(&str, &str)]) -> String {
        let tree = Tree::new(files);
        tree.write("/proc/stat", "btime 1000\n");
        tree.write("/sys/class/net/eth0/ifindex", "1\n");
        for (pid, (name, arguments)) in (500..).zip(processes) {
            let stat =
                format!("{pid} ({name}) S 1 1 1 0 -1 4194560 1 0 0 0 1 5 0 0 20 0 1 0 500 1 25 1");
            tree.write(&format!("/proc/{pid}/stat"), &stat);
            tree.write(&format!("/proc/{pid}/cmdline"), arguments);
        }
        match lease_keeper(&tree.host(), "eth0") {
            Ok(Some(LeaseKeeper::Dhclient { arguments, process })) => {
                format!("dhclient {} {arguments:?}", process.is_some())
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn whoever_manages_the_interface_keeps_its_lease() {
        let profile = (
            "/run/NetworkManager/devices/1",
            "[device]\nconnection-uuid=ab-1\n",
        );
        let link = ("/run/systemd/netif/links/1", "ADMIN_STATE=configured\n");
        let unmanaged = ("/run/systemd/netif/links/1", "ADMIN_STATE=unmanaged\n");
        let manager = ("NetworkManager", "NetworkManager\0");
        let networkd = (NETWORKD, "systemd-networkd\0");
        let dhclient = ("dhclient", "dhclient\0-4\0eth0\0");
        assert_eq!(
            keeper(&[profile, link], &[manager, networkd]),
            "Ok(Some(NetworkManager { profile: \"ab-1\" }))"
        );
        assert_eq!(keeper(&[profile, link], &[networkd]), "Ok(Some(Networkd))");
        assert_eq!(keeper(&[unmanaged], &[networkd]), "Ok(None)");
        assert_eq!(
            keeper(&[unmanaged], &[networkd, dhclient]),
            "dhclient true [\"dhclient\", \"-4\", \"eth0\"]"
        );
        assert_eq!(keeper(&[], &[("dhclient", "dhclient\0eth7\0")]), "Ok(None)");
    }
}
