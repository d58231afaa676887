//! Who looks at live metrics: when a sample is due, whose time is over, and when nobody looks any more. Pure.

use std::collections::BTreeMap;

use crate::journal::OrderId;
use crate::session::BootUs;

/// A sample is taken this often.
pub const EVERY_US: i64 = 1_000_000;
/// A look ends after half an hour; whoever looks still asks again.
pub const MOST_US: i64 = 1_800_000_000;
/// Nobody fetches the samples: the looks end after this.
pub const ALONE_US: i64 = 30_000_000;
/// Looks at a time, each of an order of its own.
pub const LOOKS: usize = 8;

/// Why a look ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Its time is over.
    Time,
    /// The collector fetches nothing.
    Unfetched,
}

/// All looks at a device; one stream of samples serves them.
#[derive(Debug, Default)]
pub struct Looks {
    /// Until when each lasts.
    open: BTreeMap<OrderId, BootUs>,
    /// Number of the channel that takes the samples.
    channel: Option<u64>,
    n_channels: u64,
    /// Since when there is no channel.
    alone_since: BootUs,
    next: BootUs,
}

impl Looks {
    /// A look begins. `most_us`: for how long; 0 or too long: as long as may be.
    ///
    /// # Errors
    /// There are as many as there may be.
    pub fn begin(&mut self, id: OrderId, most_us: i64, now: BootUs) -> Result<(), TooMany> {
        if self.open.len() >= LOOKS {
            return Err(TooMany);
        }
        if self.open.is_empty() {
            self.alone_since = now;
        }
        let lasts_us = if most_us > 0 { most_us } else { MOST_US };
        self.open.insert(id, now + lasts_us.min(MOST_US));
        Ok(())
    }

    /// A look ends. True: nobody looks any more, and the channel is not wanted.
    pub fn end(&mut self, id: &OrderId) -> bool {
        let was_open = self.open.remove(id).is_some();
        let is_last = was_open && self.open.is_empty();
        if is_last {
            self.channel = None;
        }
        is_last
    }

    pub fn is_open(&self, id: &OrderId) -> bool {
        self.open.contains_key(id)
    }

    pub fn n_open(&self) -> usize {
        self.open.len()
    }

    /// Who looks.
    pub fn ids(&self) -> impl Iterator<Item = &OrderId> {
        self.open.keys()
    }

    /// A channel is opened, in the place of the one before; gives its number.
    pub fn opened(&mut self, now: BootUs) -> u64 {
        self.n_channels += 1;
        self.channel = Some(self.n_channels);
        self.next = now;
        self.n_channels
    }

    /// A channel ended. False: it was another one that takes the samples.
    pub fn closed(&mut self, channel: u64, now: BootUs) -> bool {
        let was_it = self.channel == Some(channel);
        if was_it {
            self.channel = None;
            self.alone_since = now;
        }
        was_it
    }

    /// Whether a sample is to be taken now. The next one is due a second later, however late this one is.
    pub fn take_due(&mut self, now: BootUs) -> bool {
        let is_due = self.samples() && self.next <= now;
        if is_due {
            let missed = (now - self.next) / EVERY_US;
            self.next += (missed + 1) * EVERY_US;
        }
        is_due
    }

    /// Looks that end now, and why.
    pub fn over(&self, now: BootUs) -> Vec<(OrderId, Over)> {
        let is_alone = self.channel.is_none() && self.alone_since + ALONE_US <= now;
        let over = self.open.iter().filter_map(|(id, until)| {
            let why = match is_alone {
                true => Over::Unfetched,
                false if *until <= now => Over::Time,
                false => return None,
            };
            Some((*id, why))
        });
        over.collect()
    }

    /// When there is something to do.
    pub fn due(&self) -> Option<BootUs> {
        let until = self.open.values().min().copied()?;
        let next = match self.samples() {
            true => self.next,
            false => self.alone_since + ALONE_US,
        };
        Some(until.min(next))
    }

    fn samples(&self) -> bool {
        self.channel.is_some() && !self.open.is_empty()
    }
}

/// As many look as may.
#[derive(Debug, PartialEq, Eq)]
pub struct TooMany;

#[cfg(test)]
mod tests {
    use super::*;

    const A: OrderId = [1; 16];
    const B: OrderId = [2; 16];
    const SECOND: i64 = 1_000_000;

    #[test]
    fn nothing_is_sampled_unless_somebody_looks_and_fetches() {
        let mut looks = Looks::default();
        assert_eq!((looks.take_due(0), looks.due()), (false, None));
        looks.begin(A, 0, 0).unwrap();
        assert!(!looks.take_due(SECOND), "nobody fetches it");
        looks.opened(SECOND);
        assert!(looks.take_due(SECOND));
        assert!(!looks.take_due(SECOND));
        assert_eq!(looks.due(), Some(2 * SECOND));
        assert!(looks.end(&A));
        assert_eq!((looks.take_due(9 * SECOND), looks.due()), (false, None));
    }

    #[test]
    fn what_is_late_is_sampled_once() {
        let mut looks = Looks::default();
        looks.begin(A, 0, 0).unwrap();
        looks.opened(0);
        assert!(looks.take_due(0));
        assert!(looks.take_due(7 * SECOND + 1));
        assert!(!looks.take_due(7 * SECOND + 2));
        assert_eq!(looks.due(), Some(8 * SECOND));
    }

    #[test]
    fn two_looks_have_one_stream_which_ends_with_the_last() {
        let mut looks = Looks::default();
        looks.begin(A, 0, 0).unwrap();
        let channel = looks.opened(0);
        looks.begin(B, 0, 0).unwrap();
        assert!(looks.take_due(0));
        assert!(!looks.take_due(0));
        assert!(!looks.end(&A), "the other one looks still");
        assert!(looks.take_due(SECOND));
        assert!(looks.end(&B));
        assert!(!looks.closed(channel, SECOND), "it was not wanted any more");
    }

    #[test]
    fn a_look_ends_with_its_time_and_no_later_than_half_an_hour() {
        let mut looks = Looks::default();
        looks.begin(A, 5 * SECOND, 0).unwrap();
        looks.begin(B, i64::MAX, 0).unwrap();
        looks.opened(0);
        assert_eq!(looks.over(5 * SECOND - 1), []);
        assert_eq!(looks.over(5 * SECOND), [(A, Over::Time)]);
        looks.end(&A);
        assert_eq!(looks.over(MOST_US - 1), []);
        assert_eq!(looks.over(MOST_US), [(B, Over::Time)]);
    }

    #[test]
    fn samples_that_nobody_fetches_are_not_taken_for_long() {
        let mut looks = Looks::default();
        looks.begin(A, 0, 0).unwrap();
        assert_eq!(looks.due(), Some(ALONE_US));
        let first = looks.opened(SECOND);
        assert_eq!(looks.over(ALONE_US), [], "somebody fetches them");
        let second = looks.opened(2 * SECOND);
        assert!(
            !looks.closed(first, 3 * SECOND),
            "another one took its place"
        );
        assert!(looks.closed(second, 4 * SECOND));
        assert_eq!(looks.over(4 * SECOND + ALONE_US - 1), []);
        assert_eq!(looks.over(4 * SECOND + ALONE_US), [(A, Over::Unfetched)]);
        looks.opened(5 * SECOND);
        assert_eq!(
            looks.over(5 * SECOND + ALONE_US),
            [],
            "it was asked for again"
        );
    }

    #[test]
    fn more_than_so_many_do_not_look() {
        let mut looks = Looks::default();
        for n in 0..LOOKS as u8 {
            looks.begin([n; 16], 0, 0).unwrap();
        }
        assert_eq!(looks.begin([99; 16], 0, 0), Err(TooMany));
    }
}
