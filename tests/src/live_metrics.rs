//! Live metrics: each second while somebody on a ticket looks, one stream for all who look, and nothing when nobody does.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use crate::program::{PATIENCE, own, wait};
use crate::world::{Agent, Person, World, on_both};

/// Samples that show that it moves.
const SOME: usize = 3;

/// `sonde device watch`, and what it says.
struct Watcher {
    child: Child,
    said: Receiver<Value>,
}

impl Watcher {
    fn begin(person: &Person, agent: &Agent, ticket: &str) -> Result<Self> {
        let mut child = person
            .command(&["device", "watch", &agent.id, "--ticket", ticket, "--json"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().context("no output")?;
        let (sender, said) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let Ok(value) = serde_json::from_str(&line) else {
                    continue;
                };
                if sender.send(value).is_err() {
                    return;
                }
            }
        });
        Ok(Self { child, said })
    }

    /// The next event of this name.
    fn next(&self, name: &str) -> Result<Value> {
        loop {
            match self.said.recv_timeout(PATIENCE) {
                Ok(event) if event["event"] == name => return Ok(event),
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => bail!("no {name} in {} s", PATIENCE.as_secs()),
                Err(RecvTimeoutError::Disconnected) => bail!("it ended without a {name}"),
            }
        }
    }

    /// Samples of which the last ones have rates in them.
    fn samples(&self) -> Result<Vec<Value>> {
        (0..SOME).map(|_| self.next("sample")).collect()
    }

    /// SIGKILL: nobody says goodbye.
    fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn opened(person: &Person, agent: &Agent) -> Result<String> {
    let opened = person.sonde(&["ticket", "open", "it is slow", "--device", &agent.id])?;
    Ok(opened["number"].as_i64().context("no number")?.to_string())
}

/// The device's own receipts of looks, the newest first.
fn receipts(agent: &Agent) -> Result<Vec<Value>> {
    let history = own("sonde-agent")
        .args(["history", "--json", "--state"])
        .arg(&agent.state)
        .output()?;
    let history: Value = serde_json::from_slice(&history.stdout)?;
    let all = history["receipts"].as_array().context("no receipts")?;
    let looks = all.iter().filter(|one| one["asked"]["kind"] == "live");
    Ok(looks.cloned().collect())
}

/// Waits until so many looks have ended on the device; gives them.
fn ended(agent: &Agent, n_ended: usize) -> Result<Vec<Value>> {
    wait("the end of the looks on the device", || {
        let all = receipts(agent).ok()?;
        let over = all.iter().filter(|one| one["state"] == "ended").count();
        (over == n_ended && all.len() == n_ended).then_some(all)
    })
}

fn value(sample: &Value, metric: &str) -> Option<f64> {
    let values = sample["values"].as_array()?.iter();
    let mut of = values.filter(|one| one["metric"] == metric);
    of.next()?["value"].as_f64()
}

/// How often the agent has begun to send live metrics.
fn n_streams(agent: &Agent) -> usize {
    agent.log().matches("live metrics are fetched").count()
}

#[test]
fn two_who_look_share_one_stream_and_it_ends_with_the_last() -> Result<()> {
    on_both(|mut world: World| {
        let (ada, bob) = (
            world.person("ada", "technician")?,
            world.person("bob", "technician")?,
        );
        let agent = world.agent()?;
        ada.wait_for(&agent, true)?;
        let (first, second) = (opened(&ada, &agent)?, opened(&bob, &agent)?);
        let one = Watcher::begin(&ada, &agent, &first)?;
        let samples = one.samples()?;
        let last = samples.last().context("no sample")?;
        ensure!(value(last, "memory.available_bytes") > Some(0.0), "{last}");
        ensure!(value(last, "cpu.idle_seconds").is_some(), "{last}");
        let other = Watcher::begin(&bob, &agent, &second)?;
        let (ours, theirs) = (one.next("sample")?, other.samples()?);
        ensure!(ours["at"].is_string() && theirs.len() == SOME);
        // The same samples, not others of the same moments.
        let at: Vec<Value> = (0..SOME)
            .map(|_| one.next("sample").map(|sample| sample["at"].clone()))
            .collect::<Result<_>>()?;
        ensure!(
            theirs.iter().any(|sample| at.contains(&sample["at"])),
            "{at:?} {theirs:?}"
        );
        ensure!(n_streams(&agent) == 1, "{}", agent.log());
        one.kill()?;
        ended_first(&agent, "ada")?;
        other.samples()?;
        other.kill()?;
        let looks = ended(&agent, 2)?;
        for look in &looks {
            ensure!(look["outcome"] == "cancelled", "{look}");
            ensure!(look["cpu_seconds"].as_f64() > Some(0.0), "{look}");
        }
        ensure!(looks[0]["requested_by"] == "bob" && looks[1]["requested_by"] == "ada");
        // Once for each look, not for each second.
        for (person, ticket) in [(&ada, &first), (&bob, &second)] {
            let shown = person.sonde(&["ticket", "show", ticket])?;
            let told = shown.to_string();
            ensure!(told.matches("live metrics").count() >= 1, "{told}");
            let jobs = person.sonde(&["device", "jobs", &agent.id])?;
            let jobs = jobs["items"].as_array().context("no jobs")?.iter();
            let of_ticket: Vec<&Value> = jobs
                .filter(|job| job["ticket"].as_i64() == ticket.parse().ok())
                .collect();
            ensure!(
                of_ticket.len() == 1 && of_ticket[0]["state"] == "cancelled",
                "{of_ticket:?}"
            );
        }
        ensure!(n_streams(&agent) == 1, "{}", agent.log());
        Ok(())
    })
}

/// Waits until the look of this person has ended on the device, while another goes on.
fn ended_first(agent: &Agent, by: &str) -> Result<()> {
    wait("the end of the first look", || {
        let all = receipts(agent).ok()?;
        let over = |one: &&Value| one["state"] == "ended";
        let ended: Vec<&Value> = all.iter().filter(over).collect();
        (ended.len() == 1 && ended[0]["requested_by"] == by).then_some(())
    })
}

#[test]
fn an_agent_that_dies_ends_the_look_and_can_be_watched_again() -> Result<()> {
    on_both(|mut world: World| {
        let person = world.person("ada", "technician")?;
        let mut agent = world.agent()?;
        person.wait_for(&agent, true)?;
        let ticket = opened(&person, &agent)?;
        let watcher = Watcher::begin(&person, &agent, &ticket)?;
        watcher.samples()?;
        agent.kill()?;
        watcher.next("away")?;
        agent.start()?;
        let end = loop {
            let told = watcher.next("job")?;
            if told["ended"] == true {
                break told;
            }
        };
        ensure!(end["state"] == "failed", "{end}");
        let again = Watcher::begin(&person, &agent, &ticket)?;
        again.samples()?;
        again.kill()?;
        ended(&agent, 2)?;
        Ok(())
    })
}

#[test]
fn a_collector_that_is_started_anew_leaves_no_look_behind() -> Result<()> {
    on_both(|mut world: World| {
        let person = world.person("ada", "technician")?;
        let agent = world.agent()?;
        person.wait_for(&agent, true)?;
        let ticket = opened(&person, &agent)?;
        let watcher = Watcher::begin(&person, &agent, &ticket)?;
        watcher.samples()?;
        world.kill_collector()?;
        world.start_collector()?;
        let look = ended(&agent, 1)?;
        let reason = look[0]["reason"].as_str().unwrap_or_default();
        ensure!(reason.starts_with("Nobody fetched"), "{}", look[0]);
        Ok(())
    })
}
