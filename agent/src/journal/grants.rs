//! What people at the device have agreed to: an order that names their answer is held against this record, whatever the
//! collector says of it.

use prost::Message as _;
use sonde_proto::caps::ORDER_LIFE_US;

use super::{BlocksError, Journal, OrderId};
use crate::blocks::Blocks;

/// Under which kind they stand in the file; orders stand under 0.
pub(super) const KIND: u8 = 1;
/// Answers that are kept; the oldest give way.
const MOST: usize = 256;

/// An answer of somebody who sits at the device.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Grant {
    /// 16 bytes.
    #[prost(bytes = "vec", tag = "1")]
    pub question_id: Vec<u8>,
    /// The ticket that they were asked for.
    #[prost(uint64, tag = "2")]
    pub ticket: u64,
    /// For all that is done for it; else for one order.
    #[prost(bool, tag = "3")]
    pub for_ticket: bool,
    #[prost(string, tag = "4")]
    pub login: String,
    /// Device's clock, microseconds since 1970 UTC.
    #[prost(int64, tag = "5")]
    pub at_us: i64,
    /// The order that has used it up. Empty: none has.
    #[prost(bytes = "vec", tag = "6")]
    pub used_by: Vec<u8>,
}

impl Grant {
    /// It holds for an order on this ticket, now.
    fn holds(&self, ticket: u64, now_us: i64) -> bool {
        self.ticket == ticket
            && self.used_by.is_empty()
            && now_us.saturating_sub(self.at_us) <= ORDER_LIFE_US
    }
}

impl Journal {
    /// Keeps an answer, synced, in the place of one to the same question.
    pub fn grant(&mut self, grant: &Grant) -> Result<(), BlocksError> {
        let bytes = grant.encode_to_vec();
        if self.grants.len() >= MOST
            && !self.grants.contains_key(&grant.question_id)
            && let Some((oldest, record)) = self.oldest_grant()
        {
            self.grants.remove(&oldest);
            self.blocks.remove(record)?;
        }
        let needed = Blocks::needed(bytes.len());
        if self.blocks.n_free() < needed {
            return Err(BlocksError::Full {
                needed,
                free: self.blocks.n_free(),
            });
        }
        let record = self.blocks.next_id();
        self.blocks.put(record, KIND, &bytes)?;
        self.blocks.sync()?;
        if let Some(older) = self.grants.insert(grant.question_id.clone(), record) {
            self.blocks.remove(older)?;
        }
        Ok(())
    }

    /// One that the file has. Of two to one question the newer counts.
    pub(super) fn take_grant(&mut self, record: u64) -> Result<(), BlocksError> {
        let bytes = self.blocks.get(record)?;
        let grant = bytes.and_then(|bytes| Grant::decode(&bytes[..]).ok());
        if let Some(grant) = grant
            && let Some(older) = self.grants.insert(grant.question_id, record)
        {
            self.blocks.remove(older)?;
        }
        Ok(())
    }

    /// The answer to this question, if it is a yes that holds for an order on this ticket. `now_us`: device's clock.
    pub fn agreed(
        &mut self,
        question_id: &[u8],
        ticket: u64,
        now_us: i64,
    ) -> Result<Option<Grant>, BlocksError> {
        let Some(record) = self.grants.get(question_id).copied() else {
            return Ok(None);
        };
        let bytes = self.blocks.get(record)?;
        let grant = bytes.and_then(|bytes| Grant::decode(&bytes[..]).ok());
        Ok(grant.filter(|grant| grant.holds(ticket, now_us)))
    }

    /// An order uses an answer up; it holds for no other from now on, synced.
    pub fn use_up(&mut self, grant: Grant, by: &OrderId) -> Result<(), BlocksError> {
        let used_by = by.to_vec();
        self.grant(&Grant { used_by, ..grant })
    }

    fn oldest_grant(&self) -> Option<(Vec<u8>, u64)> {
        let oldest = self.grants.iter().min_by_key(|(_, record)| **record);
        oldest.map(|(id, record)| (id.clone(), *record))
    }
}

#[cfg(test)]
mod tests {
    use super::super::LONGEST;
    use super::*;

    fn grant(n: u8, for_ticket: bool) -> Grant {
        Grant {
            question_id: vec![n; 16],
            ticket: 7,
            for_ticket,
            login: "rosa".into(),
            at_us: 100,
            ..Grant::default()
        }
    }

    #[test]
    fn an_answer_holds_for_its_ticket_until_it_is_used_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::create(&path, 64 + LONGEST as u32).unwrap();
        journal.grant(&grant(1, false)).unwrap();
        assert_eq!(journal.agreed(&[1; 16], 8, 100).unwrap(), None);
        assert_eq!(journal.agreed(&[2; 16], 7, 100).unwrap(), None);
        let late = 101 + ORDER_LIFE_US;
        assert_eq!(journal.agreed(&[1; 16], 7, late).unwrap(), None);
        drop(journal);
        let mut journal = Journal::open(&path).unwrap();
        assert!(journal.entries().unwrap().is_empty());
        let agreed = journal.agreed(&[1; 16], 7, 100).unwrap().unwrap();
        assert_eq!(agreed, grant(1, false));
        journal.use_up(agreed, &[9; 16]).unwrap();
        drop(journal);
        let mut journal = Journal::open(&path).unwrap();
        assert_eq!(journal.agreed(&[1; 16], 7, 100).unwrap(), None);
    }

    #[test]
    fn only_so_many_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::create(&path, 600 + LONGEST as u32).unwrap();
        for n in 0..=MOST as u32 {
            let mut id = vec![0; 16];
            id[..4].copy_from_slice(&n.to_le_bytes());
            let one = Grant {
                question_id: id,
                ..grant(0, true)
            };
            journal.grant(&one).unwrap();
        }
        assert_eq!(journal.grants.len(), MOST);
        assert_eq!(journal.agreed(&[0; 16], 7, 100).unwrap(), None);
    }
}
