//! A technician's whole job with one fault: found from a ticket, cured from it, and then ok.

use anyhow::{Context as _, Result, ensure};

use crate::faults::{self, Case, Cure, Expected};
use crate::machine::lacks;
use crate::patient::{Finding, Watched};

/// How it went, to go on from.
struct Told {
    watched: Watched,
    ticket: String,
    /// The action's.
    job: Option<String>,
    case: Box<dyn Case>,
}

impl Told {
    fn timeline(&self) -> Result<String> {
        Ok(self
            .watched
            .person
            .sonde(&["ticket", "show", &self.ticket])?["timeline"]
            .to_string())
    }

    /// What a check of the device finds now.
    fn findings(&self, check: &str) -> Result<Vec<Finding>> {
        let to = ["--device", &self.watched.device, "--ticket", &self.ticket];
        let ran = self
            .watched
            .person
            .sonde(&[&["check", "run", check], &to[..]].concat())?;
        Finding::all(&ran)
    }

    /// Plans and runs an action; gives its job.
    fn cure(&self, action: &str, parameters: &[String]) -> Result<String> {
        let order = |verb| {
            self.watched
                .person
                .act(verb, action, &self.watched.device, &self.ticket, parameters)
        };
        let planned = order("plan")?;
        ensure!(planned["state"] == "succeeded", "{planned}");
        let done = order("run")?;
        ensure!(done["state"] == "succeeded", "{done}");
        let timeline = self.timeline()?;
        ensure!(timeline.contains(action), "{timeline}");
        Ok(done["id"].as_str().context("no id")?.to_owned())
    }
}

/// `None`: what it is made of is not there.
fn story(id: &str) -> Result<Option<Told>> {
    let fault = faults::ALL.iter().find(|fault| fault.id == id);
    let fault = fault.context("no such fault")?;
    if let Some(lack) = lacks(fault.needs) {
        println!("skipped: {lack}");
        return Ok(None);
    }
    let mut case = (fault.make)()?;
    let watched = Watched::new(case.machine())?;
    let mut told = Told {
        ticket: watched.ticket("it does not work")?,
        watched,
        job: None,
        case,
    };
    let before = told.findings("all")?;
    told.case.inject()?;
    let expected = told.case.expect();
    let of_it = |finding: &&Finding| finding.key() == expected.key() && finding.is_bad();
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
    match told.case.cure()? {
        Cure::Hand => told.case.by_hand()?,
        Cure::Action(action, parameters) => {
            ensure!(it.remedies.iter().any(|remedy| remedy == action), "{it:?}");
            told.job = Some(told.cure(action, &parameters)?);
        }
    }
    let after = told.findings(expected.check)?;
    ensure!(!after.is_empty(), "the check says nothing");
    ensure!(after.iter().find(of_it).is_none(), "not cured: {after:?}");
    let timeline = told.timeline()?;
    ensure!(timeline.contains(expected.check), "{timeline}");
    Ok(Some(told))
}

/// Of what is new in the fault's own area (others move by themselves on a busy machine), the fault comes first and
/// explains the rest.
fn blames_nothing_else(expected: &Expected, before: &[Finding], found: &[Finding]) -> Result<()> {
    let area = |check: &str| check.split('.').next().map(str::to_owned);
    let was_there = |finding: &Finding| {
        before
            .iter()
            .any(|one| one.key() == finding.key() && one.is_bad())
    };
    let new: Vec<&Finding> = found
        .iter()
        .filter(|finding| finding.is_bad() && !was_there(finding))
        .filter(|finding| area(&finding.check) == area(expected.check))
        .collect();
    let key = expected.key();
    ensure!(
        new.first().is_some_and(|first| first.key() == key),
        "{key} does not come first: {new:?}"
    );
    let others = new.iter().skip(1);
    let unexplained: Vec<_> = others
        .filter(|finding| finding.explained_by != key)
        .collect();
    ensure!(unexplained.is_empty(), "also blamed: {unexplained:?}");
    Ok(())
}

#[test]
fn a_dead_name_server_is_found_alone_and_ok_when_it_is_back() -> Result<()> {
    story("name-server-dead").map(drop)
}

#[test]
fn a_disk_full_of_cache_is_cleaned_from_the_ticket() -> Result<()> {
    story("disk-full-of-cache").map(drop)
}

#[test]
fn a_disk_full_of_something_is_found_and_ok_when_that_is_gone() -> Result<()> {
    story("disk-full").map(drop)
}

#[test]
fn a_killed_service_is_restarted_from_the_ticket_and_that_is_taken_back() -> Result<()> {
    let Some(mut told) = story("service-killed")? else {
        return Ok(());
    };
    let unit = told.case.expect().subject;
    let mut state = || -> Result<String> {
        let asked = ["systemctl", "is-active", &unit];
        let said = told.case.machine().command(&asked).output()?;
        Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
    };
    ensure!(state()? == "active");
    let job = told.job.as_deref().context("no job")?;
    let undo = ["action", "undo", job, "--ticket", &told.ticket];
    let undone = told.watched.person.sonde(&undo)?;
    ensure!(undone["state"] == "succeeded", "{undone}");
    ensure!(state()? == "inactive");
    let again = told.watched.person.try_sonde(&undo)?;
    ensure!(again.code != Some(0), "taken back twice: {again:?}");
    let timeline = told.timeline()?;
    for said in ["undo", "service.restart", "succeeded"] {
        ensure!(timeline.contains(said), "no {said}: {timeline}");
    }
    Ok(())
}
