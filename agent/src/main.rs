//! Command line of the agent.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use sonde_agent::config::Config;
use sonde_agent::door;

/// Sonde's agent: reads, judges and repairs the machine it stands on.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
struct Command {
    /// Settings (TOML); `run --print-config` prints the commented default.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    door: Door,
}

#[derive(Debug, clap::Subcommand)]
enum Door {
    Enroll(door::enroll::Arguments),
    Run(door::run::Arguments),
}

fn main() -> anyhow::Result<ExitCode> {
    let command = Command::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let config = Config::load(command.config.as_deref())?;
    runtime.block_on(async {
        match &command.door {
            Door::Enroll(arguments) => door::enroll::run(arguments, &config).await,
            Door::Run(arguments) => door::run::run(arguments, &config).await,
        }
    })
}
