//! What the agent that runs here knows of itself and of the collector, for its checks.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::Host;

/// Where the agent on this machine keeps its state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum StateHome {
    /// Nobody who knows has said.
    #[default]
    Unknown,
    /// No agent runs.
    NoAgent,
    Kept,
    /// Not where it should be: `folder` cannot be written. What is in `home` is lost at the machine's next start.
    Elsewhere {
        folder: String,
        home: String,
    },
}

/// The collector that this machine's agent reports to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collector {
    /// Name or address, without brackets.
    pub host: String,
    pub port: u16,
    /// Addresses that have led there.
    pub known: Vec<SocketAddr>,
    /// The proxy on the way there, `name:port`.
    pub proxy: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Standing(Mutex<Told>);

/// What the agent knows of itself and of its collector.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Told {
    state: StateHome,
    clock_ahead_us: Option<i64>,
    recorder: Option<PathBuf>,
    journal: Option<PathBuf>,
    /// Rows that are not told, by table.
    untold: BTreeMap<String, usize>,
    collector: Option<Collector>,
}

impl Standing {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host {
    /// All of it, for a worker.
    pub(crate) fn told(&self) -> Told {
        self.shared.standing.told().clone()
    }

    pub(crate) fn set_told(&self, told: Told) {
        *self.shared.standing.told() = told;
    }

    pub fn set_state_home(&self, state: StateHome) {
        self.shared.standing.told().state = state;
    }

    pub(crate) fn state_home(&self) -> StateHome {
        self.shared.standing.told().state.clone()
    }

    /// Where the flight recorder's file is.
    pub fn set_recorder(&self, path: Option<PathBuf>) {
        self.shared.standing.told().recorder = path;
    }

    pub(crate) fn recorder(&self) -> Option<PathBuf> {
        self.shared.standing.told().recorder.clone()
    }

    /// Where the journal of orders is.
    pub fn set_journal(&self, path: PathBuf) {
        self.shared.standing.told().journal = Some(path);
    }

    pub(crate) fn journal(&self) -> Option<PathBuf> {
        self.shared.standing.told().journal.clone()
    }

    /// `n_rows` rows of a table were left out of what the collector was told.
    pub(crate) fn set_untold(&self, table: &str, n_rows: usize) {
        let mut told = self.shared.standing.told();
        match n_rows {
            0 => told.untold.remove(table),
            _ => told.untold.insert(table.to_owned(), n_rows),
        };
    }

    /// Tables of which the collector is not told all, and how many rows it is not told of.
    pub(crate) fn untold(&self) -> BTreeMap<String, usize> {
        self.shared.standing.told().untold.clone()
    }

    pub fn set_collector(&self, collector: Collector) {
        self.shared.standing.told().collector = Some(collector);
    }

    /// Absent: nobody who knows has said, or the machine has none.
    pub(crate) fn collector(&self) -> Option<Collector> {
        self.shared.standing.told().collector.clone()
    }

    /// `offset_us`: what has to be added to this machine's clock for the collector's time.
    pub(crate) fn set_clock_ahead(&self, offset_us: Option<i64>) {
        let ahead_us = offset_us.map(i64::saturating_neg);
        self.shared.standing.told().clock_ahead_us = ahead_us;
    }

    /// By how many microseconds this machine's clock is ahead of the collector's; `None`: that was not told.
    pub(crate) fn clock_ahead_us(&self) -> Option<i64> {
        self.shared.standing.told().clock_ahead_us
    }
}
