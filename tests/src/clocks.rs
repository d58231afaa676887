//! Devices whose clocks are wrong, and one that was away for seven weeks, come back by themselves.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::program::{own, wait};
use crate::world::{Agent, Person, World};

/// Tells programs another time; the clock that never jumps stays as it is.
const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

/// What a program has to find in its environment to believe that the time is another one.
pub(crate) fn at(offset: &str) -> [(&'static str, String); 3] {
    [
        ("LD_PRELOAD", FAKETIME.to_owned()),
        ("FAKETIME", offset.to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ]
}

/// The same of the time that a file says, as "+3601s", whatever it says from then on.
pub(crate) fn by_file(file: &Path) -> Vec<(&'static str, String)> {
    let [preload, _, monotonic] = at("");
    let file = ("FAKETIME_TIMESTAMP_FILE", file.display().to_string());
    let look = ("FAKETIME_CACHE_DURATION", "1".to_owned());
    vec![preload, file, look, monotonic]
}

pub(crate) fn is_missing() -> bool {
    let missing = !Path::new(FAKETIME).exists();
    if missing {
        println!("skipped: it needs faketime: apt-get install -y faketime");
    }
    missing
}

/// The device reports, dated on the collector's clock, and answers an order.
fn is_back(person: &Person, agent: &Agent) -> Result<()> {
    person.wait_for(agent, true)?;
    let asked = [
        "check",
        "run",
        "disk.space",
        "--device",
        &agent.id,
        "--new-ticket",
        "is it back",
    ];
    let ran = wait("a check on it", || person.sonde(&asked).ok())?;
    ensure!(ran["state"] == "succeeded", "{ran}");
    Ok(())
}

#[test]
fn a_device_with_a_wrong_clock_goes_on_with_the_collectors() -> Result<()> {
    if is_missing() {
        return Ok(());
    }
    let mut world = World::sqlite()?;
    let person = world.person("ada", "technician")?;
    for offset in ["-400d", "+1095d"] {
        let mut agent = world.enrolled()?;
        agent.start_with(own("sonde-agent").envs(at(offset)))?;
        is_back(&person, &agent)?;
        ensure!(
            agent.log().contains("the clock of this device is wrong"),
            "{}",
            agent.log()
        );
        let shown = person.sonde(&["device", "show", &agent.id])?;
        let findings = shown["findings"].as_array().cloned().unwrap_or_default();
        let clock = findings
            .iter()
            .find(|finding| finding["check"] == "device.clock");
        ensure!(
            clock.is_some_and(|finding| finding["status"] == "critical"),
            "{offset}: {clock:?}"
        );
        let year = shown["device"]["last_seen"]
            .as_str()
            .unwrap_or_default()
            .get(..4)
            .unwrap_or_default()
            .to_owned();
        let misdated = findings.iter().find(|finding| {
            !finding["since"]
                .as_str()
                .is_some_and(|since| since.starts_with(&year))
        });
        ensure!(
            !year.is_empty() && misdated.is_none(),
            "not of {year}: {misdated:?}"
        );
        println!("{offset}: back");
        agent.stop()?;
    }
    Ok(())
}

#[test]
fn a_device_that_was_away_for_seven_weeks_renews_its_certificate() -> Result<()> {
    if is_missing() {
        return Ok(());
    }
    let mut world = World::sqlite()?;
    let mut person = world.person("ada", "technician")?;
    let mut agent = world.agent()?;
    is_back(&person, &agent)?;
    agent.stop()?;
    world.stop_collector()?;
    world.environment = at("+49d").to_vec();
    person.environment = at("+49d").to_vec();
    world.start_collector()?;
    agent.start()?;
    is_back(&person, &agent)?;
    ensure!(
        agent.log().contains("the certificate was renewed"),
        "{}",
        agent.log()
    );
    // The old key is worth nothing once the new one was seen; the device goes on with the new one.
    agent.stop()?;
    agent.start()?;
    is_back(&person, &agent)?;
    Ok(())
}
