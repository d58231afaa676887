//! A simulated fleet as a process of its own: commands come in by lines, and each is answered by one line of JSON.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use serde_json::json;
use sonde_agent::dial::Target;
use sonde_agent::trust::Token;
use sonde_tests::fleet_sim::tone::Tone;
use sonde_tests::fleet_sim::values::Kind;
use sonde_tests::fleet_sim::{Faults, Fleet, Place, bare};

/// Devices that exist only here.
///
/// Commands: connect, handshakes, drop, tell, burst N [BACK_S [DROP_AFTER [SLOW_MS]]], pace EVERY_S FOR_S, quit.
#[derive(Parser)]
enum Arguments {
    /// Enrol devices, then take commands.
    Fleet {
        /// ADDRESS:PORT of a collector on this machine.
        #[arg(long)]
        collector: String,
        #[arg(long)]
        token_file: PathBuf,
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=19_000))]
        devices: u32,
        /// The noisy stream of 50 series instead of 150 calm ones.
        #[arg(long)]
        noisy: bool,
        /// Texts that want to do harm where they are shown.
        #[arg(long)]
        hostile: bool,
    },
    /// The other side with nothing behind it; prints its address and a token.
    Bare,
    /// One device: enrols, opens a session, sends one report, waits for its answer, and ends.
    Once {
        #[arg(long)]
        collector: String,
        #[arg(long)]
        token_file: PathBuf,
    },
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    // One thread: of two cores the other one is the collector's.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(run(arguments))
}

async fn run(arguments: Arguments) -> Result<()> {
    match arguments {
        Arguments::Fleet {
            collector,
            token_file,
            devices,
            noisy,
            hostile,
        } => {
            let tone = if hostile { Tone::Hostile } else { Tone::Honest };
            let kind = if noisy { Kind::Noisy } else { Kind::Calm };
            let place = place(&collector, &token_file)?;
            let (fleet, enrolled) = Fleet::enrol(place, devices as usize, kind, tone).await?;
            say(&serde_json::to_string(&enrolled)?)?;
            obey(fleet).await
        }
        Arguments::Bare => {
            bare::serve(|address, token| {
                let line = json!({"address": address, "token": token}).to_string();
                // Whoever started it has gone when nobody reads.
                say(&line).ok();
            })
            .await
        }
        Arguments::Once {
            collector,
            token_file,
        } => {
            let place = place(&collector, &token_file)?;
            let (mut fleet, _) = Fleet::enrol(place, 1, Kind::Calm, Tone::Honest).await?;
            fleet.connect().await?;
            let done = fleet.burst(1, Duration::ZERO, Faults::default()).await?;
            say(&serde_json::to_string(&done)?)
        }
    }
}

fn place(collector: &str, token_file: &std::path::Path) -> Result<Place> {
    let token = std::fs::read_to_string(token_file).context("the token")?;
    Ok(Place {
        target: Target::parse(collector)?,
        token: Token::parse(&token)?,
    })
}

async fn obey(mut fleet: Fleet) -> Result<()> {
    loop {
        // Links want to be served while a command is waited for.
        let line = tokio::task::spawn_blocking(|| std::io::stdin().lines().next()).await?;
        let Some(line) = line.transpose()? else {
            return Ok(());
        };
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |at: usize| -> Result<u64> {
            words
                .get(at)
                .map_or(Ok(0), |word| word.parse().context("not a number"))
        };
        let counts = match words.first().copied().unwrap_or_default() {
            "connect" => fleet.connect().await?,
            "handshakes" => fleet.handshakes().await?,
            "tell" => fleet.tell().await?,
            "drop" => {
                fleet.drop_links();
                Default::default()
            }
            "burst" => {
                let faults = Faults {
                    drop_after: number(3)?,
                    slow: Duration::from_millis(number(4)?),
                };
                let back = Duration::from_secs(number(2)?);
                fleet.burst(number(1)?, back, faults).await?
            }
            "pace" => {
                let (every, whole) = (number(1)?.max(1), number(2)?);
                fleet
                    .pace(Duration::from_secs(every), Duration::from_secs(whole))
                    .await?
            }
            "quit" => return Ok(()),
            other => bail!("no such command: {other}"),
        };
        say(&serde_json::to_string(&counts)?)?;
    }
}

fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
