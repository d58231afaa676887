//! What the record takes on disk.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use sonde_tests::program::{pass, wait};
use sonde_tests::world::World;

use super::process::cpu_seconds;
use super::{Arguments, Row};

/// Folding takes no longer.
const FOLDED_WITHIN: Duration = Duration::from_secs(300);
/// Agents of this machine, each a device of its own.
const REAL_DEVICES: usize = 4;
const HOUR_S: u64 = 3600;
/// Between two samples of a series.
const TICK_S: u64 = 15;
/// An hour is folded so long after its end.
const FOLD_AFTER_S: u64 = 330;

/// Bytes in a folder, everything in it.
pub(super) fn folder_bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.metadata().ok())
        .map(|entry| entry.len())
        .sum()
}

/// Bytes of pages that an SQLite file holds and does not use; from its header (SQLite, "Database File Format", 1.3).
fn unused_bytes(file: &Path) -> Result<u64> {
    use std::io::Read as _;
    let mut header = [0_u8; 40];
    fs::File::open(file)?.read_exact(&mut header)?;
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let n_free = u32::from_be_bytes([header[36], header[37], header[38], header[39]]);
    Ok(u64::from(n_free) * page)
}

/// Has the collector fold `hours` hours of devices, and stops it. CPU seconds of that, and by how many bytes the data
/// folder is larger than `before`.
pub(super) fn folded(world: &mut World, hours: u64, before: u64) -> Result<(f64, u64)> {
    // What is due is folded at a start: no need to wait for the next round.
    world.stop_collector()?;
    world.start_collector()?;
    let pid = world.collector_id().context("no collector")?;
    said_folded(world, hours)?;
    wait("the end of folding", || {
        let now = cpu_seconds(pid).ok()?;
        pass(Duration::from_secs(1));
        (cpu_seconds(pid).ok()? - now < 0.05).then_some(())
    })?;
    // All that the process has used, its start too.
    let cpu = cpu_seconds(pid)?;
    // What a stop writes back is no longer in the log.
    world.stop_collector()?;
    // Raw rows leave pages behind that the next hour's take: with one hour they would count as much as the samples.
    let unused = unused_bytes(&world.data().join("sonde.db"))?;
    let bytes = (folder_bytes(&world.data()) - unused).saturating_sub(before);
    Ok((cpu, bytes))
}

/// Waits until the log says that `hours` hours are folded.
fn said_folded(world: &World, hours: u64) -> Result<()> {
    let until = Instant::now() + FOLDED_WITHIN;
    loop {
        let log = world.log();
        let of = |line: &str| -> Option<u64> {
            let rest = line.split_once("metrics are folded")?.1;
            let digits = rest.split_once("hours=")?.1;
            digits
                .chars()
                .take_while(char::is_ascii_digit)
                .collect::<String>()
                .parse()
                .ok()
        };
        let plain: String = log
            .replace("\u{1b}[3m", "")
            .replace("\u{1b}[0m", "")
            .replace("\u{1b}[2m", "");
        let done: u64 = plain.lines().filter_map(of).sum();
        if done >= hours {
            return Ok(());
        }
        ensure!(Instant::now() < until, "only {done} hours are folded");
        pass(Duration::from_millis(200));
    }
}

fn now_s() -> Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())
}

/// This machine's own metrics, until the end of the next whole hour and its fold: up to two hours and six minutes.
pub(super) fn real(_: &Arguments) -> Result<Vec<Row>> {
    let mut world = World::sqlite()?;
    let person = world.person("tech", "technician")?;
    let mut agents = (0..REAL_DEVICES)
        .map(|_| world.enrolled())
        .collect::<Result<Vec<_>>>()?;
    for agent in &mut agents {
        agent.start()?;
        person.wait_for(agent, true)?;
    }
    // What a machine tells once is not of its metrics.
    for agent in &agents {
        wait("the facts", || {
            let facts = person
                .sonde(&["device", "facts", &agent.id, "packages"])
                .ok()?;
            (!facts["rows"].as_array()?.is_empty()).then_some(())
        })?;
    }
    world.stop_collector()?;
    let before = folder_bytes(&world.data());
    world.start_collector()?;
    let began = now_s()?;
    let end = (began / HOUR_S + 2) * HOUR_S;
    while now_s()? + 10 < end {
        pass(Duration::from_secs(1));
    }
    let mut samples = 0;
    for agent in &agents {
        let listed = person.sonde(&["device", "metrics", &agent.id])?;
        let n_series = listed["items"].as_array().context("no series")?.len() as u64;
        samples += n_series * (end - began) / TICK_S;
    }
    for agent in &mut agents {
        agent.stop()?;
    }
    while now_s()? < end + FOLD_AFTER_S {
        pass(Duration::from_secs(1));
    }
    // It began in one hour and ended with the next.
    let (_, bytes) = folded(&mut world, 2 * REAL_DEVICES as u64, before)?;
    let each = bytes as f64 / samples as f64;
    Ok(vec![
        Row::new(
            "stored bytes per sample, a real machine's metrics, folded",
            "under 0.6",
            format!("{each:.2}"),
            Some(each < 0.6),
        )
        .note(format!(
            "{REAL_DEVICES} agents on this machine for {} minutes, {samples} samples; with all that the devices reported beside their metrics: facts, findings, events",
            (end - began) / 60
        )),
    ])
}
