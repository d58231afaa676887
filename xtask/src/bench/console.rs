//! The console in a browser, at a collector that has much.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use sonde_tests::world::World;

use super::fill::{self, Profile};
use super::{Arguments, Row};
use crate::{shell, web};

const TICKETS: u64 = 100_000;
const OPEN: u64 = 5_000;
const DEVICES: u64 = 10_000;
/// `--quick` has this many times fewer.
const QUICKER: u64 = 20;
const FIRST_VIEW_MS: u64 = 1_000;
const TASK_MS: u64 = 50;
const ROWS: u64 = 60;

pub(super) fn pace(arguments: &Arguments) -> Result<Vec<Row>> {
    let fewer = if arguments.quick { QUICKER } else { 1 };
    let [n_tickets, n_open, n_devices] = [TICKETS, OPEN, DEVICES].map(|n| n / fewer);
    let node = web::build()?;
    let mut world = World::sqlite()?;
    ensure!(
        world.stop_collector()?.success(),
        "the collector did not end well"
    );
    let store = format!("sqlite:{}", world.data().join("sonde.db").display());
    fill::fill(
        "tickets",
        Profile::Bench,
        &store,
        &[n_tickets, n_open, n_devices],
    )?;
    world.start_collector()?;
    let told = told(&world, &node)?;
    let of = format!("{n_devices} devices and {n_tickets} tickets");
    let number = |at: &str| -> Result<u64> {
        let found = told.pointer(at).and_then(Value::as_u64);
        found.with_context(|| format!("no {at} in {told}"))
    };
    let slowest = number("/first_view_ms/slowest")?;
    let mut rows = vec![
        Row::new(
            &format!("console, {of}: first view, nothing in the cache"),
            "under 1 s",
            format!(
                "p50 {} ms, slowest of {} {slowest} ms",
                number("/first_view_ms/p50")?,
                number("/first_view_ms/loads")?
            ),
            Some(slowest < FIRST_VIEW_MS),
        )
        .note(told["lighthouse"].to_string()),
    ];
    for list in ["queue", "devices"] {
        let task = number(&format!("/scrolled/{list}/longest_task_ms"))?;
        let most = number(&format!("/scrolled/{list}/most_rows"))?;
        rows.push(Row::new(
            &format!("console, {of}: scrolling the {list}"),
            "no task over 50 ms, at most 60 rows",
            format!("longest task {task} ms (0: none of 50 ms), {most} rows"),
            Some(task <= TASK_MS && most <= ROWS),
        ));
    }
    Ok(rows)
}

/// What the browser measures.
fn told(world: &World, node: &web::Node) -> Result<Value> {
    let mut pace = node.script("pace");
    pace.env("SONDE_ACCOUNT", world.account("ada", "admin")?)
        .env("SONDE_CONSOLE", &world.bound().console);
    match node.lighthouse() {
        Ok(folder) => drop(pace.env("SONDE_LIGHTHOUSE", folder)),
        Err(error) => shell::say(&format!("without Lighthouse: {error:#}")),
    }
    let said = shell::output(&mut pace)?;
    let line = said.lines().last().context("it says nothing")?;
    serde_json::from_str(line).with_context(|| said.clone())
}
