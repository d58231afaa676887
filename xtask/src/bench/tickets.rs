//! Lists, queues and searches over a million tickets, on both engines.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use sonde_tests::program::wait;
use sonde_tests::world::{Engine, Person, World};

use super::fill::{self, Profile};
use super::live::{part, timed};
use super::{Arguments, Row};
use crate::shell;

const TICKETS: u64 = 1_000_000;
const OPEN: u64 = 20_000;
/// `--quick` has this many times fewer.
const QUICKER: u64 = 20;
/// Of each kind.
const RUNS: usize = 60;
const BAR_MS: f64 = 50.0;

/// What is asked, and the arguments of the n-th time.
type Asked<'a> = (&'a str, Box<dyn Fn(usize) -> Vec<String> + 'a>);

pub(super) fn tickets(arguments: &Arguments) -> Result<Vec<Row>> {
    let fewer = if arguments.quick { QUICKER } else { 1 };
    let mut rows = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        match World::new(engine)? {
            Some(world) => rows.extend(on(engine, world, TICKETS / fewer, OPEN / fewer)?),
            None => shell::say("skipped on PostgreSQL: it is not installed"),
        }
    }
    Ok(rows)
}

fn on(engine: Engine, mut world: World, n_tickets: u64, n_open: u64) -> Result<Vec<Row>> {
    ensure!(
        world.stop_collector()?.success(),
        "the collector did not end well"
    );
    let filled = filled(&world, n_tickets, n_open)?;
    shell::say(&format!("{engine:?}: {filled}"));
    world.start_collector()?;
    // What the collector reckons at its start is not what is measured.
    wait("the clocks", || {
        world.log().contains("clocks are reckoned").then_some(())
    })?;
    let everywhere = world.person("tech", "technician")?;
    let small = filled["small_site"].as_str().context("no site")?;
    let elsewhere = world.person_of("small", "technician", &[small])?;
    let mut rows = Vec::new();
    for (who, person, questions) in [
        ("", &everywhere, everything(&filled)),
        (", a small site", &elsewhere, of_a_site(&filled)),
    ] {
        for (what, ask) in questions {
            let (p50, p95) = measure(person, &ask)?;
            rows.push(Row::new(
                &format!("{n_tickets} tickets, {engine:?}: {what}{who}"),
                "p95 under 50 ms",
                format!("p50 {p50:.1} ms, p95 {p95:.1} ms ({RUNS} runs)"),
                Some(p95 < BAR_MS),
            ));
        }
    }
    Ok(rows)
}

fn filled(world: &World, n_tickets: u64, n_open: u64) -> Result<Value> {
    let store = match &world.database {
        Some(cluster) => cluster.url(),
        None => format!("sqlite:{}", world.data().join("sonde.db").display()),
    };
    let told = fill::fill("tickets", Profile::Bench, &store, &[n_tickets, n_open])?;
    if let Some(cluster) = &world.database {
        // What its own background process does within the hour.
        shell::output(shell::program("vacuumdb").args(["--analyze", "--dbname", &cluster.url()]))?;
    }
    let line = told.lines().last().context("it says nothing")?;
    Ok(serde_json::from_str(line)?)
}

fn everything(filled: &Value) -> Vec<Asked<'_>> {
    let one = move |list: &str, n: usize| -> String {
        let all = filled[list].as_array().map_or(&[][..], Vec::as_slice);
        let at = all.get(n % all.len().max(1)).and_then(Value::as_str);
        at.unwrap_or_default().to_owned()
    };
    let search = |words: String| list(&["--search", &words]);
    vec![
        ("list, the newest", Box::new(|_| list(&[]))),
        (
            "list, unresolved, of an assignee",
            Box::new(move |n| {
                list(&[
                    "--state",
                    "unresolved",
                    "--assignee",
                    &one("technicians", n),
                ])
            }),
        ),
        (
            "list, of an assignee",
            Box::new(move |n| list(&["--assignee", &one("technicians", n)])),
        ),
        (
            "list, unresolved",
            Box::new(|_| list(&["--state", "unresolved"])),
        ),
        (
            "list, of a device",
            Box::new(move |n| list(&["--device", &one("devices", n)])),
        ),
        (
            "list, of nobody, urgent",
            Box::new(|_| list(&["--assignee", "nobody", "--priority", "urgent"])),
        ),
        (
            "list, unresolved, of the second tier",
            Box::new(|_| list(&["--state", "unresolved", "--tier", "second"])),
        ),
        ("queue", Box::new(|_| queue(&[]))),
        (
            "queue of the second tier, urgent",
            Box::new(|_| queue(&["--tier", "second", "--priority", "urgent"])),
        ),
        (
            "queue of nobody, where nobody's waits for a part",
            Box::new(|_| queue(&["--assignee", "nobody", "--waiting-for", "part"])),
        ),
        (
            "queue of an assignee",
            Box::new(move |n| queue(&["--assignee", &one("technicians", n)])),
        ),
        (
            "search, a common word",
            Box::new(move |n| search(one("common", n) + " ")),
        ),
        (
            "search, two common words",
            Box::new(move |n| search(format!("{} {} ", one("common", n), one("common", n + 7)))),
        ),
        (
            "search, two words of the middle",
            Box::new(move |n| search(format!("{} {} ", one("middle", n), one("middle", n + 7)))),
        ),
        (
            "search, a rare and a common word",
            Box::new(move |n| search(format!("{} {} ", one("rare", n), one("common", n)))),
        ),
        (
            "search, a rare word",
            Box::new(move |n| search(one("rare", n) + " ")),
        ),
        (
            "search, no match",
            Box::new(move |n| search(format!("{} qqqq{n} ", one("common", n)))),
        ),
        (
            "search, three words of the middle",
            Box::new(move |n| {
                search(format!(
                    "{} {} {} ",
                    one("middle", n),
                    one("middle", n + 4),
                    one("middle", n + 8)
                ))
            }),
        ),
        (
            "search, the beginning of a word",
            Box::new(move |n| search(one("common", n).chars().take(3).collect())),
        ),
        (
            "search, a rare word and a beginning",
            Box::new(move |n| {
                let beginning: String = one("common", n).chars().take(3).collect();
                search(format!("{} {beginning}", one("rare", n)))
            }),
        ),
        (
            "search, a common word, unresolved, of an assignee",
            Box::new(move |n| {
                list(&[
                    "--search",
                    &(one("common", n) + " "),
                    "--state",
                    "unresolved",
                    "--assignee",
                    &one("technicians", n),
                ])
            }),
        ),
    ]
}

fn of_a_site(filled: &Value) -> Vec<Asked<'_>> {
    let all = everything(filled);
    let wanted = [
        "list, the newest",
        "list, unresolved",
        "queue",
        "search, a common word",
        "search, two common words",
    ];
    all.into_iter()
        .filter(|(what, _)| wanted.contains(what))
        .collect()
}

fn list(more: &[&str]) -> Vec<String> {
    words(&["ticket", "list", "--json"], more)
}

fn queue(more: &[&str]) -> Vec<String> {
    words(&["ticket", "queue", "--json"], more)
}

fn words(first: &[&str], more: &[&str]) -> Vec<String> {
    first
        .iter()
        .chain(more)
        .map(|word| (*word).to_owned())
        .collect()
}

/// Whole processes of the `sonde` command: p50 and p95, milliseconds.
fn measure(person: &Person, ask: &dyn Fn(usize) -> Vec<String>) -> Result<(f64, f64)> {
    let mut took = Vec::with_capacity(RUNS);
    for n in 0..RUNS {
        let arguments = ask(n);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (ms, code) = timed(&mut person.command(&arguments))?;
        ensure!(code == Some(0), "{arguments:?} gave {code:?}");
        took.push(ms);
    }
    Ok((part(&mut took, 50), part(&mut took, 95)))
}
