//! What the writer has done since the start.

use std::sync::atomic::{AtomicU64, Ordering};

use super::super::Written;

/// Counted up for whoever watches the collector.
#[derive(Default)]
pub(in super::super) struct Counts {
    pub(super) n_commits: AtomicU64,
    pub(super) n_commands: AtomicU64,
    pub(super) n_failed: AtomicU64,
}

impl Counts {
    pub(in super::super) fn read(&self) -> Written {
        Written {
            n_commits: self.n_commits.load(Ordering::Relaxed),
            n_commands: self.n_commands.load(Ordering::Relaxed),
            n_failed: self.n_failed.load(Ordering::Relaxed),
        }
    }
}
