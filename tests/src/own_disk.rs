//! The disk under the agent's own state is full, fails, or cannot be written: it still reports and works.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use crate::load::{account, assert_whole};
use crate::machine::{ARCHIVES, Disk, lacks, old_file, with_own_cache};
use crate::program::{programs, wait};
use crate::world::{Agent, Person, World};

/// Reports that must come through after a fault.
const MORE: i64 = 5;

/// A device whose state lies on a disk of its own, and whose caches are a folder of the test's.
struct Patient {
    // Before the disk that it runs on.
    agent: Agent,
    person: Person,
    ticket: String,
    caches: tempfile::TempDir,
    disk: Disk,
    _world: World,
}

impl Patient {
    fn new() -> Result<Self> {
        let mut world = World::sqlite()?;
        world.settings = "report_every_seconds = 1\n".into();
        world.stop_collector()?;
        world.start_collector()?;
        let person = world.person("ada", "technician")?;
        let disk = Disk::new(64)?;
        let agent = world.enrolled_in(&disk.mount())?;
        let opened = person.sonde(&["ticket", "open", "it is odd", "--device", &agent.id])?;
        let ticket = opened["number"].as_i64().context("no number")?.to_string();
        let mut patient = Self {
            agent,
            person,
            ticket,
            caches: tempfile::tempdir()?,
            disk,
            _world: world,
        };
        patient.start()?;
        Ok(patient)
    }

    fn start(&mut self) -> Result<()> {
        let program = programs().join("sonde-agent");
        let mut inside = with_own_cache(ARCHIVES, self.caches.path(), &[&program]);
        self.agent.start_with(&mut inside)?;
        self.person.wait_for(&self.agent, true)
    }

    fn committed(&self) -> Result<i64> {
        let spools = account(&self.person, &self.agent.id)?;
        let ranges = spools.iter().flatten();
        let of_fate = ranges.filter(|(_, _, fate)| fate == "committed");
        Ok(of_fate.map(|(first, last, _)| last - first + 1).sum())
    }

    /// More reports are committed, a check is run, and an action does what it says. Gives what `agent.state` finds.
    fn still_works(&mut self, when: &str) -> Result<String> {
        let before = self.committed()?;
        let after = wait("more reports", || {
            self.committed().ok().filter(|now| *now >= before + MORE)
        })
        .with_context(|| self.agent.log())?;
        let found = self.ask(&["check", "run", "agent.state", "disk.space"])?;
        let findings = found["findings"].as_array().context("no findings")?;
        let status = findings
            .iter()
            .find(|finding| finding["check"] == "agent.state")
            .and_then(|finding| finding["status"].as_str())
            .with_context(|| found.to_string())?;
        let package = self.caches.path().join("package_1_all.deb");
        old_file(&package, 1)?;
        let done = self.ask(&["action", "run", "disk.clean"])?;
        ensure!(done["state"] == "succeeded", "{when}: {done}");
        ensure!(!package.exists(), "{when}: nothing was removed");
        ensure!(self.agent.is_running(), "{when}: {}", self.agent.log());
        println!(
            "{when}: {} reports more, agent.state {status}",
            after - before
        );
        Ok(status.to_owned())
    }

    fn ask(&self, what: &[&str]) -> Result<serde_json::Value> {
        let on = ["--device", &self.agent.id, "--ticket", &self.ticket];
        self.person.sonde(&[what, &on[..]].concat())
    }

    /// Every number that was given is accounted for once.
    fn is_whole(&self, n_spools: usize) -> Result<()> {
        let counts = wait("the account of all numbers", || {
            let spools = account(&self.person, &self.agent.id).ok()?;
            let whole: Result<Vec<_>> = spools.iter().map(|spool| assert_whole(spool)).collect();
            whole.ok().filter(|whole| whole.len() == n_spools)
        })?;
        ensure!(
            counts.iter().all(|[_, rejected, _]| *rejected == 0),
            "{counts:?}"
        );
        println!("committed, rejected, thinned: {counts:?}");
        Ok(())
    }
}

impl Drop for Patient {
    /// Where the agent went on is not in a folder of the test's.
    fn drop(&mut self) {
        self.agent.kill().ok();
        let log = self.agent.log();
        let home = log.split("going on in ").nth(1);
        if let Some(home) = home.and_then(|rest| rest.split_whitespace().next()) {
            std::fs::remove_dir_all(home).ok();
        }
    }
}

fn can_run() -> bool {
    let lack = lacks(&[("mkfs.ext4", "e2fsprogs"), ("unshare", "util-linux")]);
    if let Some(lack) = &lack {
        println!("skipped: {lack}");
    }
    lack.is_none()
}

fn free_bytes(folder: &Path) -> Result<u64> {
    let mut df = crate::program::command("df");
    let said = crate::program::output(df.args(["--output=avail", "-B1"]).arg(folder))?;
    Ok(said
        .lines()
        .nth(1)
        .context("df says nothing")?
        .trim()
        .parse()?)
}

#[test]
fn a_full_disk_stops_nothing() -> Result<()> {
    if !can_run() {
        return Ok(());
    }
    let mut patient = Patient::new()?;
    patient.disk.fill("something")?;
    ensure!(free_bytes(&patient.disk.mount())? == 0);
    let status = patient.still_works("full")?;
    ensure!(status == "ok", "{status}");
    patient.agent.kill()?;
    patient.start()?;
    patient.still_works("started on the full disk")?;
    ensure!(free_bytes(&patient.disk.mount())? == 0);
    patient.is_whole(1)
}

#[test]
fn a_disk_that_cannot_be_written_at_the_start_is_said_and_done_without() -> Result<()> {
    if !can_run() {
        return Ok(());
    }
    let mut patient = Patient::new()?;
    patient.agent.stop()?;
    patient.disk.remount("ro")?;
    patient.start()?;
    let status = patient.still_works("read-only")?;
    ensure!(status == "critical", "{status}");
    ensure!(
        patient
            .agent
            .log()
            .contains("cannot be written; going on in /run/"),
        "{}",
        patient.agent.log()
    );
    patient.agent.kill()?;
    patient.start()?;
    patient.still_works("read-only, after a crash")?;
    patient.agent.kill()?;
    patient.disk.remount("rw")?;
    patient.start()?;
    let status = patient.still_works("writable again")?;
    ensure!(status == "ok", "{status}");
    patient.is_whole(1)
}

#[test]
fn a_disk_that_fails_under_the_agent_is_done_without() -> Result<()> {
    if !can_run() {
        return Ok(());
    }
    let mut patient = Patient::new()?;
    // As ext4 does when it finds its disk broken.
    patient.disk.remount("abort")?;
    wait("the agent's notice", || {
        patient
            .agent
            .log()
            .contains("the state folder fails")
            .then_some(())
    })
    .with_context(|| patient.agent.log())?;
    wait("its next session", || {
        (patient.agent.log().matches("connected device.id").count() >= 2).then_some(())
    })?;
    let status = patient.still_works("failed")?;
    ensure!(status == "critical", "{status}");
    patient.is_whole(1)
}
