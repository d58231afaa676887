//! A machine in an office's network.

use anyhow::Result;

use crate::network::Network;
use crate::patient::{Here, Machine};
use crate::program::{Running, command, output};
use crate::wrong::Place;

/// Program and Debian package of what an office is made with.
pub const NEEDS: &[(&str, &str)] = &[
    ("dnsmasq", "dnsmasq-base"),
    ("ip", "iproute2"),
    ("nft", "nftables"),
    ("ping", "iputils-ping"),
];

/// A machine in a network of two, whose name server answers.
pub struct Office {
    machine: Here,
    /// Answers at this machine's address.
    pub server: Option<Running>,
    pub network: Network,
}

impl Office {
    pub fn new() -> Result<Self> {
        let network = Network::new()?;
        Ok(Self {
            machine: Here::behind(&network),
            server: Some(network.name_server()?),
            network,
        })
    }

    /// A program on the machine, to its end.
    pub fn inside(&self, arguments: &[&str]) -> Result<()> {
        output(&mut self.machine.command(arguments)).map(drop)
    }

    /// Rules of this machine's for what comes from the office, in a table that goes with `allow`.
    pub fn forbid(&self, kind: &str, hook: &str, rule: &str) -> Result<()> {
        let host = self.network.interface();
        let device = if kind == "netdev" {
            format!("device {host} ")
        } else {
            String::new()
        };
        let from = if kind == "netdev" {
            String::new()
        } else {
            format!("iifname {host} ")
        };
        let rules = format!(
            "table {kind} {host} {{ chain c {{ type filter hook {hook} {device}priority 0; {from}{rule}; }}; }}"
        );
        output(command("nft").arg(rules)).map(drop)
    }

    pub fn allow(&self, kind: &str) -> Result<()> {
        let host = self.network.interface();
        output(command("nft").args(["delete", "table", kind, &host])).map(drop)
    }
}

impl Place for Office {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.machine
    }
}
