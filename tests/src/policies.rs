//! A policy reaches the devices that it names, at once and after each reconnect.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::program::wait;
use crate::world::{Agent, Person, World, on_both};

/// The device's own finding of a check, as the collector has it; none: it has none.
fn finding(person: &Person, agent: &Agent, check: &str) -> Result<Option<String>> {
    let shown = person.sonde(&["device", "show", &agent.id])?;
    let findings = shown["findings"].as_array().context("no findings")?;
    let found = findings.iter().find(|finding| finding["check"] == check);
    Ok(found.and_then(|finding| Some(finding["status"].as_str()?.to_owned())))
}

fn wait_for(person: &Person, agent: &Agent, check: &str, expected: Option<&str>) -> Result<()> {
    wait(&format!("{check} to be {expected:?}"), || {
        let found = finding(person, agent, check).ok()?;
        (found.as_deref() == expected).then_some(())
    })
}

fn set(world: &World, person: &Person, name: &str, policy: &Value) -> Result<Value> {
    let file = world.folder().join("policy.json");
    fs::write(&file, policy.to_string())?;
    person.sonde(&["policy", "set", name, &file.display().to_string()])
}

#[test]
fn a_policy_sets_how_a_device_is_judged() -> Result<()> {
    on_both(|mut world: World| {
        let person = world.person("ada", "admin")?;
        let mut agent = world.agent()?;
        person.wait_for(&agent, true)?;
        // Whatever this machine's load is, it lies between these limits.
        let load = |warning: f64| json!({ "limits": { "per_cpu_warning": warning, "per_cpu_critical": 1e9 } });
        let calm = json!({ "devices": [&agent.id], "checks": { "cpu.load": load(1e8) } });
        set(&world, &person, "calm", &calm)?;
        wait_for(&person, &agent, "cpu.load", Some("ok"))?;

        let strict = json!({ "devices": [&agent.id], "checks": { "cpu.load": load(-1.0) } });
        set(&world, &person, "calm", &strict)?;
        wait_for(&person, &agent, "cpu.load", Some("warning"))?;

        // The closer policy holds, and a machine that was away learns of it.
        agent.kill()?;
        person.wait_for(&agent, false)?;
        set(
            &world,
            &person,
            "all",
            &json!({ "checks": { "cpu.load": load(-1.0) } }),
        )?;
        set(&world, &person, "calm", &calm)?;
        agent.start()?;
        wait_for(&person, &agent, "cpu.load", Some("ok"))?;
        let of = person.sonde(&["policy", "of", &agent.id])?;
        ensure!(of["policies"] == json!(["all", "calm"]), "{of}");

        // What runs only when asked is no finding of the device any more, and still runs for a ticket.
        let silent =
            json!({ "devices": [&agent.id], "checks": { "cpu.load": { "every_seconds": 0 } } });
        set(&world, &person, "calm", &silent)?;
        wait_for(&person, &agent, "cpu.load", None)?;
        let ran = person.sonde(&[
            "check",
            "run",
            "cpu.load",
            "--device",
            &agent.id,
            "--new-ticket",
            "is it busy?",
        ])?;
        ensure!(ran["findings"][0]["status"] == "warning", "{ran}");
        ensure!(finding(&person, &agent, "cpu.load")?.is_none());

        person.sonde(&["policy", "remove", "calm"])?;
        wait_for(&person, &agent, "cpu.load", Some("warning"))?;
        Ok(())
    })
}

#[test]
fn a_policy_that_names_what_is_not_there_is_refused_by_name() -> Result<()> {
    let mut world = World::sqlite()?;
    let person = world.person("ada", "admin")?;
    let agent = world.agent()?;
    person.wait_for(&agent, true)?;
    let refused = |policy: Value, expected: &str| -> Result<()> {
        let file = world.folder().join("policy.json");
        fs::write(&file, policy.to_string())?;
        let ran = person.try_sonde(&["policy", "set", "x", &file.display().to_string()])?;
        let complaint = ran.problem.context("it was taken")?;
        ensure!(complaint.contains(expected), "{complaint}");
        Ok(())
    };
    refused(json!({ "sites": ["mars"] }), "mars")?;
    refused(json!({ "devices": ["nobody"] }), "nobody")?;
    refused(json!({ "checks": { "disk.spice": {} } }), "disk.space")?;
    refused(
        json!({ "checks": { "cpu.load": { "limits": { "lod": 1.0 } } } }),
        "per_cpu_warning",
    )?;
    refused(
        json!({ "checks": { "cpu.load": { "every_seconds": 1 } } }),
        "every_seconds",
    )?;
    refused(json!({ "chekcs": {} }), "chekcs")?;
    let viewer = world.person("vic", "technician")?;
    let file = world.folder().join("policy.json");
    fs::write(&file, json!({ "sites": [] }).to_string())?;
    person.sonde(&["policy", "set", "x", &file.display().to_string()])?;
    let ran = viewer.try_sonde(&["policy", "remove", "x"])?;
    let complaint = ran.problem.context("a technician removed a policy")?;
    ensure!(complaint.contains("urn:sonde:role"), "{complaint}");
    person.sonde(&["policy", "show", "x"])?;
    Ok(())
}
