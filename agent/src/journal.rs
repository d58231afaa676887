//! Orders that this device has taken, and how they ended: what keeps an action from running twice, and the
//! device's own receipt of everything done on it.
//!
//! An entry is written and synced before the work starts. Entries that ended are kept as receipts; the oldest whose
//! order has expired give way when room is needed.

mod grants;
mod look;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use prost::Message as _;
use sonde_proto::caps;
use sonde_proto::v1::{self, Outcome, WorkOrder};

use crate::blocks::{Blocks, BlocksError, LONGEST};
pub use grants::Grant;

/// Blocks of a journal: 2 MiB, some thousand receipts.
pub const BLOCKS: u32 = 2048;

/// 16 random bytes that name an order and the job that runs it.
pub type OrderId = [u8; 16];

#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum State {
    /// Journalled, not begun.
    Accepted = 0,
    /// Begun: what happens to the machine from here on may have happened.
    Started = 1,
    Ended = 2,
}

/// One order and how far it got.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Entry {
    /// A `WorkOrder` as it came.
    #[prost(bytes = "vec", tag = "1")]
    pub order: Vec<u8>,
    #[prost(enumeration = "State", tag = "2")]
    pub state: i32,
    #[prost(enumeration = "Outcome", tag = "3")]
    pub outcome: i32,
    /// Device's clock, microseconds since 1970 UTC.
    #[prost(int64, tag = "4")]
    pub accepted_us: i64,
    #[prost(int64, tag = "5")]
    pub ended_us: i64,
    /// What undo needs, as the action recorded it; empty: it cannot be undone.
    #[prost(bytes = "vec", tag = "6")]
    pub undo: Vec<u8>,
    /// When it began, on the device's clock. 0: it did not, or is not known to have.
    #[prost(int64, tag = "7")]
    pub started_us: i64,
    /// Processor time of the programs that were started for it, and of live metrics that were read, microseconds. Absent: not known.
    #[prost(int64, optional, tag = "8")]
    pub cpu_us: Option<i64>,
    /// What was done, step by step, as far as there is room for it.
    #[prost(message, repeated, tag = "9")]
    pub changed: Vec<v1::Message>,
    /// Why it ended as it did.
    #[prost(message, optional, tag = "10")]
    pub reason: Option<v1::Message>,
    /// 0: from an agent that did not record what stands in the fields from 7 on.
    #[prost(uint32, tag = "11")]
    pub version: u32,
}

/// Of the entries that this agent writes.
pub const VERSION: u32 = 1;

impl Entry {
    /// The order, decoded. An entry is only made of one that decodes.
    pub fn work(&self) -> WorkOrder {
        WorkOrder::decode(&self.order[..]).unwrap_or_default()
    }
}

/// One owner.
#[derive(Debug)]
pub struct Journal {
    blocks: Blocks,
    records: BTreeMap<OrderId, u64>,
    nonces: BTreeSet<Vec<u8>>,
    /// Records of what people have agreed to, by question.
    grants: BTreeMap<Vec<u8>, u64>,
    /// Entries that newer ones stand for as soon as these are synced.
    replaced: Vec<u64>,
}

impl Journal {
    pub fn create(path: &Path, n_blocks: u32) -> Result<Self, BlocksError> {
        Self::over(Blocks::create(path, n_blocks, b"journal")?)
    }

    pub fn open(path: &Path) -> Result<Self, BlocksError> {
        Self::over(Blocks::open(path)?)
    }

    fn over(blocks: Blocks) -> Result<Self, BlocksError> {
        let mut journal = Self {
            blocks,
            records: BTreeMap::new(),
            nonces: BTreeSet::new(),
            grants: BTreeMap::new(),
            replaced: Vec::new(),
        };
        let records: Vec<(u64, u8)> = journal.blocks.records().collect();
        for (record, kind) in records {
            if kind == grants::KIND {
                journal.take_grant(record)?;
                continue;
            }
            let Some(entry) = journal.read(record)? else {
                continue;
            };
            let work = entry.work();
            let Some(id) = order_id(&work) else { continue };
            journal.nonces.insert(work.nonce.to_vec());
            // Of two entries of one order, a crash came between writing the newer and removing the older.
            if let Some(older) = journal.records.insert(id, record) {
                journal.blocks.remove(older)?;
            }
        }
        Ok(journal)
    }

    fn read(&mut self, record: u64) -> Result<Option<Entry>, BlocksError> {
        Ok(self
            .blocks
            .get(record)?
            .and_then(|bytes| Entry::decode(&bytes[..]).ok()))
    }

    /// What is known of an order.
    pub fn entry(&mut self, id: &OrderId) -> Result<Option<Entry>, BlocksError> {
        match self.records.get(id).copied() {
            Some(record) => self.read(record),
            None => Ok(None),
        }
    }

    /// The order, or another one with its nonce, was taken before.
    pub fn knows(&self, id: &OrderId, nonce: &[u8]) -> bool {
        self.records.contains_key(id) || self.nonces.contains(nonce)
    }

    /// Writes an entry in the place of the one before, synced. `now_us`: corrected clock; entries whose orders have
    /// expired by then may give way.
    pub fn record(&mut self, id: OrderId, entry: &Entry, now_us: i64) -> Result<(), BlocksError> {
        self.record_lazily(id, entry, now_us)?;
        self.blocks.sync()?;
        for older in std::mem::take(&mut self.replaced) {
            self.blocks.remove(older)?;
        }
        Ok(())
    }

    /// The same, safe only with the next entry that is synced: until then a power cut leaves the one before.
    pub fn record_lazily(
        &mut self,
        id: OrderId,
        entry: &Entry,
        now_us: i64,
    ) -> Result<(), BlocksError> {
        let bytes = entry.encode_to_vec();
        // Only a new order may find the journal full: room to write the end of one that runs is always left.
        let margin = if self.records.contains_key(&id) {
            0
        } else {
            LONGEST
        };
        self.make_room(Blocks::needed(bytes.len()) + margin, &id, now_us)?;
        let record = self.blocks.next_id();
        self.blocks.put(record, 0, &bytes)?;
        self.nonces.insert(entry.work().nonce.to_vec());
        self.replaced.extend(self.records.insert(id, record));
        Ok(())
    }

    fn make_room(&mut self, needed: usize, keep: &OrderId, now_us: i64) -> Result<(), BlocksError> {
        if self.blocks.n_free() >= needed {
            return Ok(());
        }
        self.blocks.sync()?;
        for older in std::mem::take(&mut self.replaced) {
            self.blocks.remove(older)?;
        }
        if self.blocks.n_free() >= needed {
            return Ok(());
        }
        for record in self.records.values().copied().collect::<BTreeSet<_>>() {
            let Some(entry) = self.read(record)? else {
                continue;
            };
            let work = entry.work();
            let over = entry.state() == State::Ended && work.expires_us < now_us;
            let Some(id) = order_id(&work).filter(|id| over && id != keep) else {
                continue;
            };
            self.records.remove(&id);
            self.nonces.remove(&work.nonce.to_vec());
            self.blocks.remove(record)?;
            if self.blocks.n_free() >= needed {
                return Ok(());
            }
        }
        Err(BlocksError::Full {
            needed,
            free: self.blocks.n_free(),
        })
    }

    /// All entries, in the order of their last writing.
    pub fn entries(&mut self) -> Result<Vec<(OrderId, Entry)>, BlocksError> {
        let mut records: Vec<(u64, OrderId)> = self
            .records
            .iter()
            .map(|(id, record)| (*record, *id))
            .collect();
        records.sort_unstable();
        let mut entries = Vec::with_capacity(records.len());
        for (record, id) in records {
            entries.extend(self.read(record)?.map(|entry| (id, entry)));
        }
        Ok(entries)
    }

    /// The newest entries, with the numbers of their records: at most `most` whose records are before `before`, and that
    /// were taken at `since_us` or later.
    pub fn newest(
        &mut self,
        before: Option<u64>,
        since_us: i64,
        most: usize,
    ) -> Result<Vec<(u64, OrderId, Entry)>, BlocksError> {
        let ids: BTreeMap<u64, OrderId> = self
            .records
            .iter()
            .map(|(id, record)| (*record, *id))
            .collect();
        let mut newest = Vec::new();
        for (record, id) in ids.range(..before.unwrap_or(u64::MAX)).rev() {
            if newest.len() >= most {
                break;
            }
            if let Some(entry) = self.read(*record)?
                && entry.accepted_us >= since_us
            {
                newest.push((*record, *id, entry));
            }
        }
        Ok(newest)
    }

    /// Orders that were taken and did not end, with what this device can say of them after a crash: what had not
    /// begun did not run; what had begun may have.
    pub fn interrupted(&mut self) -> Result<Vec<(OrderId, Entry, Outcome)>, BlocksError> {
        let entries = self
            .entries()?
            .into_iter()
            .filter(|(_, entry)| entry.state() != State::Ended);
        Ok(entries
            .map(|(id, entry)| {
                let outcome = outcome_after_crash(&entry);
                (id, entry, outcome)
            })
            .collect())
    }
}

fn outcome_after_crash(entry: &Entry) -> Outcome {
    use sonde_proto::v1::{Phase, work_order::Work};
    let changes_something = match entry.work().work {
        Some(Work::Action(action)) => action.phase() != Phase::Plan,
        Some(Work::Checks(_) | Work::Table(_) | Work::Live(_)) | None => false,
    };
    match entry.state() {
        State::Started if changes_something => Outcome::Unknown,
        State::Started | State::Accepted | State::Ended => Outcome::Failed,
    }
}

/// The order's id; `None` when it is not 16 bytes long.
pub fn order_id(order: &WorkOrder) -> Option<OrderId> {
    order.order_id[..].try_into().ok()
}

/// An order expires no later than this after it was issued; a journal has to remember it for so long.
pub fn lives_too_long(order: &WorkOrder) -> bool {
    order.expires_us.saturating_sub(order.issued_us) > caps::ORDER_LIFE_US
}

#[cfg(test)]
mod tests {
    use super::*;
    use sonde_proto::v1::{Phase, RunAction, RunChecks, work_order::Work};

    fn order(n: u8, work: Work) -> Vec<u8> {
        let id = vec![n; 16];
        let order = WorkOrder {
            order_id: id.clone().into(),
            nonce: id.into(),
            expires_us: 100,
            work: Some(work),
            ..WorkOrder::default()
        };
        order.encode_to_vec()
    }

    fn checks(n: u8, state: State) -> Entry {
        Entry {
            order: order(n, Work::Checks(RunChecks::default())),
            state: state.into(),
            ..Entry::default()
        }
    }

    fn apply(n: u8, state: State) -> Entry {
        let action = RunAction {
            phase: Phase::Apply.into(),
            ..RunAction::default()
        };
        Entry {
            order: order(n, Work::Action(action)),
            state: state.into(),
            ..Entry::default()
        }
    }

    #[test]
    fn a_crash_leaves_what_the_device_can_say() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::create(&path, 16 + LONGEST as u32).unwrap();
        let entries = [
            checks(1, State::Started),
            apply(2, State::Accepted),
            apply(3, State::Started),
            apply(4, State::Ended),
        ];
        for entry in &entries {
            journal.record([entry.order[2]; 16], entry, 0).unwrap();
        }
        drop(journal);
        let mut journal = Journal::open(&path).unwrap();
        let outcomes: Vec<_> = journal
            .interrupted()
            .unwrap()
            .into_iter()
            .map(|(id, _, outcome)| (id[0], outcome))
            .collect();
        assert_eq!(
            outcomes,
            [
                (1, Outcome::Failed),
                (2, Outcome::Failed),
                (3, Outcome::Unknown)
            ]
        );
        assert!(journal.knows(&[4; 16], b"another"));
        assert!(journal.knows(&[9; 16], &[4; 16]));
        assert!(!journal.knows(&[9; 16], b"another"));
    }

    #[test]
    fn of_two_entries_the_newer_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::create(&path, 4 + LONGEST as u32).unwrap();
        journal
            .record([1; 16], &checks(1, State::Accepted), 0)
            .unwrap();
        for _ in 0..9 {
            journal
                .record_lazily([1; 16], &checks(1, State::Ended), 0)
                .unwrap();
        }
        drop(journal);
        let mut journal = Journal::open(&path).unwrap();
        let entries = journal.entries().unwrap();
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].1.state(), State::Ended);
    }

    #[test]
    fn the_newest_come_first_page_by_page() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::create(&path, 16 + LONGEST as u32).unwrap();
        for n in 1..=5 {
            let entry = Entry {
                accepted_us: i64::from(n),
                ..checks(n, State::Ended)
            };
            journal.record([n; 16], &entry, 0).unwrap();
        }
        let mut page = |before, since_us| {
            let newest = journal.newest(before, since_us, 2).unwrap();
            let last = newest.last().map(|(record, _, _)| *record);
            let ids: Vec<u8> = newest.iter().map(|(_, id, _)| id[0]).collect();
            (ids, last)
        };
        let (ids, last) = page(None, 0);
        assert_eq!(ids, [5, 4]);
        let (ids, last) = page(last, 0);
        assert_eq!(ids, [3, 2]);
        assert_eq!(page(last, 0).0, [1]);
        assert_eq!(page(None, 5).0, [5]);
    }

    #[test]
    fn only_expired_receipts_give_way() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal =
            Journal::create(&folder.path().join("journal"), 2 + LONGEST as u32).unwrap();
        journal
            .record([1; 16], &checks(1, State::Ended), 0)
            .unwrap();
        journal
            .record([2; 16], &checks(2, State::Started), 0)
            .unwrap();
        assert!(matches!(
            journal.record([3; 16], &checks(3, State::Accepted), 100),
            Err(BlocksError::Full { .. })
        ));
        journal
            .record([3; 16], &checks(3, State::Accepted), 101)
            .unwrap();
        let ids: Vec<u8> = journal
            .entries()
            .unwrap()
            .iter()
            .map(|(id, _)| id[0])
            .collect();
        assert_eq!(ids, [2, 3]);
    }
}
