//! Worker children that cannot be ended.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Children that hang; those beyond keep their places.
const MOST_STUCK: usize = 16;

/// Jobs whose children were killed and are still there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stuck(Arc<Mutex<HashSet<String>>>);

impl Stuck {
    fn jobs(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn has(&self, job: &str) -> bool {
        self.jobs().contains(job)
    }

    /// False: it was there, or there are too many.
    pub(crate) fn add(&self, job: &str) -> bool {
        let mut jobs = self.jobs();
        jobs.len() < MOST_STUCK && jobs.insert(job.to_owned())
    }

    pub(crate) fn remove(&self, job: &str) {
        self.jobs().remove(job);
    }
}
