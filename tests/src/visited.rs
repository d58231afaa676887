//! A machine in an office whose agent is to try a server of the office's.

use std::process::Command;

use anyhow::Result;

use crate::network::Network;
use crate::patient::{Here, Machine, With};
use crate::program::Running;
use crate::web::{Authority, Web};
use crate::world::World;
use crate::wrong::Place;

/// Program and Debian package of what it is made with.
pub const NEEDS: &[(&str, &str)] = &[("dnsmasq", "dnsmasq-base"), ("ip", "iproute2")];

/// The server's name in the office.
const NAME: &str = "intranet.office.test";

pub struct Visited {
    // In the order in which they go: the server before the address that it has.
    pub web: Web,
    machine: With<(Running, Network)>,
    /// Whom the machine trusts.
    pub authority: Authority,
    targets: Vec<String>,
}

impl Visited {
    /// One that is to try the server by each of these schemes, and is answered by all.
    pub fn new(schemes: &[&str]) -> Result<Self> {
        let network = Network::new()?;
        let here = network.here();
        let names = [
            "--local=/office.test/",
            &format!("--address=/{NAME}/{here}"),
            "--address=/localhost/127.0.0.1",
            "--address=/localhost/::1",
        ];
        let server = network.name_server_at(here, &names)?;
        let authority = Authority::new("Office CA")?;
        network.trust(&authority.pem())?;
        let web = Web::start(here.parse()?, authority.issue(NAME, 2090)?)?;
        let address = |scheme: &&str| match *scheme {
            "tls" => format!("tls://{NAME}:{}", web.safe.port()),
            "https" => format!("https://{NAME}:{}/start", web.safe.port()),
            "http" => format!("http://{NAME}:{}/", web.plain.port()),
            scheme => format!("{scheme}://{NAME}:{}", web.plain.port()),
        };
        let targets: Vec<String> = schemes.iter().map(address).collect();
        let machine = Here::behind(&network);
        Ok(Self {
            machine: With::new(machine, (server, network)),
            web,
            authority,
            targets,
        })
    }

    pub fn name(&self) -> &'static str {
        NAME
    }

    /// In the order of the schemes.
    pub fn target(&self, at: usize) -> String {
        self.targets.get(at).cloned().unwrap_or_default()
    }
}

impl Machine for Visited {
    fn command(&self, arguments: &[&str]) -> Command {
        self.machine.command(arguments)
    }

    fn start(&mut self, world: &mut World) -> Result<String> {
        self.machine.start(world)
    }

    fn collector(&self) -> String {
        self.machine.collector()
    }

    fn targets(&self) -> &[String] {
        &self.targets
    }
}

impl Place for Visited {
    fn machine(&mut self) -> &mut dyn Machine {
        self
    }
}
