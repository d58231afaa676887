//! What the flight recorder keeps is read from a ticket, also what was before a crash of the agent.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::program::wait;
use crate::world::{Person, World};

/// A live reading of a table.
fn rows(person: &Person, to: &[&str], table: &str, narrowed: &[&str]) -> Result<Vec<Value>> {
    let answer = person.sonde(&[&["query", table, "--live"], narrowed, to].concat())?;
    let rows = answer["table"]["rows"].as_array();
    Ok(rows.with_context(|| answer.to_string())?.clone())
}

fn n_started(events: &[Value]) -> usize {
    let is_start = |row: &&Value| row["of"] == "agent" && row["change"] == "started";
    events.iter().filter(is_start).count()
}

#[test]
fn what_was_before_a_crash_is_read_from_a_ticket() -> Result<()> {
    let mut world = World::sqlite()?;
    let person = world.person("ada", "technician")?;
    let mut agent = world.agent()?;
    person.wait_for(&agent, true)?;
    let opened = person.sonde(&["ticket", "open", "it froze", "--device", &agent.id])?;
    let ticket = opened["number"].as_i64().context("no number")?.to_string();
    let id = agent.id.clone();
    let to = ["--device", &id, "--ticket", &ticket];
    let samples = wait("a sample", || {
        let rows = rows(&person, &to, "recorded_metrics", &["name=load."]).ok()?;
        (!rows.is_empty()).then_some(rows)
    })?;
    ensure!(samples[0]["name"] == "load.minute_1", "{}", samples[0]);
    let before = rows(
        &person,
        &to,
        "recorded_events",
        &["until=2001-01-01T00:00:00Z"],
    )?;
    ensure!(before.is_empty(), "{before:?}");
    let events = rows(&person, &to, "recorded_events", &[])?;
    ensure!(n_started(&events) == 1, "{events:?}");
    agent.kill()?;
    person.wait_for(&agent, false)?;
    agent.start()?;
    person.wait_for(&agent, true)?;
    let events = rows(&person, &to, "recorded_events", &[])?;
    ensure!(n_started(&events) == 2, "{events:?}");
    let freeze = |from: &str, to_moment: &str| {
        let window = ["snapshot", "--from", from, "--to", to_moment];
        person.try_sonde(&[&window[..], &to].concat())
    };
    let refused = freeze("-25h", "-1h")?.problem.unwrap_or_default();
    ensure!(refused.contains("holds the last 24 hours"), "{refused}");
    let frozen = freeze("-1h", "-0s")?.value;
    let jobs = frozen["jobs"].as_array().context("no jobs")?;
    ensure!(jobs.len() == 3, "{frozen}");
    for job in jobs {
        let id = job.as_str().context("no id")?;
        let job = person.sonde(&["job", "show", id, "--wait", "60"])?;
        ensure!(job["state"] == "succeeded", "{job}");
        let rows = job["table"]["rows"].as_array();
        let is_of_processes = job["table_name"] == "recorded_processes";
        // The processes are looked at once a minute.
        ensure!(
            is_of_processes || rows.is_some_and(|rows| !rows.is_empty()),
            "{job}"
        );
    }
    Ok(())
}
