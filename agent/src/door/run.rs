//! `sonde-agent run`: the agent itself, until it is told to stop.

use std::future::Future;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use tokio::task::LocalSet;

use crate::checks;
use crate::config::{Config, Format};
use crate::driver::{Broken, Driver};
use crate::help;
use crate::host::{Host, StateHome};
use crate::machine;
use crate::plugins::{self, Plugin};
use crate::policy::Policy;
use crate::state::{self, JOURNAL, State};

/// Report to the collector and work for it, until told to stop.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: sonde-agent run --state /var/lib/sonde-agent")]
pub struct Arguments {
    /// Where the agent keeps its state.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// What may ever run on this device (TOML).
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Print the commented default settings and end.
    #[arg(long)]
    print_config: bool,
    /// Print the commented default policy and end.
    #[arg(long)]
    print_policy: bool,
    /// Print a commented plugin's declaration and end.
    #[arg(long)]
    print_plugin: bool,
}

pub async fn run(arguments: &Arguments, config: &Config) -> Result<ExitCode> {
    let printed = [
        (arguments.print_config, crate::config::DEFAULT),
        (arguments.print_policy, crate::policy::DEFAULT),
        (arguments.print_plugin, plugins::declaration::EXAMPLE),
    ];
    if let Some((_, text)) = printed.iter().find(|(is_wanted, _)| *is_wanted) {
        super::print(text);
        return Ok(ExitCode::SUCCESS);
    }
    start_log(config);
    let host = Host::this();
    state::refuse_writable(&std::env::current_exe()?)?;
    declare_plugins(config)?;
    let policy = read_policy(arguments.policy.as_ref(), config)?;
    let folder = super::state_folder(arguments.state.as_deref(), config, &host)?;
    let opened = state::open(&folder, &machine::describe(&host))?;
    // Wherever its state goes on.
    let mut config = config.clone();
    config.help.socket = Some(help::path_of(&config, &folder));
    let agent = Agent {
        host,
        config: &config,
        policy,
        folder,
    };
    LocalSet::new().run_until(agent.run(opened)).await?;
    Ok(ExitCode::SUCCESS)
}

/// What outlives a state folder that fails.
struct Agent<'a> {
    host: Host,
    config: &'a Config,
    policy: Policy,
    folder: PathBuf,
}

impl Agent<'_> {
    /// Until it is told to stop. When the disk under the state folder fails, it goes on without.
    async fn run(&self, mut opened: State) -> Result<()> {
        let mut stop = std::pin::pin!(stopped());
        loop {
            let is_last = opened.fallback.is_some();
            if let Some(home) = &opened.fallback {
                tracing::error!(
                    "{} cannot be written; going on in {}",
                    self.folder.display(),
                    home.display()
                );
                self.host.set_state_home(StateHome::Elsewhere {
                    folder: self.folder.display().to_string(),
                    home: home.display().to_string(),
                });
            } else {
                self.host.set_state_home(StateHome::Kept);
            }
            let broken = match self.once(opened, stop.as_mut()).await {
                Ok(()) => return Ok(()),
                Err(broken) => broken,
            };
            if is_last || broken.was_stopped || !broken.error.is_of_the_disk() {
                return Err(broken.error.into());
            }
            let error = anyhow::Error::from(broken.error);
            tracing::error!("the state folder fails: {error:#}");
            opened = state::go_on(&self.folder, &broken.identity)?;
        }
    }

    async fn once(&self, opened: State, stop: impl Future<Output = ()>) -> Result<(), Broken> {
        let identity = Box::new(opened.identity.clone());
        let home = opened.fallback.clone();
        let home = home.unwrap_or_else(|| self.folder.clone());
        let (host, policy) = (self.host.clone(), self.policy.clone());
        host.set_journal(home.join(JOURNAL));
        match Driver::new(host, self.config, policy, &home, opened) {
            Ok(driver) => driver.run(stop).await,
            Err(error) => Err(Broken {
                error,
                identity,
                was_stopped: false,
            }),
        }
    }
}

/// Makes this device's plugins its checks. What is wrong with one is said, and is its finding.
fn declare_plugins(config: &Config) -> Result<()> {
    let folder = config.plugins_folder();
    if config.plugins.is_some() && !folder.exists() {
        tracing::warn!("{} is not there: no plugin runs", folder.display());
    }
    let declared = plugins::load(folder)?;
    let declared_here = declared.iter().filter_map(|check| check.plugin());
    for complaint in declared_here.flat_map(Plugin::complaints) {
        tracing::error!("{complaint}");
    }
    checks::declare(&declared);
    Ok(())
}

fn read_policy(asked: Option<&PathBuf>, config: &Config) -> Result<Policy> {
    match asked.or(config.policy.as_ref()) {
        Some(path) => policy_in(path, true),
        None => policy_in(Path::new(crate::policy::FILE), false),
    }
}

/// The policy in a file; the default where there is none and nobody has named it.
fn policy_in(path: &Path, is_named: bool) -> Result<Policy> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound && !is_named => {
            return Ok(Policy::default());
        }
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    state::refuse_writable(path)?;
    Policy::from_toml(&text).with_context(|| path.display().to_string())
}

fn start_log(config: &Config) {
    let builder = tracing_subscriber::fmt()
        .with_max_level(config.log.tracing())
        .with_writer(std::io::stderr)
        // It would be told on the standard error, which is what cannot be written: that ends the process.
        .log_internal_errors(false)
        .with_target(false);
    match config.log_format {
        Format::Text => builder
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .init(),
        Format::Json => builder.json().init(),
    }
}

/// Ready when somebody wants the agent to stop.
#[cfg(unix)]
async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let wait = async |kind| match signal(kind) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    };
    tokio::select! {
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::interrupt()) => {}
    }
}

#[cfg(not(unix))]
async fn stopped() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_that_is_named_must_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("policy.toml");
        assert_eq!(policy_in(&path, false).unwrap(), Policy::default());
        assert!(policy_in(&path, true).is_err());
        assert!(policy_in(folder.path(), false).is_err());
        let config = Config {
            policy: Some(path),
            ..Config::default()
        };
        assert!(read_policy(None, &config).is_err());
    }
}
