//! A machine with two worlds of names, as one has in a VPN: its own resolver asks one server for the office's names and
//! another for all else; neither knows what the other does.

use super::{Healthy, OFFICE};
use crate::network::Network;
use crate::patient::{Here, With};
use crate::program::{Running, output, wait};

pub(super) const MACHINE: Healthy = Healthy {
    id: "split-dns",
    needs: &OFFICE,
    make: || {
        let network = Network::new()?;
        // Both refuse what is not theirs.
        let office = network.name_server()?;
        let world = second(&network);
        network.outside(&[
            "address",
            "add",
            &format!("{world}/32"),
            "dev",
            &network.interface(),
        ])?;
        let of_world = [
            "--address=/example.org/198.18.255.7",
            "--address=/localhost/127.0.0.1",
        ];
        let outer = network.name_server_at(&world, &of_world)?;
        let ours = [
            "dnsmasq",
            "--keep-in-foreground",
            "--conf-file=/dev/null",
            "--pid-file=",
            "--no-resolv",
            "--no-hosts",
            "--bind-interfaces",
            "--listen-address=127.0.0.1",
            &format!("--server=/office.test/{}", network.here()),
            &format!("--server={world}"),
        ];
        let inside = network.inside();
        let resolver = Running::start(&mut inside.command(&ours))?;
        wait("the machine's own resolver", || {
            let listening = output(&mut inside.command(&["ss", "-lnu"])).ok()?;
            listening.contains("127.0.0.1:53").then_some(())
        })?;
        network.write("resolv.conf", "nameserver 127.0.0.1\nsearch office.test\n")?;
        let machine = Here::behind(&network);
        Ok(Box::new(With::new(
            machine,
            (resolver, office, outer, network),
        )))
    },
};

/// Another address of this machine's.
fn second(network: &Network) -> String {
    network.here().replacen("198.18.", "198.19.", 1)
}
