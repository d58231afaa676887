//! Which agreement and which calendar hold at which moment.

use std::sync::Arc;

use super::{Agreement, Calendar, Priority};

/// What holds for a ticket at one moment.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The agreement's name.
    pub name: String,
    pub agreement: Arc<Agreement>,
    pub calendar: Arc<Calendar>,
}

/// All agreements as they were from one moment on.
#[derive(Debug, Clone, Default)]
pub struct Edition {
    /// Microseconds since 1970 UTC.
    pub since: i64,
    /// By name, in order.
    pub agreements: Vec<Terms>,
}

/// All editions there ever were, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct Book {
    editions: Vec<Edition>,
}

impl Book {
    pub fn new(mut editions: Vec<Edition>) -> Self {
        editions.sort_by_key(|edition| edition.since);
        for edition in &mut editions {
            edition.agreements.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Self { editions }
    }

    /// What holds at a moment for a ticket of a site: the first agreement by name that names the site, else the first that
    /// names none.
    pub fn terms(&self, at: i64, site: &str) -> Option<&Terms> {
        let n_begun = self.editions.partition_point(|edition| edition.since <= at);
        let edition = self.editions.get(n_begun.checked_sub(1)?)?;
        let names = |terms: &&Terms| terms.agreement.sites.iter().any(|one| one == site);
        let all = || edition.agreements.iter();
        all()
            .find(names)
            .or_else(|| all().find(|terms| terms.agreement.sites.is_empty()))
    }

    /// When it changed after one moment and before another.
    pub fn changes(&self, after: i64, before: i64) -> impl Iterator<Item = i64> {
        let from = self
            .editions
            .partition_point(|edition| edition.since <= after);
        let changes = self.editions[from..].iter().map(|edition| edition.since);
        changes.take_while(move |since| *since < before)
    }

    /// When it last changed.
    pub fn last_change(&self) -> Option<i64> {
        self.editions.last().map(|edition| edition.since)
    }
}

impl Terms {
    /// What is promised for a priority, microseconds of working time.
    pub fn target(&self, priority: Priority, measure: super::Measure) -> Option<i64> {
        self.agreement.priorities.get(&priority)?.of(measure)
    }
}
