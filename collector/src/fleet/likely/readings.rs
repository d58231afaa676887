//! When a table was read before: a change came after that, and before it was told. Pure.

use std::collections::{BTreeSet, HashMap};

use crate::store::TimeUs;
use crate::store::facts::Change;

/// When the tables of one device were read, as far as it is known.
pub struct Readings<'c> {
    /// By table: how often it is read.
    every_us: HashMap<&'c str, TimeUs>,
    /// By table: when a reading told something new.
    told: HashMap<&'c str, BTreeSet<TimeUs>>,
    /// When the device began to look again: before, nothing was read for a time that nobody knows.
    woken: Vec<TimeUs>,
}

impl<'c> Readings<'c> {
    /// `every_us`: how often each table is read by itself. `woken`: when the agent started, and when its machine woke up.
    pub fn new(
        changes: &'c [Change],
        every_us: impl IntoIterator<Item = (&'c str, TimeUs)>,
        woken: Vec<TimeUs>,
    ) -> Self {
        let mut told: HashMap<_, BTreeSet<_>> = HashMap::new();
        for change in changes {
            let of_table = told.entry(change.table.as_str()).or_default();
            of_table.insert(change.at);
        }
        let every_us = every_us.into_iter().filter(|(_, us)| *us > 0).collect();
        Self {
            every_us,
            told,
            woken,
        }
    }

    /// The reading before the one that told of `change`, at the earliest; none: nobody knows when that was.
    pub fn before(&self, change: &Change) -> Option<TimeUs> {
        let told = self.told.get(change.table.as_str());
        let told = told.and_then(|told| told.range(..change.at).next_back().copied());
        let usual = self.every_us.get(change.table.as_str());
        let usual = usual.map(|every_us| change.at.saturating_sub(*every_us));
        let slept = |from: &TimeUs| self.woken.iter().any(|at| from < at && *at <= change.at);
        told.max(usual.filter(|from| !slept(from)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::facts::{ChangeKey, ChangeKind};

    /// Changes as `table at`; what is known of the reading before the last of them.
    #[track_caller]
    fn check(told: &[(&str, TimeUs)], woken: &[TimeUs], expected: Option<TimeUs>) {
        let change = |(table, at): &(&str, TimeUs)| Change {
            key: format!("{at}.1.1").parse::<ChangeKey>().unwrap(),
            at: *at,
            table: (*table).to_owned(),
            kind: ChangeKind::Added,
            before: Vec::new(),
            after: Vec::new(),
        };
        let changes: Vec<Change> = told.iter().map(change).collect();
        let every = [("packages", 60), ("logs", 0)];
        let readings = Readings::new(&changes, every, woken.to_vec());
        assert_eq!(readings.before(changes.last().unwrap()), expected);
    }

    #[test]
    fn a_table_was_read_so_long_before_as_it_is_read_every_time() {
        check(&[("packages", 1_000)], &[], Some(940));
        check(&[("packages", 900), ("packages", 1_000)], &[], Some(940));
    }

    #[test]
    fn what_told_something_else_was_a_reading_too() {
        check(&[("packages", 970), ("packages", 1_000)], &[], Some(970));
        check(&[("routes", 970), ("packages", 1_000)], &[], Some(940));
        check(&[("packages", 1_000), ("packages", 1_000)], &[], Some(940));
    }

    #[test]
    fn while_a_device_was_off_nothing_was_read() {
        check(&[("packages", 1_000)], &[500, 940], Some(940));
        check(&[("packages", 1_000)], &[950], None);
        check(&[("packages", 1_000)], &[1_000], None);
        check(&[("packages", 1_000)], &[1_001], Some(940));
        check(&[("packages", 800), ("packages", 1_000)], &[950], Some(800));
    }

    #[test]
    fn a_table_that_is_not_read_by_itself_tells_nothing_of_the_time_before() {
        check(&[("logs", 1_000)], &[], None);
        check(&[("other", 1_000)], &[], None);
        check(&[("other", 10), ("other", 1_000)], &[], Some(10));
    }
}
