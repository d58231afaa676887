//! Tickets by their words. The index follows from the events like the other rows of a ticket, in the same transaction; words
//! are made in `desk/words.rs`, and the store only matches them.
//!
//! Properties that tickets are narrowed by (site, state, assignee, tier, devices, assets and others) are words too, so that a caller who sees few
//! sites, or who looks among few tickets, costs no more than one who sees all.

mod ask;
mod bag;
mod block;
#[cfg(any(test, feature = "load"))]
mod many;
mod properties;
#[cfg(test)]
pub(super) mod tests;

pub(super) use ask::newest;
pub use ask::{Found, MOST_RANKED, Narrowed};
#[cfg(any(test, feature = "load"))]
pub(super) use many::{BLOCK, IndexLoader};

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::desk::Event;
use crate::desk::words::{stems, words};

use super::tickets::{Happened, NumberedTicket, load, timeline_of};
use super::{Id, Query, Store, StoreError, Tx, Value, insert_rows};
use crate::wording::wording;
use bag::{Bag, Field};
use block::{Block, place};
use properties::properties;

/// Lists in a statement have one of these lengths: few different texts, so that each is prepared once.
const LENGTHS: [usize; 5] = [1, 4, 16, 64, 256];

impl Store {
    /// Takes the words of the next `most` tickets that were written before there was an index, the newest first. Gives the
    /// number up to which the words of tickets are not known yet; 0: all are.
    ///
    /// # Errors
    /// The store's own.
    pub async fn index_older(&self, most: u32) -> Result<i64, StoreError> {
        self.write(most, |tx, most| Box::pin(older(tx, *most)))
            .await
    }
}

/// Keeps what one more event says, and what the ticket is after it.
pub(super) async fn index(
    tx: &mut Tx,
    before: Option<&NumberedTicket>,
    after: &NumberedTicket,
    event: &Event,
) -> Result<(), StoreError> {
    let thing = thing(event).filter(|thing| !before.is_some_and(|before| thing.is_on(before)));
    let is_the_same = before.is_some_and(|before| properties(before) == properties(after));
    let mut texts = said(event);
    if texts.is_empty() && thing.is_none() && is_the_same {
        return Ok(());
    }
    let known = read(tx, after.number).await?;
    let mut bag = match (&known, before) {
        (Some(known), _) => known.clone(),
        (None, None) => Bag::new(after.ticket.opened_at),
        // It was written before there was an index.
        (None, Some(_)) => return rebuild(tx, after).await,
    };
    let name = match thing {
        Some(thing) => thing.name(tx).await?,
        None => None,
    };
    texts.extend(name.as_deref().map(|name| (Field::Name, name)));
    learn(tx, &mut bag, &texts).await?;
    keep(tx, after, known.as_ref(), bag, false).await
}

/// Makes a ticket's part of the index anew from its events.
pub(super) async fn rebuild(tx: &mut Tx, ticket: &NumberedTicket) -> Result<(), StoreError> {
    let known = read(tx, ticket.number).await?;
    let mut bag = Bag::new(ticket.ticket.opened_at);
    let mut things = BTreeSet::new();
    for happened in timeline_of(tx, ticket.number).await? {
        let Happened::Known(event) = &happened.event else {
            continue;
        };
        let mut texts = said(event);
        let name = match thing(event) {
            Some(thing) if things.insert(thing.id().to_owned()) => thing.name(tx).await?,
            Some(_) | None => None,
        };
        if let Event::DeviceRemoved { device: thing, .. } | Event::AssetRemoved { asset: thing } =
            event
        {
            things.remove(thing);
        }
        texts.extend(name.as_deref().map(|name| (Field::Name, name)));
        learn(tx, &mut bag, &texts).await?;
    }
    keep(tx, ticket, known.as_ref(), bag, true).await
}

/// Forgets the words that no ticket has.
pub(super) async fn forget_unused(tx: &mut Tx) -> Result<(), StoreError> {
    for rows in [
        "DELETE FROM search_stems WHERE word_key IN (SELECT word_key FROM search_words WHERE n_tickets <= 0)",
        "DELETE FROM search_words WHERE n_tickets <= 0",
    ] {
        Query::new(rows).execute(&mut tx.on).await?;
    }
    Ok(())
}

/// What an event says that somebody may look for.
fn said(event: &Event) -> Vec<(Field, &str)> {
    match event {
        Event::Opened {
            title, requester, ..
        } => {
            let requester = requester.as_deref().map(|name| (Field::Name, name));
            [(Field::Title, title.as_str())]
                .into_iter()
                .chain(requester)
                .collect()
        }
        Event::RequesterChanged { to, .. } => {
            vec![(Field::Name, to)]
        }
        Event::Noted { text }
        | Event::Messaged { text, .. }
        | Event::TierChanged { reason: text, .. }
        | Event::StateChanged {
            reason: Some(text), ..
        } => vec![(Field::Text, text)],
        Event::StateChanged { reason: None, .. }
        | Event::Assigned { .. }
        | Event::PriorityChanged { .. }
        | Event::DeviceAdded { .. }
        | Event::DeviceRemoved { .. }
        | Event::DeviceAway { .. }
        | Event::AssetAdded { .. }
        | Event::AssetRemoved { .. }
        | Event::WorkAsked { .. }
        | Event::WorkEnded { .. }
        | Event::RemoteOpened { .. }
        | Event::IncidentDeclared { .. }
        | Event::JoinedIncident { .. }
        | Event::SnapshotTaken { .. }
        | Event::ConsentAsked { .. }
        | Event::ConsentAnswered { .. }
        | Event::ConsentUnanswered { .. }
        | Event::ConsentWithdrawn { .. }
        | Event::TagRemoved { .. }
        | Event::WatcherAdded { .. }
        | Event::WatcherRemoved { .. }
        | Event::Linked { .. }
        | Event::Unlinked { .. }
        | Event::Rechecked {}
        | Event::ClockWarned { .. } => Vec::new(),
        Event::TagAdded { tag: text } | Event::Attached { name: text, .. } => {
            vec![(Field::Text, text)]
        }
    }
}

/// What a ticket is about, by its id.
enum Thing<'a> {
    Device(&'a str),
    Asset(&'a str),
}

/// What the ticket is about from this event on, if it was not before.
fn thing(event: &Event) -> Option<Thing<'_>> {
    if let Event::DeviceAdded { device } | Event::WorkAsked { device, .. } = event {
        return Some(Thing::Device(device));
    }
    if let Event::AssetAdded { asset } = event {
        return Some(Thing::Asset(asset));
    }
    None
}

impl Thing<'_> {
    fn id(&self) -> &str {
        match self {
            Self::Device(id) | Self::Asset(id) => id,
        }
    }

    fn is_on(&self, ticket: &NumberedTicket) -> bool {
        let known = match self {
            Self::Device(_) => &ticket.ticket.devices,
            Self::Asset(_) => &ticket.ticket.assets,
        };
        known.iter().any(|known| known == self.id())
    }

    async fn name(&self, tx: &mut Tx) -> Result<Option<String>, StoreError> {
        let named = match self {
            Self::Device(id) => Query::new("SELECT hostname FROM devices WHERE id = $1").bind(*id),
            Self::Asset(id) => match id.parse::<Id>() {
                Ok(id) => Query::new("SELECT name FROM assets WHERE id = $1").bind(id),
                Err(_) => return Ok(None),
            },
        };
        named
            .read_optional(&mut tx.on, |columns| columns.text())
            .await
    }
}

async fn read(tx: &mut Tx, ticket: i64) -> Result<Option<Bag>, StoreError> {
    Query::new("SELECT opened_at, n_words, words FROM search_bags WHERE ticket = $1")
        .bind(ticket)
        .read_optional(&mut tx.on, |columns| {
            Bag::of(columns.int()?, columns.int()?, &columns.bytes()?)
        })
        .await
}

/// Puts texts into a bag.
async fn learn(tx: &mut Tx, bag: &mut Bag, texts: &[(Field, &str)]) -> Result<(), StoreError> {
    let mut all = Vec::new();
    for (field, text) in texts {
        all.extend(words(text).into_iter().map(|word| (*field, word)));
    }
    let keys = intern(tx, all.iter().map(|(_, word)| word.as_str())).await?;
    for (field, word) in &all {
        if let Some(key) = keys.get(word.as_str()) {
            bag.say(*key, *field);
        }
    }
    Ok(())
}

/// The keys of words, which get one if they have none.
async fn intern(
    tx: &mut Tx,
    words: impl Iterator<Item = &str>,
) -> Result<HashMap<String, i64>, StoreError> {
    let wanted: BTreeSet<&str> = words.collect();
    let mut keys = keys(tx, wanted.iter().copied()).await?;
    let new: Vec<&str> = wanted
        .into_iter()
        .filter(|word| !keys.contains_key(*word))
        .collect();
    if new.is_empty() {
        return Ok(keys);
    }
    let rows = new
        .iter()
        .map(|word| vec![word.as_bytes().into(), 0_i64.into()]);
    let head = "INSERT INTO search_words (text, n_tickets) VALUES ";
    insert_rows(&mut tx.on, head, rows.collect(), "").await?;
    let made = self::keys(tx, new.iter().copied()).await?;
    let of_word = made
        .iter()
        .flat_map(|(word, key)| stems(word).into_iter().map(|stem| (stem, *key)));
    let rows = of_word.map(|(stem, key)| vec![stem.into_bytes().into(), key.into()]);
    let head = "INSERT INTO search_stems (stem, word_key) VALUES ";
    insert_rows(&mut tx.on, head, rows.collect(), "").await?;
    keys.extend(made);
    Ok(keys)
}

async fn keys(
    tx: &mut Tx,
    words: impl Iterator<Item = &str>,
) -> Result<HashMap<String, i64>, StoreError> {
    let mut keys = HashMap::new();
    let words: Vec<&[u8]> = words.map(str::as_bytes).collect();
    for words in in_lists(&words) {
        let found = Query::new("SELECT text, word_key FROM search_words WHERE text IN ")
            .list(words)
            .read(&mut tx.on, |columns| {
                Ok((text(columns.bytes()?)?, columns.int()?))
            })
            .await?;
        keys.extend(found);
    }
    Ok(keys)
}

fn text(bytes: Vec<u8>) -> Result<String, StoreError> {
    String::from_utf8(bytes).map_err(|error| StoreError::Broken(error.to_string()))
}

/// Lists of a few lengths, the last one filled up with what it has.
fn in_lists<T: Copy>(values: &[T]) -> impl Iterator<Item = Vec<T>> {
    let longest = LENGTHS.last().copied().unwrap_or(1);
    values.chunks(longest).map(|values| {
        let length = LENGTHS.iter().find(|length| **length >= values.len());
        let mut list = values.to_vec();
        if let (Some(length), Some(last)) = (length, values.last()) {
            list.resize(*length, *last);
        }
        list
    })
}

/// Writes what a ticket's words are now. `anew`: whatever is known of them may be wrong.
async fn keep(
    tx: &mut Tx,
    ticket: &NumberedTicket,
    known: Option<&Bag>,
    mut bag: Bag,
    anew: bool,
) -> Result<(), StoreError> {
    let properties = properties(ticket);
    let own = intern(tx, properties.iter().map(String::as_str)).await?;
    bag.is(&own.into_values().collect::<Vec<_>>());
    let is_known = |key: &i64| !anew && known.is_some_and(|known| known.has(*key));
    let added: Vec<i64> = bag.keys().filter(|key| !is_known(key)).collect();
    let gone = known.into_iter().flat_map(Bag::keys);
    let gone: Vec<i64> = gone.filter(|key| !bag.has(*key)).collect();
    mark(tx, ticket.number, &added, true).await?;
    mark(tx, ticket.number, &gone, false).await?;
    Query::new(
        "INSERT INTO search_bags (ticket, opened_at, n_words, words) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (ticket) DO UPDATE SET n_words = excluded.n_words, words = excluded.words",
    )
    .bind(ticket.number)
    .bind(bag.opened_at)
    .bind(bag.n_words)
    .bind(bag.bytes())
    .execute(&mut tx.on)
    .await?;
    Ok(())
}

/// Says of words that a ticket has them, or has them no more.
async fn mark(tx: &mut Tx, ticket: i64, keys: &[i64], is_there: bool) -> Result<(), StoreError> {
    let (block, place) = place(ticket);
    for keys in in_lists(keys) {
        let known = Query::new(
            "SELECT word_key, tickets FROM search_blocks WHERE block = $1 AND word_key IN ",
        )
        .bind(block)
        .list(keys.iter().copied())
        .read(&mut tx.on, |columns| {
            Ok((columns.int()?, Block::of(&columns.bytes()?)?))
        })
        .await?;
        let mut blocks: BTreeMap<i64, Block> = known.into_iter().collect();
        let (mut changed, mut rows, mut emptied) = (Vec::new(), Vec::new(), Vec::new());
        for key in keys.iter().copied().collect::<BTreeSet<_>>() {
            let one = blocks.entry(key).or_insert_with(Block::empty);
            let is_changed = match is_there {
                true => one.insert(place),
                false => one.remove(place),
            };
            match is_changed {
                false => continue,
                true if one.is_empty() => emptied.push(key),
                true => rows.push(vec![key.into(), block.into(), Value::from(one.bytes())]),
            }
            changed.push(key);
        }
        insert_rows(
            &mut tx.on,
            "INSERT INTO search_blocks (word_key, block, tickets) VALUES ",
            rows,
            " ON CONFLICT (word_key, block) DO UPDATE SET tickets = excluded.tickets",
        )
        .await?;
        for keys in in_lists(&emptied) {
            Query::new("DELETE FROM search_blocks WHERE block = $1 AND word_key IN ")
                .bind(block)
                .list(keys)
                .execute(&mut tx.on)
                .await?;
        }
        for keys in in_lists(&changed) {
            Query::new("UPDATE search_words SET n_tickets = n_tickets + $1 WHERE word_key IN ")
                .bind(if is_there { 1_i64 } else { -1 })
                .list(keys)
                .execute(&mut tx.on)
                .await?;
        }
    }
    Ok(())
}

async fn older(tx: &mut Tx, most: u32) -> Result<i64, StoreError> {
    let unread = Query::new("SELECT unread FROM search_progress")
        .read_optional(&mut tx.on, |columns| columns.int())
        .await?
        .unwrap_or_default();
    if unread == 0 {
        return Ok(0);
    }
    let numbers =
        Query::new("SELECT number FROM tickets WHERE number <= $1 ORDER BY number DESC LIMIT $2")
            .bind(unread)
            .bind(i64::from(most))
            .read(&mut tx.on, |columns| columns.int())
            .await?;
    for number in &numbers {
        let ticket = load(&mut tx.on, *number).await?;
        rebuild(
            tx,
            &ticket.ok_or(StoreError::not_found(wording!("ticket")))?,
        )
        .await?;
    }
    let unread = numbers.last().map_or(0, |last| last - 1);
    Query::new("UPDATE search_progress SET unread = $1")
        .bind(unread)
        .execute(&mut tx.on)
        .await?;
    Ok(unread)
}
