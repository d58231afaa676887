//! Several machines with one key: all stay visible, none is worked on, a technician splits them.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::program::wait;
use crate::world::{Agent, Person, World, on_both};

/// Sessions that two machines may need until they are told apart.
const FEW_SESSIONS: usize = 6;
/// Reports after which a storm would have shown itself.
const REPORTS: i64 = 5;

fn device(person: &Person, agent: &Agent) -> Result<Value> {
    Ok(person.sonde(&["device", "show", &agent.id])?["device"].clone())
}

fn copy_state(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir(to)?;
    for name in ["identity", "spool", "journal"] {
        fs::copy(from.join(name), to.join(name))?;
    }
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::set_permissions(to, fs::Permissions::from_mode(0o700))?)
}

fn n_accounted(person: &Person, device: &str) -> Result<i64> {
    let account = person.sonde(&["device", "reports", device])?;
    let spools = account["spools"].as_array().context("no spools")?;
    let ranges = spools
        .iter()
        .flat_map(|spool| spool["ranges"].as_array().into_iter().flatten());
    Ok(ranges
        .filter_map(|range| Some(range["last"].as_i64()? - range["first"].as_i64()? + 1))
        .sum())
}

#[test]
fn two_copies_of_one_folder_are_one_conflict_and_no_order_reaches_either() -> Result<()> {
    on_both(|mut world: World| {
        world.settings = "report_every_seconds = 1\n".into();
        world.stop_collector()?;
        world.start_collector()?;
        let person = world.person("ada", "senior")?;
        let mut first = world.agent()?;
        person.wait_for(&first, true)?;
        let opened = person.sonde(&["ticket", "open", "two of them", "--device", &first.id])?;
        let ticket = opened["number"].as_i64().context("no number")?.to_string();
        let id = first.id.clone();
        let check = [
            "check",
            "run",
            "disk.space",
            "--device",
            &id,
            "--ticket",
            &ticket,
        ];
        ensure!(person.sonde(&check)?["state"] == "succeeded");
        let own = device(&person, &first)?["installations"][0]
            .as_str()
            .context("no installation")?
            .to_owned();

        let copy = world.folder().join("copy");
        copy_state(&first.state, &copy)?;
        let mut second = Agent::over(&first.id, &copy, &world.folder().join("copy.log"));
        second.start()?;
        let conflicted = wait("the conflict", || {
            let device = device(&person, &first).ok()?;
            (!device["conflict_since"].is_null() && device["installations"].as_array()?.len() == 2)
                .then_some(device)
        })?;
        let refused = person.try_sonde(&check)?;
        let complaint = refused.problem.context("the order was taken")?;
        ensure!(complaint.contains("split"), "{complaint}");

        let before = n_accounted(&person, &first.id)?;
        wait("some reports", || {
            n_accounted(&person, &first.id)
                .ok()
                .filter(|now| *now >= before + REPORTS)
        })?;
        let n_sessions = world.log().matches("a device is connected").count();
        ensure!(
            n_sessions <= FEW_SESSIONS,
            "{n_sessions} sessions: {}",
            world.log()
        );
        ensure!(
            first.is_running() && second.is_running(),
            "an agent gave up: {conflicted}"
        );

        person.sonde(&["device", "split", &first.id, "--keep", &own])?;
        wait("the second's dismissal", || {
            second.log().contains("split off").then_some(())
        })?;
        wait("the first's return", || {
            let ran = person.try_sonde(&check).ok()?;
            (ran.value["state"] == "succeeded").then_some(())
        })?;
        println!("one conflict, {n_sessions} sessions");
        Ok(())
    })
}

#[test]
fn a_third_copy_is_told_apart_as_well() -> Result<()> {
    let mut world = World::sqlite()?;
    world.settings = "report_every_seconds = 1\n".into();
    world.stop_collector()?;
    world.start_collector()?;
    let person = world.person("ada", "senior")?;
    let first = world.agent()?;
    person.wait_for(&first, true)?;
    let mut copies = Vec::new();
    for name in ["second", "third"] {
        let folder = world.folder().join(name);
        copy_state(&first.state, &folder)?;
        let log = world.folder().join(format!("{name}.log"));
        let mut copy = Agent::over(&first.id, &folder, &log);
        copy.start()?;
        copies.push(copy);
        let n_installations = copies.len() + 1;
        wait("another installation", || {
            let device = device(&person, &first).ok()?;
            (device["installations"].as_array()?.len() == n_installations).then_some(())
        })?;
    }
    let before = n_accounted(&person, &first.id)?;
    wait("some reports", || {
        n_accounted(&person, &first.id)
            .ok()
            .filter(|now| *now >= before + REPORTS)
    })?;
    let n_sessions = world.log().matches("a device is connected").count();
    ensure!(
        n_sessions <= 2 * FEW_SESSIONS,
        "{n_sessions} sessions: {}",
        world.log()
    );
    Ok(())
}
