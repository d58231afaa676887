//! What the writer has done since the start.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::super::Written;
use super::super::reports::Fate;
use super::super::work::JobState;

/// Counted up for whoever watches the collector.
#[derive(Default)]
pub(in super::super) struct Counts {
    pub(super) n_commits: AtomicU64,
    pub(super) n_commands: AtomicU64,
    pub(super) n_failed: AtomicU64,
    pub(in super::super) n_reads: AtomicU64,
    /// Readers that got no connection.
    pub(in super::super) n_unread: AtomicU64,
    kept: Mutex<Tally>,
}

/// What transactions have kept. Inside of one: what it will have, once it is committed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    reports: [u64; Fate::ALL.len()],
    ended_jobs: [u64; JobState::ALL.len()],
}

impl Tally {
    pub(in super::super) fn reports(&mut self, fate: Fate, n_reports: u64) {
        self.reports[fate as usize] += n_reports;
    }

    pub(in super::super) fn job_ended(&mut self, state: JobState) {
        self.ended_jobs[state as usize] += 1;
    }

    /// Numbers of devices' spools, by what became of them.
    pub fn n_reports(&self) -> impl Iterator<Item = (Fate, u64)> {
        Fate::ALL.into_iter().zip(self.reports)
    }

    /// Ends of jobs, by their state; one that was unknown and ends otherwise later has two.
    pub fn n_ended_jobs(&self) -> impl Iterator<Item = (JobState, u64)> {
        let all = JobState::ALL.into_iter().zip(self.ended_jobs);
        all.filter(|(state, _)| state.is_ended())
    }

    fn add(&mut self, other: Self) {
        let own = self.reports.iter_mut().chain(&mut self.ended_jobs);
        let more = other.reports.into_iter().chain(other.ended_jobs);
        own.zip(more).for_each(|(own, more)| *own += more);
    }
}

impl Counts {
    pub(super) fn keep(&self, tally: Tally) {
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .add(tally);
    }

    pub(in super::super) fn read(&self) -> Written {
        Written {
            n_commits: self.n_commits.load(Ordering::Relaxed),
            n_commands: self.n_commands.load(Ordering::Relaxed),
            n_failed: self.n_failed.load(Ordering::Relaxed),
            n_reads: self.n_reads.load(Ordering::Relaxed),
            n_unread: self.n_unread.load(Ordering::Relaxed),
            kept: *self.kept.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }
}
