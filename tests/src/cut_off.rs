//! A change of the network that cuts a device off from its collector is taken back; one that does not, stays.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::machine::lacks;
use crate::network::{Inside, Network};
use crate::office::NEEDS;
use crate::person::Person;
use crate::program::{output, programs, wait};
use crate::world::{Agent, Engine, World};

/// A device that reaches its collector by its default route alone, and stands in a second network with one gateway that
/// works and one that is not there.
struct Beyond {
    agent: Agent,
    person: Person,
    ticket: String,
    network: Network,
    address: String,
    _world: World,
}

const WORKS: &str = "198.18.250.1";
const DEAD: &str = "198.18.250.9";

impl Beyond {
    fn new() -> Result<Self> {
        let network = Network::new()?;
        // Of the range for tests of networks (RFC 2544).
        let address = network.here().replacen("198.18.", "198.19.", 1);
        network.outside(&["address", "add", &format!("{address}/32"), "dev", "lo"])?;
        let works = format!("{WORKS}/24");
        network.outside(&["address", "add", &works, "dev", &network.interface()])?;
        network.ip(&["address", "add", "198.18.250.2/24", "dev", "eth0"])?;
        let mut world = World::listening(Engine::Sqlite, &format!("{address}:0"))?
            .context("SQLite is always there")?;
        let person = world.person("ada", "technician")?;
        let mut agent = world.enrolled()?;
        start(&mut agent, &network.inside())?;
        person.wait_for(&agent, true)?;
        let opened = person.sonde(&["ticket", "open", "it is cut off", "--device", &agent.id])?;
        Ok(Self {
            ticket: opened["number"].as_i64().context("no number")?.to_string(),
            agent,
            person,
            network,
            address,
            _world: world,
        })
    }

    /// Orders a default route; gives its job.
    fn route(&self, gateway: &str) -> Result<String> {
        let gateway = format!("gateway={gateway}");
        let run = [
            "action",
            "run",
            "net.route-set",
            "--device",
            &self.agent.id,
            "--ticket",
            &self.ticket,
            "--consent",
            "by telephone",
            "--wait",
            "0",
            "interface=eth0",
            &gateway,
        ];
        let asked = self.person.try_sonde(&run)?.value;
        let id = asked["id"].as_str().or(asked["job"].as_str());
        Ok(id.with_context(|| asked.to_string())?.to_owned())
    }

    fn ended(&self, job: &str) -> Result<Value> {
        self.person.sonde(&["job", "show", job, "--wait", "150"])
    }

    fn leads_by(&self, gateway: &str) -> Result<bool> {
        let routes = ["ip", "-4", "route", "show", "default"];
        let said = output(&mut self.network.inside().command(&routes))?;
        Ok(said.contains(&format!("via {gateway} ")) && said.lines().count() == 1)
    }
}

impl Drop for Beyond {
    fn drop(&mut self) {
        let address = format!("{}/32", self.address);
        self.network
            .outside(&["address", "del", &address, "dev", "lo"])
            .ok();
    }
}

fn start(agent: &mut Agent, inside: &Inside) -> Result<()> {
    let program = programs().join("sonde-agent");
    let program = program.to_str().context("a path that is no text")?;
    agent.start_with(&mut inside.command(&[program]))
}

#[test]
fn a_route_stays_only_if_the_collector_is_heard_after_it() -> Result<()> {
    if let Some(lack) = lacks(NEEDS) {
        println!("skipped: {lack}");
        return Ok(());
    }
    let mut beyond = Beyond::new()?;
    let here = beyond.network.here().to_owned();
    ensure!(beyond.leads_by(&here)?);

    // Heard: it stays until it is taken back.
    let job = beyond.route(WORKS)?;
    let done = beyond.ended(&job)?;
    ensure!(
        done["state"] == "succeeded" && beyond.leads_by(WORKS)?,
        "{done}"
    );
    let undo = [
        "action",
        "undo",
        &job,
        "--ticket",
        &beyond.ticket,
        "--consent",
        "by telephone",
    ];
    let undone = beyond.person.sonde(&undo)?;
    ensure!(
        undone["state"] == "succeeded" && beyond.leads_by(&here)?,
        "{undone}"
    );

    // Not heard: it goes, and says so.
    let job = beyond.route(DEAD)?;
    wait("the dead route", || {
        beyond.leads_by(DEAD).ok()?.then_some(())
    })?;
    let failed = beyond.ended(&job)?;
    let reason = failed["reason"].as_str().unwrap_or_default();
    ensure!(
        failed["state"] == "failed"
            && reason.contains("taken back")
            && reason.contains("not heard"),
        "{failed}"
    );
    ensure!(
        failed["can_undo"] == false && beyond.leads_by(&here)?,
        "{failed}"
    );

    // The agent dies before it has heard: whoever starts it next has it taken back first.
    beyond.person.wait_for(&beyond.agent, true)?;
    let job = beyond.route(DEAD)?;
    wait("the dead route", || {
        beyond.leads_by(DEAD).ok()?.then_some(())
    })?;
    beyond.agent.kill()?;
    ensure!(beyond.leads_by(DEAD)?);
    let inside = beyond.network.inside();
    start(&mut beyond.agent, &inside)?;
    wait("the former route", || {
        beyond.leads_by(&here).ok()?.then_some(())
    })?;
    let failed = beyond.ended(&job)?;
    let reason = failed["reason"].as_str().unwrap_or_default();
    ensure!(
        failed["state"] == "failed"
            && reason.contains("interrupted")
            && reason.contains("taken back"),
        "{failed}"
    );
    Ok(())
}
