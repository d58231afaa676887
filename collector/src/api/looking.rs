//! Who has a ticket open in a browser now. It is known here and nowhere else, and gone with the stream that said so.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use crate::bus::{Bus, Live};

/// Names that one ticket tells at most.
const MOST_NAMES: usize = 20;

/// Clones share it.
#[derive(Clone, Default)]
pub(super) struct Looking(Arc<Mutex<HashMap<i64, BTreeMap<String, usize>>>>);

/// Somebody looks until this is dropped.
pub(super) struct Look {
    looking: Looking,
    bus: Bus,
    ticket: i64,
    name: String,
}

impl Looking {
    pub(super) fn begin(&self, bus: &Bus, ticket: i64, name: &str) -> Look {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *all.entry(ticket)
            .or_default()
            .entry(name.to_owned())
            .or_default() += 1;
        drop(all);
        bus.tell(Live::Looking { ticket });
        Look {
            looking: self.clone(),
            bus: bus.clone(),
            ticket,
            name: name.to_owned(),
        }
    }

    /// Their names, each once.
    pub(super) fn names(&self, ticket: i64) -> Vec<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let names = all.get(&ticket).into_iter().flat_map(BTreeMap::keys);
        names.take(MOST_NAMES).cloned().collect()
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        let mut all = self
            .looking
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(names) = all.get_mut(&self.ticket) {
            let n_left = names.get_mut(&self.name).map_or(0, |n| {
                *n -= 1;
                *n
            });
            if n_left == 0 {
                names.remove(&self.name);
            }
            if names.is_empty() {
                all.remove(&self.ticket);
            }
        }
        drop(all);
        self.bus.tell(Live::Looking {
            ticket: self.ticket,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_looks_twice_is_named_once_until_they_have_gone_twice() {
        let (looking, bus) = (Looking::default(), Bus::default());
        let ada = [1, 2].map(|_| looking.begin(&bus, 7, "ada"));
        let bob = looking.begin(&bus, 7, "bob");
        looking.begin(&bus, 8, "eve");
        assert_eq!(looking.names(7), ["ada", "bob"]);
        assert!(looking.names(8).is_empty());
        let [first, second] = ada;
        drop((first, bob));
        assert_eq!(looking.names(7), ["ada"]);
        drop(second);
        assert!(looking.names(7).is_empty());
        assert!(looking.0.lock().unwrap().is_empty());
    }
}
