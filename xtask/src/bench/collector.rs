//! The collector under a fleet.

use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use sonde_tests::fleet_sim::program::Fleet;
use sonde_tests::world::World;

use super::fleet::Bare;
use super::process::{cpu_seconds, rss_kib};
use super::stored::{self, folder_bytes};
use super::{Arguments, Row};

/// Where the devices belong.
const SITE: &str = "default";
/// Reports of an hour.
const HOUR: u64 = 240;
const NOISY_DEVICES: usize = 1000;
const NOISY_SERIES: u64 = 50;
const CALM_SERIES: u64 = 150;
/// What one process may have descriptors for here, less its own.
const FULL_FLEET: usize = 19_000;
/// Devices of one simulator.
const SIMULATED: usize = 9_500;
/// An hour is folded five minutes after its end: reports are dated long enough before.
const BACK_S: u64 = 2 * 3600;

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or(f64::NAN)
}

fn rate(counts: &Value) -> f64 {
    number(counts, "devices") / number(counts, "seconds")
}

/// Nothing that was reported is missing.
fn whole(counts: &Value) -> Result<()> {
    ensure!(
        counts["committed"] == counts["reports"]
            && counts["unanswered"] == 0
            && counts["rejected"] == 0,
        "reports are lost: {counts}"
    );
    Ok(())
}

/// Resident size per device, and the reconnect of all.
pub(super) fn memory(arguments: &Arguments) -> Result<Vec<Row>> {
    let n = arguments.devices;
    let per_device = |before: u64, now: u64| (now as f64 - before as f64) / n as f64;

    let bare = Bare::start()?;
    let mut fleet = Fleet::start(&bare.address, &bare.token(), n, &[])?;
    let empty = rss_kib(bare.id());
    let handshakes = rate(&fleet.tell("handshakes")?);
    let bare_connect = rate(&fleet.tell("connect")?);
    fleet.tell("burst 4")?;
    let bare_kib = per_device(empty, rss_kib(bare.id()));
    drop((fleet, bare));

    let mut world = World::sqlite()?;
    let token = world.token_for(n, SITE)?;
    let mut fleet = Fleet::start(&world.bound().agents, &token, n, &[])?;
    let enrolled = rate(&fleet.enrolled);
    world.stop_collector()?;
    world.start_collector()?;
    let pid = world.collector_id().context("no collector")?;
    let empty = rss_kib(pid);
    let connect = rate(&fleet.tell("connect")?);
    let connected = per_device(empty, rss_kib(pid));
    let reports = if arguments.quick { 60 } else { HOUR };
    // A report a second: none waits in a buffer for long, as it would when they came all at once.
    whole(&fleet.tell(&format!("pace 1 {reports}"))?)?;
    let reported = per_device(empty, rss_kib(pid));
    fleet.tell("drop")?;
    let again = fleet.tell("connect")?;
    let reconnect = rate(&again);
    // Links that are cut while reports are on their way.
    let cut = fleet.tell("burst 20 0 7")?;
    whole(&cut)?;
    Ok(vec![
        Row::new(
            "collector, resident per connected device",
            "under 48 KiB",
            format!("{reported:.1} KiB after {reports} reports each, {connected:.1} when connected"),
            Some(reported < 48.0),
        )
        .beside(format!("bare stream {bare_kib:.1} KiB"))
        .note(format!("{n} devices, growth of the whole process over an empty collector ({:.0} MiB), so caches and pools count too", empty as f64 / 1024.0)),
        Row::new(
            "reconnect of the whole fleet",
            "at least half of bare handshakes, no report lost",
            format!("{reconnect:.0}/s; first connect {connect:.0}/s"),
            Some(reconnect >= handshakes / 2.0),
        )
        .beside(format!("bare handshakes {handshakes:.0}/s, bare streams {bare_connect:.0}/s"))
        .note(format!(
            "{n} devices, the simulator on the other core; enrolment {enrolled:.0}/s; then links cut every 7 reports: {} of {} reports committed",
            cut["committed"], cut["reports"]
        )),
    ])
}

/// One stream into the record: samples per core-second, and bytes per sample.
fn stream(noisy: bool, devices: usize) -> Result<(f64, f64, f64, f64)> {
    let mut world = World::sqlite()?;
    let token = world.token_for(devices, SITE)?;
    let mut fleet = Fleet::start(
        &world.bound().agents,
        &token,
        devices,
        if noisy { &["--noisy"] } else { &[] },
    )?;
    fleet.tell("connect")?;
    world.stop_collector()?;
    let before = folder_bytes(&world.data());
    // Its first look for what is due finds nothing: it is started before anything comes.
    world.start_collector()?;
    let pid = world.collector_id().context("no collector")?;
    fleet.tell("drop")?;
    fleet.tell("connect")?;
    let cpu = cpu_seconds(pid)?;
    let began = Instant::now();
    // Dated so that it fills one hour, or the end of one and the beginning of the next.
    let burst = fleet.tell(&format!("burst {HOUR} {BACK_S}"))?;
    whole(&burst)?;
    let wall = began.elapsed().as_secs_f64();
    let committed = cpu_seconds(pid)? - cpu;
    drop(fleet);
    let (cpu, bytes) = stored::folded(&mut world, devices as u64, before)?;
    let folded = committed + cpu;
    let series = if noisy { NOISY_SERIES } else { CALM_SERIES };
    let samples = (devices as u64 * HOUR * series) as f64;
    Ok((
        samples / folded / 1e6,
        samples / committed / 1e6,
        samples / wall / 1e6,
        bytes as f64 / samples,
    ))
}

/// Samples from the wire to folded blocks, and what they take on disk.
pub(super) fn ingest(arguments: &Arguments) -> Result<Vec<Row>> {
    let devices = if arguments.quick { 200 } else { NOISY_DEVICES };
    let (both, committed, wall, bytes) = stream(true, devices)?;
    let (calm_both, calm_committed, _, calm_bytes) = stream(false, devices / 4)?;
    Ok(vec![
        Row::new(
            "samples from TLS bytes to folded block, per core-second",
            "above 3 M",
            format!("{both:.2} M on the noisy stream (50 a report), {calm_both:.2} M on the calm one (150 a report)"),
            Some(both > 3.0),
        )
        .beside("earlier: VictoriaMetrics 1.0–1.2 M".to_owned())
        .note(format!(
            "to the commit alone {committed:.2} M and {calm_committed:.2} M; {wall:.2} M a second of wall time, as fast as the simulator's one core gives them; SQLite in the process, so its CPU is in"
        )),
        Row::new(
            "stored bytes per sample, noisy stream, folded",
            "under 1.7",
            format!("{bytes:.2}"),
            Some(bytes < 1.7),
        )
        .beside("earlier: VictoriaMetrics 2.0, pco alone 1.37".to_owned())
        .note("the data folder after a stop, less what it had with the fleet enrolled and less free pages, which the next hour's raw reports take"),
        Row::new(
            "stored bytes per sample, calm simulated machine, folded",
            "under 0.6 (a real machine's)",
            format!("{calm_bytes:.2}"),
            None,
        )
        .note("simulated: not the bar's real machine"),
    ])
}

/// A fleet that reports every 15 s: as large as one process may have descriptors for.
pub(super) fn pace(arguments: &Arguments) -> Result<Vec<Row>> {
    let (n, seconds) = if arguments.quick {
        (500, 30)
    } else {
        (FULL_FLEET, 60)
    };
    let world = World::sqlite()?;
    let mut fleets = Vec::new();
    let mut left = n;
    while left > 0 {
        let part = left.min(SIMULATED);
        let token = world.token_for(part, SITE)?;
        fleets.push(Fleet::start(&world.bound().agents, &token, part, &[])?);
        left -= part;
    }
    all(&mut fleets, "connect")?;
    all(&mut fleets, "pace 15 15")?;
    let pid = world.collector_id().context("no collector")?;
    let (cpu, began) = (cpu_seconds(pid)?, Instant::now());
    let counts = all(&mut fleets, &format!("pace 15 {seconds}"))?;
    let share = (cpu_seconds(pid)? - cpu) / began.elapsed().as_secs_f64();
    counts.iter().try_for_each(whole)?;
    let slowest = |key: &str| {
        let each = counts.iter().map(|counts| number(counts, key));
        each.fold(0.0, f64::max)
    };
    let is_full = n >= FULL_FLEET;
    Ok(vec![
        Row::new(
            "devices on one collector process at 15 s",
            "19,000 under 0.6 of a core",
            format!("{n} devices: {share:.3} of a core"),
            is_full.then_some(share < 0.6),
        )
        .note(format!(
            "{seconds} s, {} simulators on the same two cores; answers p50 {:.1} ms, p95 {:.1} ms; {:.1} MiB resident",
            fleets.len(),
            slowest("answer_p50_ms"),
            slowest("answer_p95_ms"),
            rss_kib(pid) as f64 / 1024.0
        )),
    ])
}

/// Has all fleets do a command at once; what came of it in each.
fn all(fleets: &mut [Fleet], command: &str) -> Result<Vec<Value>> {
    std::thread::scope(|scope| {
        let started = fleets
            .iter_mut()
            .map(|fleet| scope.spawn(|| fleet.tell(command)))
            .collect::<Vec<_>>();
        started
            .into_iter()
            .map(|one| {
                one.join()
                    .unwrap_or_else(|_| bail!("a fleet's thread broke"))
            })
            .collect()
    })
}
