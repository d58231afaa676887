//! What is asked of the facts of a whole fleet.

use anyhow::{Context as _, Result, ensure};
use sonde_tests::world::World;

use super::fill::{self, Profile};
use super::live::{part, timed};
use super::{Arguments, Row};

const DEVICES: u64 = 10_000;
const RUNS: usize = 20;

pub(super) fn ask(_: &Arguments) -> Result<Vec<Row>> {
    let mut world = World::sqlite()?;
    let person = world.person("tech", "technician")?;
    ensure!(
        world.stop_collector()?.success(),
        "the collector did not end well"
    );
    let store = format!("sqlite:{}", world.data().join("sonde.db").display());
    fill::fill("fill", Profile::Dev, &store, &[DEVICES])?;
    world.start_collector()?;
    let found = person.sonde(&[
        "query",
        "dns_servers where address = '10.255.0.9'",
        "--rows",
        "1",
    ])?;
    let device = found["items"][0]["device"]
        .as_str()
        .context("no device has it")?;
    let cohort = ["device", "cohort", device, "--for", "net.dns"];
    let common = &person.sonde(&cohort)?["common"][0];
    ensure!(
        common["value"] == "10.255.0.9",
        "what they have in common is not found: {common}"
    );
    let query = [
        "query",
        "dns_servers where address contains '.7.7.'",
        "--rows",
        "1000",
    ];
    let time = |arguments: &[&str]| -> Result<(f64, f64)> {
        let mut took = Vec::with_capacity(RUNS);
        for _ in 0..RUNS {
            let (ms, code) = timed(&mut person.command(arguments))?;
            ensure!(code == Some(0), "{arguments:?} gave {code:?}");
            took.push(ms);
        }
        Ok((part(&mut took, 50), part(&mut took, 95)))
    };
    let (p50, p95) = time(&cohort)?;
    let row = Row::new(
        &format!("is it only this machine, {DEVICES} devices, whole process"),
        "under 1 s",
        format!("p50 {p50:.0} ms, p95 {p95:.0} ms ({RUNS} runs)"),
        Some(p95 < 1_000.0),
    );
    let (p50, p95) = time(&query)?;
    let asked = Row::new(
        &format!("a question to the stored facts of {DEVICES} devices, whole process"),
        "",
        format!("p50 {p50:.0} ms, p95 {p95:.0} ms ({RUNS} runs)"),
        None,
    );
    Ok(vec![row, asked])
}
