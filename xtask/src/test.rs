//! Formatting, lints, and all tests, summed up in one line.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use sonde_tests::program::BUILD;

use crate::{bench, counted, setup, shell, tidy, web};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Also what takes long: all kill rounds and power cuts, and the whole gauntlet.
    #[arg(long)]
    full: bool,
}

/// Tests between two lines that say how far it is.
const TOLD_EVERY: usize = 25;

/// What was counted.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let skipped = setup::prepare()?;
    let mut tally = Tally::default();
    tally.step("formatting", || {
        shell::output(shell::cargo().args(["fmt", "--all", "--check"])).map(drop)
    });
    tally.step("tidy", tidy::check);
    tally.step("lints", || {
        let mut clippy = shell::cargo();
        clippy.args([
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]);
        shell::output(&mut clippy).map(drop)
    });
    if setup::has_target() && shell::has("x86_64-w64-mingw32-gcc") {
        tally.step("the agent's library compiles for Windows", || {
            let mut check = shell::cargo();
            check.args([
                "check",
                "--quiet",
                "--package",
                "sonde-agent",
                "--lib",
                "--target",
                setup::WINDOWS,
            ]);
            shell::output(&mut check).map(drop)
        });
    }
    // The collector takes in what is built of the console.
    let mut console = None;
    tally.step("building the console", || {
        console = Some(web::build()?);
        Ok(())
    });
    tally.step("building the programs", || {
        shell::output(shell::cargo().args(BUILD)).map(drop)
    });
    if let Some(node) = &console {
        tally.step("the console's types, lints and tests", || web::check(node));
    }
    tally.step("the benches fill their stores", bench::fill_a_few);
    tally.tests(arguments.full, console.as_ref())?;
    for reason in &skipped {
        shell::say(&format!("skipped {reason}"));
    }
    let line = format!("{} passed, {} failed", tally.passed, tally.failed);
    std::io::Write::write_all(&mut std::io::stdout(), format!("{line}\n").as_bytes())?;
    Ok(if tally.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

impl Tally {
    /// One thing that passes or fails as a whole.
    fn step(&mut self, name: &str, run: impl FnOnce() -> Result<()>) {
        let began = Instant::now();
        match run() {
            Ok(()) => {
                self.passed += 1;
                shell::say(&format!("ok      {name} ({} s)", began.elapsed().as_secs()));
            }
            Err(error) => {
                self.failed += 1;
                shell::say(&format!("FAILED  {name}\n{error:#}"));
            }
        }
    }

    /// All tests of the workspace. By cargo's own runner: the store's tests share one database server per process.
    fn tests(&mut self, full: bool, console: Option<&web::Node>) -> Result<()> {
        let mut command = shell::cargo();
        command.args(["test", "--workspace", "--no-fail-fast"]);
        command.args(["--", "--show-output"]);
        // What a failure says is worth more than the way to it.
        command.env("RUST_BACKTRACE", "0");
        command.env("SONDE_PROGRAMS", shell::target().join("debug"));
        command.env("SONDE_TEST_FULL", if full { "1" } else { "0" });
        if let Some(node) = console {
            command.env("SONDE_NODE", node.program());
        }
        let mut n_ended = 0;
        let (status, text) = shell::followed(&mut command, |line| {
            let Some(result) = counted::one_test(line) else {
                return;
            };
            n_ended += 1;
            if result == "FAILED" || n_ended % TOLD_EVERY == 0 {
                shell::say(&format!("{n_ended:>8} tests, the last: {line}"));
            }
        })?;
        let counted = counted::count(&text);
        self.passed += counted.passed;
        self.failed += counted.failed;
        if !status.success() {
            shell::say(&counted.told);
            // Something broke before it could be counted.
            self.failed += usize::from(counted.failed == 0);
        }
        for count in &counted.counts {
            shell::say(&format!("counted {count}"));
        }
        for (reason, tests) in counted.skipped {
            let tests = tests.join("\n        ");
            shell::say(&format!("{reason}\n        {tests}"));
        }
        Ok(())
    }
}
