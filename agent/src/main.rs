//! Command line of the agent.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use sonde_agent::config::Config;
#[cfg(unix)]
use sonde_agent::config::ConfigError;
use sonde_agent::door;

/// Sonde's agent: reads, judges and repairs the machine it stands on.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
struct Command {
    /// Settings (TOML); `run --print-config` prints the commented default
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    door: Door,
}

#[derive(Debug, clap::Subcommand)]
enum Door {
    Enroll(door::enroll::Arguments),
    Run(door::run::Arguments),
    Check(door::check::Arguments),
    Facts(door::facts::Arguments),
    #[cfg(unix)]
    Status(door::status::Arguments),
    #[cfg(unix)]
    HelpMe(door::help_me::Arguments),
    #[cfg(unix)]
    History(door::history::Arguments),
    /// The child that the agent starts for itself
    #[command(hide = true)]
    Worker,
}

/// Settings that the user of a machine may not read are as if there were none, unless they are named.
#[cfg(unix)]
fn own_or_default(
    config: Result<Config, ConfigError>,
    named: &Option<PathBuf>,
) -> Result<Config, ConfigError> {
    match config {
        Err(ConfigError::Read { source, .. })
            if named.is_none() && source.kind() == std::io::ErrorKind::PermissionDenied =>
        {
            Ok(Config::default())
        }
        config => config,
    }
}

fn main() -> anyhow::Result<ExitCode> {
    let command = Command::parse();
    if let Door::Worker = command.door {
        // It gives up its rights while it has one thread.
        return Ok(door::worker::run());
    }
    let config = Config::load(command.config.as_deref());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match &command.door {
            Door::Enroll(arguments) => door::enroll::run(arguments, &config?).await,
            Door::Run(arguments) => door::run::run(arguments, &config?).await,
            // A plugin that cannot run is unknown. Otherwise both read the machine, whatever the agent is told.
            Door::Check(_) if command.config.is_some() && config.is_err() => {
                door::complain_of(&config);
                Ok(ExitCode::from(3))
            }
            Door::Check(arguments) => Ok(door::check::run(arguments, config.as_ref().ok()).await),
            Door::Facts(arguments) => Ok(door::facts::run(arguments, config.as_ref().ok()).await),
            #[cfg(unix)]
            Door::Status(arguments) => door::status::run(arguments, &config?).await,
            #[cfg(unix)]
            Door::HelpMe(arguments) => {
                let settings = own_or_default(config, &command.config)?;
                door::help_me::run(arguments, &settings, command.config.as_deref()).await
            }
            #[cfg(unix)]
            Door::History(arguments) => {
                door::history::run(arguments, &own_or_default(config, &command.config)?)
            }
            Door::Worker => Ok(door::worker::run()),
        }
    })
}
