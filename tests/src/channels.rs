//! An answer too large for a session arrives whole on a channel, whatever is cut meanwhile.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::program::{Running, command};
use crate::world::{Agent, Person, World, on_both};

/// Processes whose arguments together are more than the session carries, and more than a channel's credit.
const PROCESSES: usize = 120;
/// Arguments of each.
const ARGUMENTS: usize = 1500;
/// Times that a side is killed while an answer is on its way.
const ROUNDS: usize = 6;

fn sleepers() -> Result<Vec<Running>> {
    let sleeper = |_| Running::start(command("sleep").arg("600").args(["0"; ARGUMENTS]));
    (0..PROCESSES).map(sleeper).collect()
}

fn query<'a>(agent: &'a Agent, ticket: &'a str, wait: &'a str) -> [&'a str; 11] {
    [
        "query",
        "processes",
        "--live",
        "--device",
        &agent.id,
        "--ticket",
        ticket,
        "--wait",
        wait,
        "name=sleep",
        "arguments=true",
    ]
}

fn opened(person: &Person, agent: &Agent) -> Result<String> {
    let opened = person.sonde(&["ticket", "open", "what is on it?", "--device", &agent.id])?;
    Ok(opened["number"].as_i64().context("no number")?.to_string())
}

/// All of `sleepers` are in the answer, with all their arguments.
fn is_whole(job: &Value, sleepers: &[Running]) -> bool {
    let rows = job["table"]["rows"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    sleepers.iter().all(|sleeper| {
        let row = rows.iter().find(|row| row["pid"] == sleeper.id());
        let arguments = row.and_then(|row| row["arguments"].as_str());
        arguments.is_some_and(|all| all.len() > ARGUMENTS)
    })
}

#[test]
fn a_large_answer_arrives_whole() -> Result<()> {
    let sleepers = sleepers()?;
    on_both(|mut world: World| {
        let person = world.person("ada", "technician")?;
        let agent = world.agent()?;
        person.wait_for(&agent, true)?;
        let ticket = opened(&person, &agent)?;
        for _ in 0..2 {
            let job = person.sonde(&query(&agent, &ticket, "60"))?;
            ensure!(job["state"] == "succeeded", "{}", job["reason"]);
            ensure!(is_whole(&job, &sleepers), "something is missing");
        }
        Ok(())
    })
}

#[test]
fn an_answer_that_was_cut_comes_again_or_its_job_says_that_it_does_not() -> Result<()> {
    let sleepers = sleepers()?;
    on_both(|mut world: World| {
        let person = world.person("ada", "technician")?;
        let mut agent = world.agent()?;
        person.wait_for(&agent, true)?;
        let ticket = opened(&person, &agent)?;
        for round in 0..ROUNDS {
            let asked = person.sonde(&query(&agent, &ticket, "0"))?;
            let id = asked["id"].as_str().context("no id")?.to_owned();
            let agent_dies = round % 2 == 1;
            if agent_dies {
                agent.kill()?;
                agent.start()?;
            } else {
                world.kill_collector()?;
                world.start_collector()?;
            }
            let job = person.sonde(&["job", "show", &id, "--wait", "60"])?;
            match job["state"].as_str() {
                Some("succeeded") => {
                    ensure!(
                        is_whole(&job, &sleepers),
                        "round {round}: something is missing"
                    );
                }
                // The answer died with the agent.
                Some("failed") if agent_dies => {
                    let reason = job["reason"].as_str().unwrap_or_default();
                    ensure!(!reason.is_empty(), "it failed without a reason");
                }
                other => anyhow::bail!("round {round}: {other:?}: {}", job["reason"]),
            }
        }
        Ok(())
    })
}
