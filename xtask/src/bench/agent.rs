//! The agent at rest on this machine.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use sonde_tests::program::{Running, command, own, pass, programs, wait};
use sonde_tests::world::{Person, World};

use super::live::{part, timed};
use super::process::{cpu_seconds, pss_kib, wire_bytes};
use super::{Arguments, Row};

/// Processes beside it.
const SLEEPERS: usize = 300;
/// After the diagnosis and the query, until it is at rest again.
const SETTLE: Duration = Duration::from_secs(20);
const REPORT_S: f64 = 15.0;
/// Lines of the query before it is at rest.
const LOG_LINES: usize = 1_000;
/// Series on an ordinary machine, at least.
const SERIES: usize = 150;

pub(super) fn size(_: &Arguments) -> Result<Vec<Row>> {
    let bytes = std::fs::metadata(programs().join("sonde-agent"))?.len();
    let mib = bytes as f64 / f64::from(1 << 20);
    Ok(vec![Row::new(
        "agent binary, stripped",
        "under 8 MiB",
        format!("{mib:.2} MiB"),
        Some(mib < 8.0),
    )])
}

pub(super) fn diagnosis(_: &Arguments) -> Result<Vec<Row>> {
    let mut took = Vec::new();
    for _ in 0..5 {
        let (ms, code) = timed(own("sonde-agent").args(["check", "--json"]))?;
        ensure!(code.is_some_and(|code| code <= 3), "it gave {code:?}");
        took.push(ms);
    }
    let (p50, most) = (part(&mut took, 50), part(&mut took, 100));
    Ok(vec![Row::new(
        "local full diagnosis, `sonde-agent check`",
        "under 2 s",
        format!("{p50:.0} ms, slowest of 5 {most:.0} ms"),
        Some(most < 2000.0),
    )])
}

pub(super) fn alone(arguments: &Arguments) -> Result<Vec<Row>> {
    let window = Duration::from_secs(if arguments.quick { 60 } else { 180 });
    let mut world = World::sqlite()?;
    let person = world.person("tech", "technician")?;
    let _sleepers = (0..SLEEPERS)
        .map(|_| Running::start(command("sleep").arg("3600")))
        .collect::<Result<Vec<_>>>()?;
    let agent = world.agent()?;
    person.wait_for(&agent, true)?;
    let pid = agent.process_id().context("it does not run")?;
    let opened = person.sonde(&["ticket", "open", "slow", "--device", &agent.id])?;
    let ticket = opened["number"].as_i64().context("no number")?.to_string();
    let at = ["--device", &agent.id, "--ticket", &ticket];
    person.try_sonde(&[&["check", "run", "all"][..], &at].concat())?;
    let lines = query_logs(&person, &agent.id, &ticket)?;
    let n_series = wait("the metrics", || {
        let shown = person.sonde(&["device", "metrics", &agent.id]).ok()?;
        let series = shown["items"].as_array()?.len();
        (series > 0).then_some(series)
    })?;
    pass(SETTLE);
    let (cpu, wire) = (cpu_seconds(pid)?, wire_bytes(&world.bound().agents)?);
    let began = Instant::now();
    let mut shares = Vec::new();
    while began.elapsed() < window {
        shares.push(pss_kib(pid) as f64 / 1024.0);
        pass(Duration::from_millis(500));
    }
    let seconds = began.elapsed().as_secs_f64();
    let cpu = (cpu_seconds(pid)? - cpu) * 180.0 / seconds;
    let wire = (wire_bytes(&world.bound().agents)? - wire) as f64;
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    let (least, most) = (part(&mut shares, 0), part(&mut shares, 100));
    let values = n_series as f64 * seconds / REPORT_S;
    let said = format!(
        "{seconds:.0} s window, {SLEEPERS} sleepers, after a full diagnosis and a log query ({lines})"
    );
    let beside = "not in this run; earlier: collectd";
    Ok(vec![
        Row::new(
            "agent alone, PSS with children, mean",
            "under 6 MiB",
            format!("{mean:.2} MiB ({least:.1}–{most:.1})"),
            Some(mean < 6.0),
        )
        .beside(format!("{beside} 1.9 MiB, node_exporter 18.5"))
        .note(said),
        Row::new(
            "agent alone, CPU seconds per 180 s with children",
            "under 0.12 s",
            format!("{cpu:.2} s"),
            Some(cpu < 0.12),
        )
        .beside(format!("{beside} 0.13 s, node_exporter 0.11"))
        .note("counts in steps of 0.01 s; includes all that fell into the window"),
        Row::new(
            "series at 15 s",
            "at least 150",
            n_series.to_string(),
            Some(n_series >= SERIES),
        ),
        Row::new(
            "on the wire, idle device, all headers",
            "under 40 bytes/s",
            format!("{:.1} bytes/s", wire / seconds),
            Some(wire / seconds < 40.0),
        )
        .beside("earlier: collectd 338, netdata 967".to_owned())
        .note("both directions; socket counters and 52 bytes a packet"),
        Row::new(
            "on the wire, per value",
            "under 4 bytes",
            format!("{:.2} bytes", wire / values),
            Some(wire / values < 4.0),
        )
        .beside("earlier: netdata 10.8, node_exporter 20".to_owned()),
    ])
}

/// A query of 1,000 log lines; what came of it. Where there is no journal to read, the row says so.
fn query_logs(person: &Person, device: &str, ticket: &str) -> Result<String> {
    let asked = person.try_sonde(&[
        "log",
        "--lines",
        &LOG_LINES.to_string(),
        "--device",
        device,
        "--ticket",
        ticket,
    ])?;
    let state = asked.value["state"].as_str().unwrap_or_default();
    if state != "succeeded" {
        let reason = asked.value["reason"].as_str().or(asked.problem.as_deref());
        return Ok(format!("no log was read: {}", reason.unwrap_or(state)));
    }
    let n_lines = asked.value["table"]["rows"].as_array().map_or(0, Vec::len);
    ensure!(
        n_lines == LOG_LINES,
        "{n_lines} log lines, where {LOG_LINES} were asked for"
    );
    Ok(format!("{n_lines} log lines were read"))
}
