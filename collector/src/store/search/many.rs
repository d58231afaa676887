//! The index of many tickets at once, for [`super::super::tickets::histories`].

use std::collections::{BTreeSet, HashMap};

use super::super::tickets::NumberedTicket;
use super::super::tickets::histories::{History, insert_in_steps};
use super::super::{Store, StoreError, Value};
use super::bag::{Bag, Field};
use super::block::{Block, TICKETS, place};
use super::{Thing, intern, properties, said, thing};
use crate::desk::Event;
use crate::desk::words::words;

/// Words that one transaction makes.
const WORDS_AT_ONCE: usize = 5_000;

/// What is known of the dictionary, and the block that is being filled.
#[derive(Default)]
pub(in super::super) struct IndexLoader {
    keys: HashMap<String, i64>,
    n_tickets: HashMap<i64, i64>,
    block: i64,
    tickets: HashMap<i64, Vec<usize>>,
    said: Vec<Said>,
}

/// The words of a ticket that are not in the store yet.
struct Said {
    number: i64,
    opened_at: i64,
    words: Vec<(Field, String)>,
    properties: Vec<String>,
}

impl IndexLoader {
    /// Takes the words of one more ticket. `devices`: host names by id.
    pub(in super::super) fn say(
        &mut self,
        ticket: &NumberedTicket,
        history: &History,
        devices: &HashMap<String, (i64, String)>,
    ) {
        let mut present = BTreeSet::new();
        let mut all = Vec::new();
        for (event, _, _) in &history.0 {
            let mut texts = said(event);
            let added = match thing(event) {
                Some(Thing::Device(device)) => Some(device),
                // Whoever makes many tickets makes them about devices.
                Some(Thing::Asset(_)) | None => None,
            };
            let added = added.filter(|device| present.insert((*device).to_owned()));
            let name = added.and_then(|device| devices.get(device));
            texts.extend(name.map(|(_, name)| (Field::Name, name.as_str())));
            if let Event::DeviceRemoved { device, .. } = event {
                present.remove(device);
            }
            for (field, text) in texts {
                all.extend(words(text).into_iter().map(|word| (field, word)));
            }
        }
        self.said.push(Said {
            number: ticket.number,
            opened_at: ticket.ticket.opened_at,
            words: all,
            properties: properties(ticket),
        });
    }

    /// Writes what was said.
    ///
    /// # Errors
    /// The store's own.
    pub(in super::super) async fn keep(&mut self, store: &Store) -> Result<(), StoreError> {
        let all = std::mem::take(&mut self.said);
        self.learn(store, &all).await?;
        let mut bags = Vec::with_capacity(all.len());
        for said in all {
            let (block, place) = place(said.number);
            if block != self.block {
                self.end_block(store).await?;
                self.block = block;
            }
            let mut bag = Bag::new(said.opened_at);
            for (field, word) in &said.words {
                bag.say(self.key(word)?, *field);
            }
            let keys: Result<Vec<i64>, StoreError> =
                said.properties.iter().map(|word| self.key(word)).collect();
            bag.is(&keys?);
            for key in bag.keys() {
                self.tickets.entry(key).or_default().push(place);
            }
            bags.push(vec![
                said.number.into(),
                said.opened_at.into(),
                bag.n_words.into(),
                bag.bytes().into(),
            ]);
        }
        let table = "INSERT INTO search_bags (ticket, opened_at, n_words, words) VALUES ";
        insert_in_steps(store, table, bags, "").await
    }

    /// Writes the last block, and how many tickets have each word.
    ///
    /// # Errors
    /// The store's own.
    pub(in super::super) async fn finish(mut self, store: &Store) -> Result<(), StoreError> {
        self.end_block(store).await?;
        let rows = self.keys.iter().map(|(word, key)| {
            let n_tickets = self.n_tickets.get(key).copied().unwrap_or_default();
            vec![(*key).into(), word.as_bytes().into(), n_tickets.into()]
        });
        let table = "INSERT INTO search_words (word_key, text, n_tickets) VALUES ";
        let tail = " ON CONFLICT (word_key) DO UPDATE SET n_tickets = excluded.n_tickets";
        insert_in_steps(store, table, rows.collect(), tail).await
    }

    fn key(&self, word: &str) -> Result<i64, StoreError> {
        let key = self.keys.get(word).copied();
        key.ok_or_else(|| StoreError::Broken(format!("the word {word:?} has no key")))
    }

    /// Puts new words into the dictionary.
    async fn learn(&mut self, store: &Store, all: &[Said]) -> Result<(), StoreError> {
        let words = all.iter().flat_map(|said| {
            let words = said.words.iter().map(|(_, word)| word);
            words.chain(&said.properties)
        });
        let new: BTreeSet<&String> = words
            .filter(|word| !self.keys.contains_key(*word))
            .collect();
        let new: Vec<String> = new.into_iter().cloned().collect();
        for words in new.chunks(WORDS_AT_ONCE) {
            let made = store.write(words.to_vec(), |tx, words| {
                Box::pin(async move { intern(tx, words.iter().map(String::as_str)).await })
            });
            self.keys.extend(made.await?);
        }
        Ok(())
    }

    async fn end_block(&mut self, store: &Store) -> Result<(), StoreError> {
        let mut tickets: Vec<(i64, Vec<usize>)> = self.tickets.drain().collect();
        // In the order of the key, where that is the order of the rows.
        tickets.sort_unstable_by_key(|(key, _)| *key);
        let mut rows: Vec<Vec<Value>> = Vec::with_capacity(tickets.len());
        for (key, places) in tickets {
            *self.n_tickets.entry(key).or_default() += places.len() as i64;
            let mut block = Block::empty();
            for place in places {
                block.insert(place);
            }
            rows.push(vec![key.into(), self.block.into(), block.bytes().into()]);
        }
        let table = "INSERT INTO search_blocks (word_key, block, tickets) VALUES ";
        insert_in_steps(store, table, rows, "").await
    }
}

/// Tickets of a block.
pub(in super::super) const BLOCK: i64 = TICKETS;
