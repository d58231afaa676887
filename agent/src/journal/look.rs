//! A journal as somebody reads it who is not its owner.

use std::collections::BTreeMap;
use std::path::Path;

use prost::Message as _;

use super::{Entry, Journal, OrderId, grants, order_id};
use crate::blocks::{Blocks, BlocksError};

impl Journal {
    /// What a journal's owner has written there, beside them: all entries, in the order of their last writing.
    pub fn look(path: &Path) -> Result<Vec<(OrderId, Entry)>, BlocksError> {
        let mut blocks = Blocks::look(path)?;
        let records: Vec<u64> = blocks
            .records()
            .filter(|(_, kind)| *kind != grants::KIND)
            .map(|(record, _)| record)
            .collect();
        let mut newest: BTreeMap<OrderId, (u64, Entry)> = BTreeMap::new();
        for record in records {
            let entry = blocks.get(record)?;
            let entry = entry.and_then(|bytes| Entry::decode(&bytes[..]).ok());
            if let Some(entry) = entry
                && let Some(id) = order_id(&entry.work())
            {
                newest.insert(id, (record, entry));
            }
        }
        let mut entries: Vec<_> = newest.into_iter().collect();
        entries.sort_unstable_by_key(|(_, (record, _))| *record);
        let entries = entries.into_iter().map(|(id, (_, entry))| (id, entry));
        Ok(entries.collect())
    }
}
