//! A device looks for a thing beside it that has no agent, when a ticket's order names it: it is there, it refuses, it is
//! silent, and the ticket's timeline says so.

use std::net::TcpListener;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::machine::lacks;
use crate::network::Network;
use crate::program::programs;
use crate::world::{Agent, Engine, Person, World};

/// A device in a network of two; the other one is this machine, which stands for a printer.
struct Office {
    agent: Agent,
    person: Person,
    ticket: String,
    network: Network,
    _world: World,
}

impl Office {
    fn new() -> Result<Self> {
        let network = Network::new()?;
        let mut world = World::listening(Engine::Sqlite, &format!("{}:0", network.here()))?
            .context("SQLite is always there")?;
        let person = world.person("ada", "technician")?;
        let mut agent = world.enrolled()?;
        let program = programs().join("sonde-agent");
        let program = program.to_str().context("a path that is no text")?;
        agent.start_with(&mut network.inside().command(&[program]))?;
        person.wait_for(&agent, true)?;
        let opened = person.sonde(&["ticket", "open", "nothing prints"])?;
        Ok(Self {
            ticket: opened["number"].as_i64().context("no number")?.to_string(),
            agent,
            person,
            network,
            _world: world,
        })
    }

    /// Status and summary of what is found of the printer, by subject.
    fn probe(&self) -> Result<Vec<(String, String, String)>> {
        let probe = ["asset", "probe", "Printer 3", "--ticket", &self.ticket];
        let job = self.person.sonde(&probe)?;
        ensure!(job["device"] == self.agent.id.as_str(), "{job}");
        ensure!(job["state"] == "succeeded", "{job}");
        let findings = job["findings"].as_array().context("no findings")?.iter();
        let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
        let all = findings.map(|one| {
            (
                text(one, "subject"),
                text(one, "status"),
                text(one, "summary"),
            )
        });
        Ok(all.collect())
    }

    fn set(&self, more: &[&str]) -> Result<()> {
        let set = [&["asset", "set", "Printer 3"], more].concat();
        self.person.sonde(&set).map(drop)
    }

    /// The ticket as people read it.
    fn shown(&self, arguments: &[&str]) -> Result<String> {
        let shown = self.person.command(arguments).output()?;
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        // Whatever the width of its table.
        Ok(shown.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

#[test]
fn a_printer_is_there_refuses_or_is_silent_and_the_timeline_says_so() -> Result<()> {
    if let Some(lack) = lacks(&[("ip", "iproute2")]) {
        println!("skipped: {lack}");
        return Ok(());
    }
    let office = Office::new()?;
    let here = office.network.here();
    let listener = TcpListener::bind((here, 0))?;
    let port = listener.local_addr()?.port().to_string();
    let (place, person) = (format!("{here}:{port}"), &office.person);
    person.sonde(&[
        "asset",
        "add",
        "Printer 3",
        "--kind",
        "printer",
        "--address",
        here,
        "--port",
        &port,
    ])?;

    let found = office.probe()?;
    let [address, at_port] = &found[..] else {
        anyhow::bail!("{found:?}");
    };
    ensure!((&*address.0, &*address.1) == (here, "ok"), "{found:?}");
    ensure!(
        address
            .2
            .starts_with(&format!("{here} answers pings within ")),
        "{found:?}"
    );
    ensure!((&*at_port.0, &*at_port.1) == (&*place, "ok"), "{found:?}");
    ensure!(
        at_port
            .2
            .starts_with(&format!("{here} takes connections on port {port} within ")),
        "{found:?}"
    );

    drop(listener);
    let refused = format!("{here} refuses port {port}: it is there, and nobody listens");
    let found = office.probe()?;
    // What is wrong comes first.
    ensure!(
        found[0] == (place.clone(), "critical".into(), refused.clone()),
        "{found:?}"
    );
    ensure!(found[1].1 == "ok", "{found:?}");

    // On the device's own link, where nobody has it.
    let nobody = here.replacen("198.18.", "198.19.", 1);
    let route = format!("{nobody}/32");
    office
        .network
        .ip(&["route", "add", &route, "dev", "eth0"])?;
    office.set(&["--address", &nobody, "--port", &port])?;
    let found = office.probe()?;
    let silent =
        format!("{nobody} does not answer: neither pings nor anything else shows that it is there");
    ensure!(
        found
            .iter()
            .any(|one| one.1 == "critical" && one.2 == silent),
        "{found:?}"
    );
    let unheard = format!("{nobody} says nothing on port {port}, not even no");
    ensure!(found.iter().any(|one| one.2 == unheard), "{found:?}");

    // A name that leads back to the device is asked for nothing, whatever the collector thinks of it.
    office
        .network
        .write("hosts", "127.0.0.1 printer.office.test\n")?;
    office.set(&["--address", "printer.office.test", "--port", &port])?;
    let found = office.probe()?;
    ensure!(
        found.len() == 1
            && found[0].1 == "unknown"
            && found[0].2.contains("is this machine itself"),
        "{found:?}"
    );

    let shown = person.sonde(&["ticket", "show", &office.ticket])?;
    let about = &shown["ticket"]["assets"][0];
    ensure!(about["name"] == "Printer 3", "{shown}");
    let timeline = shown["timeline"].to_string();
    for said in [
        "answers pings within",
        &refused,
        &silent,
        &unheard,
        "is this machine itself",
    ] {
        ensure!(timeline.contains(said), "{said}: {timeline}");
    }
    let plain = office.shown(&["ticket", "show", &office.ticket])?;
    ensure!(
        plain.contains("Printer 3 (printer, printer.office.test"),
        "{plain}"
    );
    let french = office.shown(&["ticket", "show", &office.ticket, "--lang", "fr"])?;
    ensure!(french.contains("répond au ping en"), "{french}");
    // It is nothing that the device has: no alert and no finding of its own.
    let device = person.sonde(&["device", "show", &office.agent.id])?;
    ensure!(
        !device["findings"].to_string().contains("net.asset"),
        "{device}"
    );
    let history = crate::program::own("sonde-agent")
        .args(["history", "--json", "--state"])
        .arg(&office.agent.state)
        .output()?;
    let history = String::from_utf8_lossy(&history.stdout).into_owned();
    ensure!(history.contains(&place), "{history}");
    Ok(())
}

#[test]
fn what_is_wrong_on_the_device_itself_explains_that_nobody_answers() -> Result<()> {
    if let Some(lack) = lacks(&[("ip", "iproute2")]) {
        println!("skipped: {lack}");
        return Ok(());
    }
    let office = Office::new()?;
    let person = &office.person;
    let add = ["asset", "add", "Printer 3", "--kind", "printer"];
    person.sonde(&[&add[..], &["--address", "198.19.255.254"]].concat())?;
    // No way but to the collector.
    let here = format!("{}/32", office.network.here());
    office.network.ip(&["route", "del", "default"])?;
    office
        .network
        .ip(&["route", "replace", &here, "dev", "eth0"])?;
    let found = office.probe()?;
    ensure!(
        found[0].1 == "unknown"
            && found[0]
                .2
                .contains("this machine knows no way to 198.19.255.254"),
        "{found:?}"
    );
    // Nothing of this is an order of its own: no ticket, no question.
    let refused = person.try_sonde(&["asset", "probe", "Printer 3", "--ticket", "99"])?;
    let problem = refused.problem.context("it was asked")?;
    ensure!(problem.contains("ticket"), "{problem}");
    Ok(())
}
