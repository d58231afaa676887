//! Faults made for real on machines of the test's own: found from a ticket, cured, and then ok. One file each.

mod dead_name_server;
mod failed_service;
mod full_disk;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::program::wait;
use crate::world::{Person, World};

/// What a technician must be shown.
struct Expected {
    check: &'static str,
    subject: String,
    status: &'static str,
}

/// What takes a fault away.
enum Cure {
    /// This action, with these parameters.
    Action(&'static str, Vec<String>),
    /// Somebody who stands at the machine.
    Hand,
}

/// One fault, on a machine that is there for it.
trait Fault {
    /// The collector that the machine can reach.
    fn world(&self) -> Result<World> {
        World::sqlite()
    }

    /// Starts the machine's agent; gives the device's id.
    fn start(&mut self, world: &mut World) -> Result<String>;

    fn inject(&mut self) -> Result<()>;

    fn expect(&self) -> Expected;

    fn cure(&self) -> Cure;

    /// Takes the fault away at the machine itself.
    fn by_hand(&mut self) -> Result<()> {
        anyhow::bail!("an action cures this one")
    }
}

/// How it went, to go on from.
struct Told {
    person: Person,
    device: String,
    ticket: String,
    /// The action's.
    job: Option<String>,
    _world: World,
}

impl Told {
    fn timeline(&self) -> Result<String> {
        Ok(self.person.sonde(&["ticket", "show", &self.ticket])?["timeline"].to_string())
    }

    /// What a check of the device finds now.
    fn findings(&self, check: &str) -> Result<Vec<Finding>> {
        findings(&self.person, &self.device, &self.ticket, check)
    }
}

/// Of one finding, what is compared.
#[derive(Clone, Debug, PartialEq)]
struct Finding {
    check: String,
    subject: String,
    status: String,
    explained_by: String,
    remedies: String,
}

impl Finding {
    fn is_of(&self, expected: &Expected) -> bool {
        self.check == expected.check && self.subject == expected.subject
    }

    fn is_bad(&self) -> bool {
        self.status == "warning" || self.status == "critical"
    }
}

fn findings(person: &Person, device: &str, ticket: &str, check: &str) -> Result<Vec<Finding>> {
    let ran = person.sonde(&[
        "check", "run", check, "--device", device, "--ticket", ticket,
    ])?;
    let found = ran["findings"]
        .as_array()
        .with_context(|| ran.to_string())?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(found
        .iter()
        .map(|finding| Finding {
            check: text(&finding["check"]),
            subject: text(&finding["subject"]),
            status: text(&finding["status"]),
            explained_by: text(&finding["explained_by"]),
            remedies: finding["remedies"].to_string(),
        })
        .collect())
}

/// A technician's whole job with one fault.
fn story(fault: &mut impl Fault) -> Result<Told> {
    let mut world = fault.world()?;
    let person = world.person("ada", "technician")?;
    let device = fault.start(&mut world)?;
    wait("the device", || {
        let shown = person.sonde(&["device", "show", &device]).ok()?;
        (shown["device"]["connected"] == true).then_some(())
    })?;
    let opened = person.sonde(&["ticket", "open", "it does not work", "--device", &device])?;
    let ticket = opened["number"].as_i64().context("no number")?.to_string();
    let mut told = Told {
        person,
        device,
        ticket,
        job: None,
        _world: world,
    };
    let before = told.findings("all")?;
    fault.inject()?;
    let expected = fault.expect();
    let of_it = |finding: &&Finding| finding.is_of(&expected) && finding.is_bad();
    ensure!(
        before.iter().find(of_it).is_none(),
        "found before it was there: {before:?}"
    );
    let found = told.findings("all")?;
    blames_nothing_else(&expected, &before, &found)?;
    let it = found
        .iter()
        .find(of_it)
        .with_context(|| format!("not found: {found:?}"))?;
    ensure!(it.status == expected.status, "{it:?}");
    match fault.cure() {
        Cure::Hand => fault.by_hand()?,
        Cure::Action(action, parameters) => {
            ensure!(it.remedies.contains(action), "{it:?}");
            told.job = Some(cure(&told, action, &parameters)?);
        }
    }
    let after = told.findings(expected.check)?;
    ensure!(!after.is_empty(), "the check says nothing");
    ensure!(after.iter().find(of_it).is_none(), "not cured: {after:?}");
    let timeline = told.timeline()?;
    ensure!(timeline.contains(expected.check), "{timeline}");
    println!(
        "{} of {}: {} findings before, {} with the fault, {} of its check after, on a timeline of {} bytes",
        expected.check,
        expected.subject,
        before.len(),
        found.len(),
        after.len(),
        timeline.len()
    );
    Ok(told)
}

/// Of what is new in the fault's own area (others move by themselves on a busy machine), the fault comes first and
/// explains the rest.
fn blames_nothing_else(expected: &Expected, before: &[Finding], found: &[Finding]) -> Result<()> {
    let area = |check: &str| check.split('.').next().map(str::to_owned);
    let was_there = |finding: &Finding| {
        before
            .iter()
            .any(|one| one.check == finding.check && one.subject == finding.subject && one.is_bad())
    };
    let new: Vec<&Finding> = found
        .iter()
        .filter(|finding| finding.is_bad() && !was_there(finding))
        .filter(|finding| area(&finding.check) == area(expected.check))
        .collect();
    let explanation = format!("{}/{}", expected.check, expected.subject);
    ensure!(
        new.first().is_some_and(|first| first.is_of(expected)),
        "{explanation} does not come first: {new:?}"
    );
    let others = new.iter().skip(1);
    let unexplained: Vec<_> = others
        .filter(|finding| finding.explained_by != explanation)
        .collect();
    ensure!(unexplained.is_empty(), "also blamed: {unexplained:?}");
    Ok(())
}

/// Plans and runs an action; gives its job.
fn cure(told: &Told, action: &str, parameters: &[String]) -> Result<String> {
    let order = |verb| {
        let mut arguments = vec!["action", verb, action, "--device", &told.device];
        arguments.extend(["--ticket", &told.ticket]);
        arguments.extend(parameters.iter().map(String::as_str));
        told.person.sonde(&arguments)
    };
    let planned = order("plan")?;
    ensure!(planned["state"] == "succeeded", "{planned}");
    let done = order("run")?;
    ensure!(done["state"] == "succeeded", "{done}");
    let timeline = told.timeline()?;
    ensure!(timeline.contains(action), "{timeline}");
    Ok(done["id"].as_str().context("no id")?.to_owned())
}
