//! `cargo xtask`: demo, test, bench, gauntlet.

mod bench;
mod counted;
mod demo;
mod gauntlet;
mod setup;
mod shell;
mod test;
mod tidy;
mod web;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What there is to do with this workspace.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measure every bar of the design on release programs, each beside its comparison; writes target/bench.json.
    Bench(bench::Arguments),
    /// Build everything and show it at work on this machine: a collector, an agent, a ticket.
    Demo(demo::Arguments),
    /// Make faults for real and see whether they are found, explained and cured; writes target/gauntlet.json.
    Gauntlet(gauntlet::Arguments),
    /// Build the browser console into collector/web/dist, which the collector's next build takes in.
    Web,
    /// Formatting, lints and all tests; installs what they need when run as root on Debian.
    Test(test::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Demo(arguments) => demo::run(&arguments),
        Task::Gauntlet(arguments) => gauntlet::run(&arguments),
        Task::Web => web::build().map(|_| ExitCode::SUCCESS),
        Task::Test(arguments) => test::run(&arguments),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            shell::say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
