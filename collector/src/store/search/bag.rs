//! The words of one ticket, by their keys: how often each stands in title and text, and whether it names somebody or something.
//! Kept as the distance from the key before (LEB128) and a byte for the rest.

use std::collections::BTreeMap;

use super::super::StoreError;
use crate::desk::ranking::Occurrence;

/// Different words of a ticket that are found; those that come later are not.
pub(super) const MOST: usize = 8_000;
/// Where counting in the byte ends.
const MOST_IN_TEXT: u8 = 31;
const MOST_IN_TITLE: u8 = 3;
const TITLE_SHIFT: u32 = 5;
const NAMED: u8 = 0x80;

/// Where on a ticket a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Field {
    Title,
    /// Who asks, or a device's.
    Name,
    Text,
}

/// Words by key. What has no place on the ticket is one of its properties.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bag {
    pub(super) opened_at: i64,
    /// All of them, as often as they stand there.
    pub(super) n_words: i64,
    words: BTreeMap<i64, u8>,
    n_said: usize,
}

impl Bag {
    /// One without words.
    pub(super) fn new(opened_at: i64) -> Self {
        Self {
            opened_at,
            ..Self::default()
        }
    }

    pub(super) fn of(opened_at: i64, n_words: i64, bytes: &[u8]) -> Result<Self, StoreError> {
        let mut words = BTreeMap::new();
        let (mut key, mut rest) = (0_i64, bytes);
        while !rest.is_empty() {
            let (mut distance, mut shift) = (0_u64, 0);
            loop {
                let (first, behind) = rest.split_first().ok_or_else(broken)?;
                rest = behind;
                if shift > 56 {
                    return Err(broken());
                }
                distance |= u64::from(first & 0x7f) << shift;
                shift += 7;
                if first & 0x80 == 0 {
                    break;
                }
            }
            let (places, behind) = rest.split_first().ok_or_else(broken)?;
            rest = behind;
            let distance = i64::try_from(distance).map_err(|_| broken())?;
            key = key.checked_add(distance).ok_or_else(broken)?;
            words.insert(key, *places);
        }
        Ok(Self {
            opened_at,
            n_words,
            n_said: words.values().filter(|places| **places != 0).count(),
            words,
        })
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.words.len() * 4);
        let mut before = 0;
        for (key, places) in &self.words {
            let mut distance = (key - before) as u64;
            before = *key;
            while distance >= 0x80 {
                bytes.push(distance as u8 | 0x80);
                distance >>= 7;
            }
            bytes.extend([distance as u8, *places]);
        }
        bytes
    }

    /// A word that stands on the ticket; nothing where it has as many as it takes.
    pub(super) fn say(&mut self, key: i64, field: Field) {
        self.n_words += 1;
        let known = self.words.get(&key).copied().unwrap_or_default();
        if known == 0 {
            if self.n_said >= MOST {
                return;
            }
            self.n_said += 1;
        }
        let (in_text, in_title) = (known & MOST_IN_TEXT, known >> TITLE_SHIFT & MOST_IN_TITLE);
        let said = match field {
            Field::Text if in_text < MOST_IN_TEXT => known + 1,
            Field::Title if in_title < MOST_IN_TITLE => known + (1 << TITLE_SHIFT),
            Field::Name => known | NAMED,
            Field::Text | Field::Title => known,
        };
        self.words.insert(key, said);
    }

    /// These properties and no others.
    pub(super) fn is(&mut self, properties: &[i64]) {
        self.words.retain(|_, places| *places != 0);
        for key in properties {
            self.words.entry(*key).or_insert(0);
        }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = i64> {
        self.words.keys().copied()
    }

    pub(super) fn has(&self, key: i64) -> bool {
        self.words.contains_key(&key)
    }

    /// How a word stands on it.
    pub(super) fn occurrence(&self, key: i64) -> Option<Occurrence> {
        self.words.get(&key).map(|places| Occurrence {
            in_title: u32::from(places >> TITLE_SHIFT & MOST_IN_TITLE),
            in_text: u32::from(places & MOST_IN_TEXT),
            is_name: places & NAMED != 0,
        })
    }
}

fn broken() -> StoreError {
    StoreError::Broken("a ticket's words in the search index are none".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bag_is_read_as_it_was_written() {
        let mut bag = Bag::new(5);
        for (key, field, times) in [
            (1, Field::Title, 9),
            (1, Field::Text, 99),
            (300, Field::Name, 2),
            (1 << 40, Field::Text, 1),
        ] {
            for _ in 0..times {
                bag.say(key, field);
            }
        }
        bag.is(&[2, 7]);
        bag.is(&[7]);
        assert_eq!(Bag::of(5, 111, &bag.bytes()), Ok(bag.clone()));
        assert_eq!(bag.keys().collect::<Vec<_>>(), [1, 7, 300, 1 << 40]);
        let first = Occurrence {
            in_title: 3,
            in_text: 31,
            is_name: false,
        };
        assert_eq!(bag.occurrence(1), Some(first));
        assert!(bag.occurrence(300).is_some_and(|one| one.is_name));
        assert_eq!(bag.occurrence(2), None);
    }

    #[test]
    fn a_ticket_has_so_many_words_and_no_more() {
        let mut bag = Bag::default();
        for key in 1..MOST as i64 + 10 {
            bag.say(key, Field::Text);
        }
        bag.say(1, Field::Title);
        bag.is(&[0]);
        assert_eq!(bag.keys().count(), MOST + 1);
        assert!(!bag.has(MOST as i64 + 1));
    }

    #[test]
    fn what_is_no_bag_is_refused() {
        for bytes in [vec![1], vec![0x80], vec![0xff; 12]] {
            assert_eq!(Bag::of(0, 0, &bytes), Err(broken()), "{bytes:?}");
        }
    }
}
