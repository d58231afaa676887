//! The only name server of a network is dead.

use anyhow::{Context as _, Result};

use super::{Case, Cure, Expected, Fault};
use crate::network::Network;
use crate::patient::{Here, Machine};
use crate::program::Running;

pub(super) const FAULT: Fault = Fault {
    id: "name-server-dead",
    area: "network",
    needs: &[("dnsmasq", "dnsmasq-base"), ("ip", "iproute2")],
    make: || {
        let network = Network::new()?;
        Ok(Box::new(NameServerDead {
            machine: Here::behind(&network),
            server: Some(network.name_server()?),
            network,
        }))
    },
};

struct NameServerDead {
    machine: Here,
    server: Option<Running>,
    network: Network,
}

impl Case for NameServerDead {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.machine
    }

    fn inject(&mut self) -> Result<()> {
        self.server.take().context("no server runs")?.kill()
    }

    fn expect(&self) -> Expected {
        Expected::new("net.dns", self.network.here(), "critical", "no_server")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        self.server = Some(self.network.name_server()?);
        Ok(())
    }
}
