//! `cargo xtask bench`: every bar of the design, measured on release programs, each beside its comparison.

mod agent;
mod collector;
mod console;
mod fill;
mod fleet;
mod live;
mod process;
mod questions;
mod rare;
mod stored;
mod tickets;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use serde::Serialize;
use serde_json::json;

pub(crate) use fill::fill_a_few;

use crate::{shell, web};

/// Where the measured programs lie, for this task and what it starts.
const PROGRAMS: &str = "SONDE_PROGRAMS";
/// What takes hours, and is measured only when it is named.
const HOURS: &str = "real";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// What to measure; if nothing is named, all but the last: size, agent, diagnosis, rare, live, questions, tickets,
    /// console, memory, ingest, pace, and real, which takes up to two hours.
    names: Vec<String>,
    /// Shorter windows and fewer devices, for working on it; the table says so.
    #[arg(long)]
    quick: bool,
    /// Simulated devices of all but the pace, which takes as many as one process may have descriptors for.
    #[arg(long, default_value_t = 2000)]
    devices: usize,
    /// The programs are built already.
    #[arg(long)]
    built: bool,
}

/// One line of the table.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    what: String,
    bar: String,
    measured: String,
    /// What was measured beside it, in the same run.
    beside: String,
    /// `None`: there is no bar, or it was not measured.
    met: Option<bool>,
    note: String,
}

impl Row {
    fn new(what: &str, bar: &str, measured: String, met: Option<bool>) -> Self {
        Self {
            what: what.to_owned(),
            bar: bar.to_owned(),
            measured,
            beside: String::new(),
            met,
            note: String::new(),
        }
    }

    fn beside(mut self, beside: String) -> Self {
        self.beside = beside;
        self
    }

    fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    if std::env::var_os(PROGRAMS).is_none() {
        return again_with_programs(arguments);
    }
    type Stage = fn(&Arguments) -> Result<Vec<Row>>;
    let stages: [(&str, Stage); 12] = [
        ("size", agent::size),
        ("agent", agent::alone),
        ("diagnosis", agent::diagnosis),
        ("rare", rare::rare),
        ("live", live::check),
        ("questions", questions::ask),
        ("tickets", tickets::tickets),
        ("console", console::pace),
        ("memory", collector::memory),
        ("ingest", collector::ingest),
        ("pace", collector::pace),
        (HOURS, stored::real),
    ];
    let mut all = Vec::new();
    for (name, stage) in stages {
        let is_wanted = match arguments.names.is_empty() {
            true => name != HOURS,
            false => arguments.names.iter().any(|wanted| wanted == name),
        };
        if !is_wanted {
            continue;
        }
        shell::say(&format!("measuring: {name}"));
        match stage(arguments) {
            Ok(measured) => {
                for row in &measured {
                    shell::say(&line(row));
                }
                all.extend(measured);
            }
            Err(error) => {
                shell::say(&format!("{name} failed: {error:#}"));
                all.push(
                    Row::new(name, "", "not measured".into(), None).note(format!("{error:#}")),
                );
            }
        }
    }
    write(&all, arguments)?;
    Ok(ExitCode::SUCCESS)
}

/// Builds what is measured, gathers it in one folder, and starts this task anew with that.
fn again_with_programs(arguments: &Arguments) -> Result<ExitCode> {
    if !arguments.built {
        shell::say("building with full optimisation; this takes many minutes");
        web::build_if_possible();
        shell::run(shell::cargo().args([
            "build",
            "--release",
            "--package",
            "sonde-collector",
            "--bins",
        ]))?;
        shell::run(shell::cargo().args([
            "build",
            "--profile",
            "agent",
            "--package",
            "sonde-agent",
        ]))?;
        shell::run(shell::cargo().args([
            "build",
            "--profile",
            "agent",
            "--package",
            "sonde-tests",
            "--bins",
        ]))?;
    }
    let target = target();
    let folder = target.join("bench-programs");
    fs::create_dir_all(&folder)?;
    for (profile, name) in [
        ("release", "sonde-collector"),
        ("release", "sonde"),
        ("agent", "sonde-agent"),
        ("agent", "sonde-fleet-sim"),
    ] {
        let from = target.join(profile).join(name);
        let to = folder.join(name);
        // One that still runs cannot be written to.
        fs::remove_file(&to).ok();
        fs::copy(&from, &to).with_context(|| from.display().to_string())?;
    }
    let mut again = shell::program(std::env::current_exe()?);
    let status = again
        .args(std::env::args_os().skip(1))
        .env(PROGRAMS, &folder)
        .status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| shell::root().join("target"), PathBuf::from)
}

fn line(row: &Row) -> String {
    let met = match row.met {
        Some(true) => "met",
        Some(false) => "MISSED",
        None => "-",
    };
    let columns = [
        &row.what,
        &row.bar,
        &row.measured,
        &row.beside,
        met,
        &row.note,
    ];
    format!("| {} |", columns.join(" | "))
}

fn write(rows: &[Row], arguments: &Arguments) -> Result<()> {
    let ask = |program: &str, arguments: &[&str]| {
        shell::output(shell::program(program).args(arguments))
            .map(|text| text.trim().to_owned())
            .unwrap_or_default()
    };
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("", |name| name.trim_start_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let machine = format!("{cores} × {processor}, {}", ask("uname", &["-sr"]));
    let commit = ask("git", &["rev-parse", "--short", "HEAD"]);
    let date = ask("date", &["-u", "+%Y-%m-%d %H:%M"]);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let head = format!(
        "{date} UTC, commit {commit}, {machine}, load {}, {} devices{}",
        load.split_whitespace().next().unwrap_or_default(),
        arguments.devices,
        if arguments.quick { ", quick" } else { "" }
    );
    let mut table = format!(
        "{head}\n\n| what | bar | measured | beside it | met | notes |\n|---|---|---|---|---|---|\n"
    );
    for row in rows {
        table.push_str(&line(row));
        table.push('\n');
    }
    let at = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let all = json!({
        "at": at, "commit": commit, "machine": machine, "quick": arguments.quick,
        "devices": arguments.devices, "rows": rows,
    });
    fs::write(
        target().join("bench.json"),
        serde_json::to_string_pretty(&all)?,
    )?;
    use std::io::Write as _;
    writeln!(std::io::stdout(), "{table}")?;
    Ok(())
}
