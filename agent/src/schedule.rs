//! What is due when. Pure: time comes in, names come out.

use crate::session::BootUs;

/// Things that come round, each at its own interval.
#[derive(Debug)]
pub struct Schedule<T> {
    entries: Vec<Entry<T>>,
}

#[derive(Debug)]
struct Entry<T> {
    what: T,
    every_us: i64,
    due: BootUs,
}

impl<T> Default for Schedule<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
        }
    }
}

impl<T: Copy + PartialEq> Schedule<T> {
    /// `what` comes round every `every_us` from `first` on. 0: never; what was set before is replaced, and what is
    /// due keeps its time unless the new interval ends sooner.
    pub fn set(&mut self, what: T, every_us: i64, first: BootUs) {
        let before = self
            .entries
            .iter()
            .position(|entry| entry.what == what)
            .map(|at| self.entries.swap_remove(at));
        if every_us > 0 {
            let due = before.map_or(first, |before| before.due.min(first + every_us));
            self.entries.push(Entry {
                what,
                every_us,
                due,
            });
        }
    }

    /// It comes round once before its time, if that is later.
    pub fn sooner(&mut self, what: T, at: BootUs) {
        let entry = self.entries.iter_mut().find(|entry| entry.what == what);
        if let Some(entry) = entry {
            entry.due = entry.due.min(at);
        }
    }

    /// All that is due, each once however late it is; the next time lies on the same grid.
    pub fn take_due(&mut self, now: BootUs) -> Vec<T> {
        let mut due = Vec::new();
        for entry in self.entries.iter_mut().filter(|entry| entry.due <= now) {
            due.push(entry.what);
            let missed = (now - entry.due) / entry.every_us;
            entry.due += (missed + 1) * entry.every_us;
        }
        due
    }

    /// When `take_due` has something to give.
    pub fn next(&self) -> Option<BootUs> {
        self.entries.iter().map(|entry| entry.due).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_comes_round_at_its_own_interval() {
        let mut schedule = Schedule::default();
        schedule.set('a', 10, 0);
        schedule.set('b', 30, 5);
        let mut seen = String::new();
        while schedule.next().is_some_and(|next| next < 40) {
            let next = schedule.next().unwrap();
            seen.extend(schedule.take_due(next));
        }
        assert_eq!(seen, "abaaab");
    }

    #[test]
    fn what_comes_sooner_once_goes_on_from_there() {
        let mut schedule = Schedule::default();
        schedule.set('a', 100, 0);
        assert_eq!(schedule.take_due(0), ['a']);
        schedule.sooner('a', 30);
        schedule.sooner('a', 60);
        assert_eq!(schedule.take_due(30), ['a']);
        assert_eq!(schedule.next(), Some(130));
    }

    #[test]
    fn what_was_slept_over_comes_once() {
        let mut schedule = Schedule::default();
        schedule.set('a', 10, 0);
        assert_eq!(schedule.take_due(95), ['a']);
        assert_eq!(schedule.next(), Some(100));
    }

    #[test]
    fn a_shorter_interval_does_not_wait_for_the_longer_one() {
        let mut schedule = Schedule::default();
        schedule.set('a', 1000, 1000);
        schedule.set('a', 10, 0);
        assert_eq!(schedule.next(), Some(10));
        schedule.set('a', 0, 0);
        assert_eq!(schedule.next(), None);
    }
}
