//! Command line of the agent.

use std::process::ExitCode;

use clap::Parser;
use sonde_agent::door;

/// Sonde's agent: reads, judges and repairs the machine it stands on.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
struct Command {
    #[command(subcommand)]
    door: Door,
}

#[derive(Debug, clap::Subcommand)]
enum Door {
    Check(door::check::Arguments),
    Facts(door::facts::Arguments),
    /// The child that the agent starts for itself
    #[command(hide = true)]
    Worker,
}

fn main() -> anyhow::Result<ExitCode> {
    let command = Command::parse();
    if let Door::Worker = command.door {
        // It gives up its rights while it has one thread.
        return Ok(door::worker::run());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(runtime.block_on(async {
        match &command.door {
            Door::Check(arguments) => door::check::run(arguments).await,
            Door::Facts(arguments) => door::facts::run(arguments).await,
            Door::Worker => door::worker::run(),
        }
    }))
}
