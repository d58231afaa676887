//! What the writer remembers of the tables, so that it need not read before it writes. What a rollback takes back is
//! forgotten; what others know stays.

use std::collections::HashMap;
use std::hash::Hash;

/// Values by key, each of which may be forgotten and read again at any time.
pub(in super::super) struct Remembered<K, V> {
    entries: HashMap<K, V>,
    /// Keys that the present transaction has put in or changed, in that order.
    touched: Vec<K>,
}

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Self {
            entries: HashMap::new(),
            touched: Vec::new(),
        }
    }
}

impl<K: Clone + Eq + Hash, V> Remembered<K, V> {
    pub(in super::super) fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key)
    }

    /// Remembers what was read or written.
    pub(in super::super) fn put(&mut self, key: K, value: V) {
        self.touch(&key);
        self.entries.insert(key, value);
    }

    /// To be changed as the tables are; an empty one where nothing is remembered.
    pub(in super::super) fn change(&mut self, key: &K) -> &mut V
    where
        V: Default,
    {
        self.touch(key);
        self.entries.entry(key.clone()).or_default()
    }

    /// Forgets all of it once there is more than `most`.
    pub(in super::super) fn limit(&mut self, most: usize) {
        if self.entries.len() > most {
            self.entries.clear();
        }
    }

    fn touch(&mut self, key: &K) {
        if self.touched.last() != Some(key) {
            self.touched.push(key.clone());
        }
    }

    /// Where `forget_since` goes back to.
    pub(super) fn mark(&self) -> usize {
        self.touched.len()
    }

    /// What was touched since the mark has been taken back.
    pub(super) fn forget_since(&mut self, mark: usize) {
        // The key before the mark may have been touched again without being noted a second time.
        for key in self.touched.drain(mark.saturating_sub(1)..) {
            self.entries.remove(&key);
        }
    }

    /// What was touched is committed.
    pub(super) fn settle(&mut self) {
        self.touched.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_back_is_forgotten_and_nothing_else() {
        let mut remembered = Remembered::default();
        remembered.put("committed", 1);
        remembered.put("changed later", 1);
        remembered.settle();
        remembered.put("before", 1);
        remembered.put("last before", 1);
        let mark = remembered.mark();
        *remembered.change(&"last before") += 1;
        *remembered.change(&"changed later") += 1;
        remembered.put("new", 1);
        remembered.forget_since(mark);
        let known = |key| remembered.get(&key).copied();
        assert_eq!(known("committed"), Some(1));
        assert_eq!(known("before"), Some(1));
        assert_eq!(known("last before"), None);
        assert_eq!(known("changed later"), None);
        assert_eq!(known("new"), None);
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let mut remembered = Remembered::default();
        for key in 0..5 {
            remembered.limit(3);
            remembered.put(key, ());
        }
        assert_eq!((remembered.get(&3), remembered.get(&4)), (None, Some(&())));
    }
}
