//! A live check, from the command line to the device and back.

use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use sonde_tests::program::{command, own};
use sonde_tests::world::{Person, World};

use super::fleet::Bare;
use super::{Arguments, Row};

/// Orders of one account and minute are limited to 30: so many accounts share the runs.
const ACCOUNTS: usize = 8;
const RUNS_EACH: usize = 28;

pub(super) fn check(_: &Arguments) -> Result<Vec<Row>> {
    let mut world = World::sqlite()?;
    let people = (0..ACCOUNTS)
        .map(|n| world.person(&format!("tech{n}"), "technician"))
        .collect::<Result<Vec<Person>>>()?;
    let agent = world.agent()?;
    people[0].wait_for(&agent, true)?;
    let opened = people[0].sonde(&["ticket", "open", "it is full", "--device", &agent.id])?;
    let ticket = opened["number"].as_i64().context("no number")?.to_string();
    let bare = Bare::start()?;
    let (mut checks, mut forks, mut calls) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS_EACH {
        for person in &people {
            let mut sonde = person.command(&[
                "check",
                "run",
                "disk.space",
                "--device",
                &agent.id,
                "--ticket",
                &ticket,
                "--json",
            ]);
            let (took, code) = timed(&mut sonde)?;
            ensure!(code.is_some_and(|code| code < 3), "the check gave {code:?}");
            checks.push(took);
            forks.push(timed(&mut command("true"))?.0);
            let mut once = own("sonde-fleet-sim");
            once.args(["once", "--collector", &bare.address, "--token-file"])
                .arg(bare.token());
            calls.push(timed(&mut once)?.0);
        }
    }
    let (p50, p95) = (part(&mut checks, 50), part(&mut checks, 95));
    let beside = format!(
        "fork+exec true {:.2}/{:.2}; bare server, new process, key, two TLS handshakes, two calls {:.1}/{:.1}",
        part(&mut forks, 50),
        part(&mut forks, 95),
        part(&mut calls, 50),
        part(&mut calls, 95)
    );
    let row = Row::new(
        "live check disk.space, whole process",
        "p50 under 10 ms, p95 under 20 ms",
        format!("p50 {p50:.1} ms, p95 {p95:.1} ms ({} runs)", checks.len()),
        Some(p50 < 10.0 && p95 < 20.0),
    );
    Ok(vec![row.beside(beside)])
}

/// Milliseconds from start to end, and the exit code.
pub(super) fn timed(command: &mut std::process::Command) -> Result<(f64, Option<i32>)> {
    let began = Instant::now();
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    Ok((began.elapsed().as_secs_f64() * 1000.0, status.code()))
}

/// The value that `percent` of all lie below.
pub(super) fn part(all: &mut [f64], percent: usize) -> f64 {
    all.sort_by(f64::total_cmp);
    let at = (all.len() * percent / 100).min(all.len().saturating_sub(1));
    all.get(at).copied().unwrap_or(f64::NAN)
}
