//! What has changed, for whoever wants to know at once: between the parts of one collector, and later between
//! collectors. A listener that falls behind is told so, and reads the store.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast;

use crate::store::Id;
use crate::store::snapshots::Snapshot;
use crate::store::work::JobChange;

/// Changes that a slow listener may lag behind before it has to read anew, and that are kept for one that comes again.
const BACKLOG: usize = 4096;

/// Something that has changed and that people may be looking at. It is in the store already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Live {
    Job(JobChange),
    Ticket {
        number: i64,
        /// As far as whoever tells knows it, else 0: it stands in the store.
        version: i64,
    },
    /// A snapshot was kept.
    Snapshot {
        id: Id,
        ticket: i64,
        device_key: i64,
        /// The device was away; another follows when it is back.
        partial: bool,
    },
    /// Somebody has opened a ticket in a browser, or closed it.
    Looking {
        ticket: i64,
    },
    /// A machine has become a device.
    Enrolled {
        device_key: i64,
    },
    /// Findings, facts or presence.
    Device {
        device_key: i64,
    },
}

impl Live {
    pub fn of_snapshot(snapshot: &Snapshot) -> Self {
        Self::Snapshot {
            id: snapshot.id,
            ticket: snapshot.ticket,
            device_key: snapshot.device_key,
            partial: snapshot.partial,
        }
    }
}

/// A change and its number among all of this run, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub number: u64,
    pub change: Live,
}

/// What somebody who listened before, and heard up to a number, has not heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missed {
    These(Vec<Told>),
    /// It is too long ago, or was told by another run of the collector.
    NotKnown,
}

/// Clones share it.
#[derive(Clone, Debug)]
pub struct Bus(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// Numbers of another run mean nothing in this one.
    run: Id,
    changes: broadcast::Sender<Told>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Of the last change.
    number: u64,
    /// The newest, in order.
    told: VecDeque<Told>,
}

impl Default for Bus {
    fn default() -> Self {
        Self(Arc::new(Shared {
            run: Id::random(),
            changes: broadcast::channel(BACKLOG).0,
            kept: Mutex::default(),
        }))
    }
}

impl Bus {
    /// Tells all listeners; nobody may be listening.
    pub fn tell(&self, change: Live) {
        let mut kept = self.kept();
        kept.number += 1;
        let told = Told {
            number: kept.number,
            change,
        };
        if kept.told.len() == BACKLOG {
            kept.told.pop_front();
        }
        kept.told.push_back(told.clone());
        drop(self.0.changes.send(told));
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which run of the collector numbers the changes.
    pub fn run(&self) -> Id {
        self.0.run
    }

    /// Everything that changes from now on, and the number of the last change before.
    pub fn listen(&self) -> (broadcast::Receiver<Told>, u64) {
        let kept = self.kept();
        (self.0.changes.subscribe(), kept.number)
    }

    /// What came after the change with this number of that run, up to and with the one numbered `to`.
    pub fn missed(&self, run: Id, number: u64, to: u64) -> Missed {
        let kept = self.kept();
        let oldest = kept
            .told
            .front()
            .map_or(kept.number + 1, |told| told.number);
        if run != self.0.run || number > to || number + 1 < oldest {
            return Missed::NotKnown;
        }
        let missed = kept.told.iter();
        let missed = missed.filter(|told| (number + 1..=to).contains(&told.number));
        Missed::These(missed.cloned().collect())
    }

    /// Who listens now, and how many changes at least one of them has not heard yet.
    #[cfg(test)]
    pub(crate) fn listeners(&self) -> (usize, usize) {
        (self.0.changes.receiver_count(), self.0.changes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_missed_is_known_as_long_as_it_is_kept() {
        let bus = Bus::default();
        let tell = |n: usize| {
            for key in 0..n as i64 {
                bus.tell(Live::Device { device_key: key });
            }
        };
        let missed = |number: u64| -> Vec<u64> {
            let (_, to) = bus.listen();
            match bus.missed(bus.run(), number, to) {
                Missed::These(told) => told.iter().map(|told| told.number).collect(),
                Missed::NotKnown => vec![0],
            }
        };
        assert!(missed(0).is_empty());
        assert_eq!(missed(1), [0], "it has not been told yet");
        tell(3);
        assert_eq!(missed(0), [1, 2, 3]);
        assert_eq!(missed(2), [3]);
        assert!(missed(3).is_empty());
        tell(BACKLOG);
        assert_eq!(missed(2), [0]);
        assert_eq!(missed(3).len(), BACKLOG);
        let (_, to) = bus.listen();
        assert_eq!(bus.missed(Id([1; 16]), to, to), Missed::NotKnown);
        assert_eq!(bus.kept().told.len(), BACKLOG);
    }
}
