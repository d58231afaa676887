//! The log cannot be written, as where the disk is full: work goes on.

use std::os::unix::fs::symlink;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::world::World;

/// What has no room for anything.
fn fill(log: &Path) -> Result<()> {
    std::fs::remove_file(log)?;
    Ok(symlink("/dev/full", log)?)
}

#[test]
fn a_log_that_cannot_be_written_stops_nobody() -> Result<()> {
    let mut world = World::sqlite()?;
    let person = world.person("ada", "technician")?;
    let mut agent = world.agent()?;
    person.wait_for(&agent, true)?;
    agent.stop()?;
    world.stop_collector()?;
    fill(&world.folder().join("collector.log"))?;
    fill(agent.log_file())?;
    world.start_collector()?;
    agent.start()?;
    person.wait_for(&agent, true)?;
    let run = ["check", "run", "disk.space", "--device", &agent.id];
    let ran = person.sonde(&[&run[..], &["--new-ticket", "no room"]].concat())?;
    ran["findings"].as_array().context("no findings")?;
    Ok(())
}
