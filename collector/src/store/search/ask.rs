//! What a question finds: the newest tickets that have every word, and in which order they are shown.
//!
//! A word of the question stands for those of the dictionary that are it, that share a stem with it, or that begin so; a
//! ticket has it if it has one of them. The rarest is looked up first, from the newest block of tickets on; the others only in
//! the blocks where it is. A common word ends in the first blocks, with enough tickets; a word that is nowhere ends in the
//! dictionary; two words that never meet end, however common they are, after one row for each 4,096 tickets and word.

use std::collections::{BTreeMap, HashMap};

use crate::desk::ranking::{Candidate, Closeness, rank, rarity, weight};
use crate::desk::view::Whose;
use crate::desk::words::{Asked, Word};
use crate::desk::{Priority, Tier, WaitingFor};

use super::super::{Columns, Query, Store, StoreError};
use super::bag::Bag;
use super::block::{Block, TICKETS, place};
use super::properties::{
    of_asset, of_assignee, of_device, of_priority, of_site, of_state, of_tag, of_tier,
    of_waiting_for, of_watcher,
};
use super::{in_lists, text};

/// Of all tickets that are found, so many of the newest are ranked.
pub const MOST_RANKED: usize = 200;
/// Words of the dictionary that one of a question stands for: itself, then the commonest.
const MOST_FORMS: usize = 32;
/// Words of the dictionary that are looked at for them.
const MOST_LOOKED_AT: i64 = 300;
/// Rows of the index that are read to count what is found beyond those that are ranked.
const COUNTED_ROWS: usize = 4_000;
/// Blocks of the first look, of the next ones, and the most.
const FIRST_BLOCKS: i64 = 4;
const MORE_BLOCKS: i64 = 4;
const MOST_BLOCKS: i64 = 64;

/// Which tickets are looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// Only of these sites; none: of all.
    pub sites: Option<Vec<i64>>,
    /// In one of these states; empty: in any.
    pub states: Vec<crate::desk::State>,
    pub assignee: Option<Whose>,
    /// Id.
    pub device: Option<String>,
    /// Id.
    pub asset: Option<String>,
    pub tag: Option<String>,
    /// Name of an account.
    pub watcher: Option<String>,
    pub tier: Option<Tier>,
    pub priority: Option<Priority>,
    pub waiting_for: Option<WaitingFor>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Numbers of the newest [`MOST_RANKED`], best first.
    pub ranked: Vec<i64>,
    /// Tickets that were found, those included;
    pub n_found: i64,
    /// false: there may be more, and they were not counted.
    pub is_counted: bool,
    /// Tickets up to this number were not looked at: their words are not known yet.
    pub unread: i64,
}

/// Keys of words, one of which has to be on a ticket, and how many tickets have them.
type Needed = (Vec<i64>, i64);

/// How far it is looked.
struct Wanted {
    /// So many tickets,
    most: usize,
    /// with numbers before this one.
    below: i64,
    /// Rows that are read to count what there is beyond those.
    counted_rows: usize,
}

/// Words of the dictionary, one of which is to be on a ticket.
#[derive(Debug, Default)]
struct Forms {
    keys: Vec<(i64, Closeness)>,
    n_tickets: i64,
}

/// A word of the dictionary.
struct Entry {
    key: i64,
    text: String,
    n_tickets: i64,
}

impl Store {
    /// Tickets that have the words that are needed.
    ///
    /// # Errors
    /// The store's own.
    pub async fn search_tickets(
        &self,
        asked: &Asked,
        narrowed: &Narrowed,
    ) -> Result<Found, StoreError> {
        let mut on = self.reader().await?;
        let (unread, newest) = extent(&mut on).await?;
        let said = forms(&mut on, &asked.words).await?;
        let mut needed = narrowed.needed(&mut on).await?;
        let words = asked.words.iter().zip(&said);
        let words = words.filter(|(word, _)| word.is_needed);
        needed.extend(words.map(|(_, forms)| forms.keys()));
        let mut found = Found {
            unread,
            is_counted: true,
            ..Found::default()
        };
        let wanted = Wanted {
            most: MOST_RANKED,
            below: newest + 1,
            counted_rows: COUNTED_ROWS,
        };
        let numbers = meet(&mut on, needed, wanted, &mut found).await?;
        let candidates = candidates(&mut on, &numbers, &said).await?;
        let rarities = said.iter().map(|forms| rarity(forms.n_tickets, newest));
        found.ranked = rank(&candidates, &rarities.collect::<Vec<_>>());
        Ok(found)
    }
}

impl Narrowed {
    /// What every ticket has to have.
    async fn needed(&self, on: &mut sqlx::AnyConnection) -> Result<Vec<Needed>, StoreError> {
        let states = self.states.iter().map(|state| of_state(state.as_str()));
        let sites = self.sites.as_ref();
        let assignee = self.assignee.as_ref().map(|whose| match whose {
            Whose::Nobody => of_assignee(None),
            Whose::Account(name) => of_assignee(Some(name)),
        });
        let properties = [
            sites.map(|sites| sites.iter().map(|site| of_site(*site)).collect()),
            Some(states.collect()).filter(|states: &Vec<_>| !states.is_empty()),
            assignee.map(|word| vec![word]),
            self.device.as_deref().map(|id| vec![of_device(id)]),
            self.asset.as_deref().map(|id| vec![of_asset(id)]),
            self.tag.as_deref().map(|tag| vec![of_tag(tag)]),
            self.watcher.as_deref().map(|name| vec![of_watcher(name)]),
            self.tier.map(|tier| vec![of_tier(tier)]),
            self.priority.map(|priority| vec![of_priority(priority)]),
            self.waiting_for.map(|what| vec![of_waiting_for(what)]),
        ];
        let mut needed = Vec::new();
        for properties in properties.into_iter().flatten() {
            needed.push(exactly(on, &properties).await?);
        }
        Ok(needed)
    }
}

/// The newest `most` tickets before `below` that are such, by their properties in the index; none: it does not know all
/// tickets yet.
pub(in super::super) async fn newest(
    on: &mut sqlx::AnyConnection,
    narrowed: &Narrowed,
    below: i64,
    most: usize,
) -> Result<Option<Vec<i64>>, StoreError> {
    let (unread, newest) = extent(on).await?;
    if unread > 0 {
        return Ok(None);
    }
    let needed = narrowed.needed(on).await?;
    let wanted = Wanted {
        most,
        below: below.min(newest + 1),
        counted_rows: 0,
    };
    meet(on, needed, wanted, &mut Found::default())
        .await
        .map(Some)
}

impl Forms {
    fn keys(&self) -> Needed {
        let keys = self.keys.iter().map(|(key, _)| *key);
        (keys.collect(), self.n_tickets)
    }
}

/// Up to which number the index does not know tickets yet, and the newest that it knows.
async fn extent(on: &mut sqlx::AnyConnection) -> Result<(i64, i64), StoreError> {
    let unread = Query::new("SELECT unread FROM search_progress")
        .read_optional(on, |columns| columns.int())
        .await?;
    let newest = Query::new("SELECT MAX(ticket) FROM search_bags")
        .read_optional(on, |columns| columns.opt_int())
        .await?;
    Ok((
        unread.unwrap_or_default(),
        newest.flatten().unwrap_or_default(),
    ))
}

async fn exactly(on: &mut sqlx::AnyConnection, words: &[String]) -> Result<Needed, StoreError> {
    let (mut keys, mut n_tickets) = (Vec::new(), 0);
    let words: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
    for words in in_lists(&words) {
        let found = Query::new("SELECT word_key, text, n_tickets FROM search_words WHERE text IN ")
            .list(words)
            .read(on, entry)
            .await?;
        n_tickets += found.iter().map(|entry| entry.n_tickets).sum::<i64>();
        keys.extend(found.into_iter().map(|entry| entry.key));
    }
    Ok((keys, n_tickets))
}

fn entry(columns: &mut Columns<'_>) -> Result<Entry, StoreError> {
    Ok(Entry {
        key: columns.int()?,
        text: text(columns.bytes()?)?,
        n_tickets: columns.int()?,
    })
}

/// What each word of a question stands for.
async fn forms(on: &mut sqlx::AnyConnection, words: &[Word]) -> Result<Vec<Forms>, StoreError> {
    let texts: Vec<&[u8]> = words.iter().map(|word| word.text.as_bytes()).collect();
    let mut exact = HashMap::new();
    for texts in in_lists(&texts) {
        let found = Query::new("SELECT word_key, text, n_tickets FROM search_words WHERE text IN ")
            .list(texts)
            .read(on, entry)
            .await?;
        exact.extend(found.into_iter().map(|entry| (entry.text.clone(), entry)));
    }
    let mut all = Vec::with_capacity(words.len());
    for word in words {
        let mut forms = Forms::default();
        if let Some(entry) = exact.get(&word.text) {
            forms.keys.push((entry.key, Closeness::Exactly));
            forms.n_tickets += entry.n_tickets;
        }
        let related = related(on, word).await?;
        forms.take(related, Closeness::Related);
        if word.is_beginning {
            let begun = beginning(on, &word.text).await?;
            forms.take(begun, Closeness::Beginning);
        }
        all.push(forms);
    }
    Ok(all)
}

impl Forms {
    /// The commonest of them; equally common ones by their letters, so that both stores take the same.
    fn take(&mut self, mut entries: Vec<Entry>, closeness: Closeness) {
        entries.sort_by(|one, other| {
            let rarer = other.n_tickets.cmp(&one.n_tickets);
            rarer.then_with(|| one.text.cmp(&other.text))
        });
        for entry in entries {
            let is_known = self.keys.iter().any(|(key, _)| *key == entry.key);
            if self.keys.len() < MOST_FORMS && !is_known {
                self.keys.push((entry.key, closeness));
                self.n_tickets += entry.n_tickets;
            }
        }
    }
}

async fn related(on: &mut sqlx::AnyConnection, word: &Word) -> Result<Vec<Entry>, StoreError> {
    let Some(last) = word.stems.last() else {
        return Ok(Vec::new());
    };
    let first = word.stems.first().unwrap_or(last);
    Query::new(
        "SELECT w.word_key, w.text, w.n_tickets FROM search_words w WHERE w.word_key IN \
         (SELECT word_key FROM search_stems WHERE stem IN ($1, $2)) ORDER BY w.text LIMIT $3",
    )
    .bind(first.as_bytes())
    .bind(last.as_bytes())
    .bind(MOST_LOOKED_AT)
    .read(on, entry)
    .await
}

async fn beginning(on: &mut sqlx::AnyConnection, text: &str) -> Result<Vec<Entry>, StoreError> {
    let mut end = text.as_bytes().to_vec();
    // No byte of UTF-8 is 0xFF.
    end.push(0xff);
    Query::new(
        "SELECT word_key, text, n_tickets FROM search_words WHERE text > $1 AND text < $2 ORDER BY text LIMIT $3",
    )
    .bind(text.as_bytes())
    .bind(end)
    .bind(MOST_LOOKED_AT)
    .read(on, entry)
    .await
}

/// The newest tickets that have one of each; counts what else it comes by.
async fn meet(
    on: &mut sqlx::AnyConnection,
    mut needed: Vec<Needed>,
    wanted: Wanted,
    found: &mut Found,
) -> Result<Vec<i64>, StoreError> {
    let mut numbers = Vec::new();
    if needed.iter().any(|(keys, _)| keys.is_empty()) || wanted.below <= 0 {
        return Ok(numbers);
    }
    needed.sort_by_key(|(_, n_tickets)| *n_tickets);
    let (mut n_blocks, mut n_rows) = (FIRST_BLOCKS, 0);
    let last = place(wanted.below - 1).0;
    let mut above = last + 1;
    while above > 0 {
        if numbers.len() >= wanted.most && n_rows >= wanted.counted_rows {
            found.is_counted = false;
            break;
        }
        let from = (above - n_blocks).max(0);
        let mut present: Option<BTreeMap<i64, Block>> = None;
        for (keys, _) in &needed {
            let among = present.as_ref().map(|present| present.keys().copied());
            let among: Vec<i64> = match among {
                Some(among) => among.collect(),
                None => (from..above).collect(),
            };
            let Some(rows) = rows(on, keys, &among).await? else {
                break;
            };
            n_rows += rows.len();
            let mut joined: BTreeMap<i64, Block> = BTreeMap::new();
            for (block, tickets) in rows {
                joined
                    .entry(block)
                    .or_insert_with(Block::empty)
                    .join(&tickets);
            }
            if let Some(present) = present {
                joined.retain(|block, tickets| {
                    present.get(block).is_some_and(|before| {
                        tickets.meet(before);
                        !tickets.is_empty()
                    })
                });
            }
            present = Some(joined);
        }
        for (block, tickets) in present.unwrap_or_default().iter_mut().rev() {
            if *block == last {
                tickets.cut(place(wanted.below - 1).1 + 1);
            }
            found.n_found += tickets.len() as i64;
            let missing = wanted.most - numbers.len();
            let places = tickets.places().rev().take(missing);
            numbers.extend(places.map(|place| block * TICKETS + place as i64));
        }
        above = from;
        n_blocks = (n_blocks * MORE_BLOCKS).min(MOST_BLOCKS);
    }
    Ok(numbers)
}

/// The rows of some words in some blocks; none: there are no blocks.
async fn rows(
    on: &mut sqlx::AnyConnection,
    keys: &[i64],
    blocks: &[i64],
) -> Result<Option<Vec<(i64, Block)>>, StoreError> {
    let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else {
        return Ok(None);
    };
    let mut rows = Vec::new();
    for keys in in_lists(keys) {
        let mut query =
            Query::new("SELECT block, tickets FROM search_blocks WHERE word_key IN ").list(keys);
        query = match last - first < 2 * blocks.len() as i64 {
            true => query
                .push(" AND block >= ")
                .arg(*first)
                .push(" AND block <= ")
                .arg(*last),
            false => query
                .push(" AND block IN ")
                .list(in_lists(blocks).next().unwrap_or_default()),
        };
        let found = query
            .read(on, |columns| {
                Ok((columns.int()?, Block::of(&columns.bytes()?)?))
            })
            .await?;
        rows.extend(found);
    }
    Ok(Some(rows))
}

/// What the tickets say of what was asked.
async fn candidates(
    on: &mut sqlx::AnyConnection,
    numbers: &[i64],
    said: &[Forms],
) -> Result<Vec<Candidate>, StoreError> {
    let mut candidates = Vec::with_capacity(numbers.len());
    for numbers in in_lists(numbers) {
        let bags = Query::new(
            "SELECT ticket, opened_at, n_words, words FROM search_bags WHERE ticket IN ",
        )
        .list(numbers)
        .read(on, |columns| {
            let number = columns.int()?;
            let bag = Bag::of(columns.int()?, columns.int()?, &columns.bytes()?)?;
            Ok((number, bag))
        })
        .await?;
        candidates.extend(bags.into_iter().map(|(number, bag)| Candidate {
            number,
            opened_at: bag.opened_at,
            n_words: bag.n_words,
            weights: said.iter().map(|forms| forms.weigh(&bag)).collect(),
        }));
    }
    Ok(candidates)
}

impl Forms {
    fn weigh(&self, bag: &Bag) -> u32 {
        let weights = self.keys.iter().filter_map(|(key, closeness)| {
            let occurrence = bag.occurrence(*key)?;
            Some(weight(occurrence, *closeness))
        });
        weights.sum()
    }
}
