//! What a device was asked stands on the device too: a record that was changed behind the collector's back is found out.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::machine::lacks;
use crate::program::{command, output};
use crate::world::{Agent, Person, World};

/// The device's receipts beside the record; for each misfit its kind and what the device was asked.
fn compared(person: &Person, agent: &Agent, ticket: &str) -> Result<(Value, Vec<String>)> {
    let compare = ["audit", "compare", &agent.id, "--ticket", ticket];
    let compared = person.sonde(&compare)?;
    let misfits = compared["misfits"].as_array().context("no misfits")?;
    let mut told: Vec<String> = misfits
        .iter()
        .map(|misfit| {
            let asked = misfit["receipt"]["asked"].as_str().unwrap_or("-");
            format!("{}: {asked}", misfit["misfit"].as_str().unwrap_or_default())
        })
        .collect();
    told.sort();
    Ok((compared.clone(), told))
}

#[test]
fn a_record_that_was_changed_is_told_from_the_devices_own() -> Result<()> {
    if let Some(lack) = lacks(&[("sqlite3", "sqlite3")]) {
        println!("skipped: {lack}");
        return Ok(());
    }
    let mut world = World::sqlite()?;
    let person = world.person("root", "admin")?;
    let agent = world.agent()?;
    person.wait_for(&agent, true)?;
    let opened = person.sonde(&["ticket", "open", "slow", "--device", &agent.id])?;
    let ticket = opened["number"].as_i64().context("no number")?.to_string();
    let at = ["--device", &agent.id, "--ticket", &ticket];
    for checks in ["disk.space", "memory.pressure", "net.link", "net.route"] {
        person.sonde(&[&["check", "run", checks], &at[..]].concat())?;
    }
    let (whole, misfits) = compared(&person, &agent, &ticket)?;
    ensure!(whole["fits"] == true && misfits.is_empty(), "{whole}");
    ensure!(whole["n_receipts"] == 5, "{whole}");
    ensure!(whole["n_recorded"] == 5, "{whole}");

    // Somebody who has the database but not the devices.
    ensure!(world.stop_collector()?.success(), "it did not end well");
    let forged = concat!(env!("CARGO_MANIFEST_DIR"), "/src/receipts/forged.sql");
    output(
        command("sqlite3")
            .arg(world.data().join("sonde.db"))
            .arg(format!(".read {forged}")),
    )?;
    world.start_collector()?;
    person.wait_for(&agent, true)?;
    let (changed, misfits) = compared(&person, &agent, &ticket)?;
    ensure!(changed["fits"] == false, "{changed}");
    let expected = [
        "not_in_record: disk.space",
        "other_order: net.link",
        "other_origin: memory.pressure",
        "other_outcome: net.route",
    ];
    ensure!(misfits == expected, "{misfits:?}");
    Ok(())
}
