//! The only name server of a network is dead.

use anyhow::{Context as _, Result};

use super::{Cure, Expected, Fault, story};
use crate::machine::{Network, lacks};
use crate::program::{Running, command, output, programs, wait};
use crate::world::{Agent, Engine, World};

struct DeadNameServer {
    network: Network,
    server: Option<Running>,
    agent: Option<Agent>,
}

impl DeadNameServer {
    fn new() -> Result<Self> {
        let mut fault = Self {
            network: Network::new()?,
            server: None,
            agent: None,
        };
        fault.serve()?;
        Ok(fault)
    }

    fn serve(&mut self) -> Result<()> {
        let here = self.network.here();
        let mut dnsmasq = command("dnsmasq");
        dnsmasq.args([
            "--keep-in-foreground",
            "--conf-file=/dev/null",
            "--pid-file=",
            "--no-resolv",
            "--no-hosts",
            "--bind-interfaces",
            "--except-interface=lo",
        ]);
        dnsmasq.arg(format!("--listen-address={here}"));
        // It knows the network's own names and asks nobody else.
        dnsmasq.arg("--local=/office.test/");
        self.server = Some(Running::start(&mut dnsmasq)?);
        let listens = format!("{here}:53");
        wait("the name server", || {
            output(command("ss").args(["-lnu"]))
                .ok()
                .filter(|list| list.contains(&listens))
        })
        .map(drop)
    }
}

impl Fault for DeadNameServer {
    fn world(&self) -> Result<World> {
        World::listening(Engine::Sqlite, &format!("{}:0", self.network.here()))?
            .context("SQLite is always there")
    }

    fn start(&mut self, world: &mut World) -> Result<String> {
        let mut agent = world.enrolled()?;
        agent.start_with(&mut self.network.command(&programs().join("sonde-agent")))?;
        let id = agent.id.clone();
        self.agent = Some(agent);
        Ok(id)
    }

    fn inject(&mut self) -> Result<()> {
        self.server.take().context("no server runs")?.kill()
    }

    fn expect(&self) -> Expected {
        Expected {
            check: "net.dns",
            subject: self.network.here().into(),
            status: "critical",
        }
    }

    fn cure(&self) -> Cure {
        Cure::Hand
    }

    fn by_hand(&mut self) -> Result<()> {
        self.serve()
    }
}

#[test]
fn a_dead_name_server_is_found_alone_and_ok_when_it_is_back() -> Result<()> {
    let needs = [("dnsmasq", "dnsmasq-base"), ("ip", "iproute2")];
    if let Some(lack) = lacks(&needs) {
        println!("skipped: {lack}");
        return Ok(());
    }
    story(&mut DeadNameServer::new()?).map(drop)
}
