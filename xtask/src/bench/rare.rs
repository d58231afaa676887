//! What the agent does so rarely that a window of three minutes does not see it.

use std::time::Duration;

use anyhow::{Result, ensure};
use sonde_agent::checks;
use sonde_agent::facts;
use sonde_tests::program::own;

use super::live::timed;
use super::process::cpu_seconds;
use super::{Arguments, Row};

/// What comes round as often is in the agent's own row.
const OFTEN: Duration = Duration::from_secs(900);
const RUNS: u32 = 20;
const DAY_S: f64 = 86_400.0;

/// What a reading gives that this machine has nothing to say to.
const NOT_HERE: i32 = 3;

/// CPU seconds of one run of the agent's program, its children with it; `None`: this machine does not have what it reads.
fn cost(arguments: &[&str]) -> Result<Option<f64>> {
    let before = cpu_seconds(std::process::id())?;
    for _ in 0..RUNS {
        let (_, code) = timed(own("sonde-agent").args(arguments))?;
        if code == Some(NOT_HERE) {
            return Ok(None);
        }
        // A check's code is its worst status (1 a warning, 2 critical).
        let is_fine = matches!((arguments[0], code), (_, Some(0)) | ("check", Some(1 | 2)));
        ensure!(is_fine, "{arguments:?} gave {code:?}");
    }
    let spent = cpu_seconds(std::process::id())? - before;
    Ok(Some(spent / f64::from(RUNS)))
}

pub(super) fn rare(_: &Arguments) -> Result<Vec<Row>> {
    let is_rare = |every: Duration| every > OFTEN;
    let tables = facts::ALL
        .iter()
        .map(|table| (table.name, table.every, "facts"));
    let checks = checks::ALL
        .iter()
        .map(|check| (check.id, check.every, "check"));
    let start = cost(&["--version"])?.unwrap_or_default();
    let mut listed = Vec::new();
    let mut sum = 0.0;
    for (name, every, kind) in tables.chain(checks).filter(|(_, every, _)| is_rare(*every)) {
        let Some(once) = cost(&[kind, name, "--json"])? else {
            listed.push(format!("{name}: not on this machine"));
            continue;
        };
        let once = (once - start).max(0.0);
        let a_day = DAY_S / every.as_secs_f64();
        sum += once * a_day;
        listed.push(line(name, every, once, a_day));
    }
    Ok(vec![
        Row::new(
            "what the agent runs less often than every 15 minutes",
            "listed with its cost per day",
            listed.join("; "),
            None,
        )
        .note(format!(
            "{sum:.2} CPU seconds a day in all, the start of the program ({:.1} ms) not counted; beside it one new session a day and one renewed certificate in 20 days",
            start * 1e3
        )),
    ])
}

fn line(name: &str, every: Duration, once: f64, a_day: f64) -> String {
    format!(
        "{name} every {} s: {:.1} ms, {:.2} s a day",
        every.as_secs(),
        once * 1e3,
        once * a_day
    )
}
