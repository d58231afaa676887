//! Loads whole histories of tickets, thousands at a time, into a store that nobody else works with: what measurements are
//! made on. The rows are those that the ordinary path makes, event by event; a test compares them. A load that is
//! broken off leaves a store that is of no use.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::desk::sla::{Book, Standing, Step, clocks};
use crate::desk::{Event, State, Ticket, Tier, WaitingFor, ticket};

use super::super::search::{BLOCK, IndexLoader};
use super::super::{Query, Store, StoreError, TimeUs, Value, desk_rules, insert_rows};
use super::clocks::NOTHING_DUE;
use super::{NumberedTicket, rank};
use crate::wording::wording;

/// Rows of one transaction.
const ROWS_AT_ONCE: usize = 20_000;

/// What happened to a ticket: each event, whose deed it was, and when.
#[derive(Debug, Clone)]
pub struct History(pub Vec<(Event, String, TimeUs)>);

/// Takes histories, the next number each.
pub struct TicketLoader {
    store: Store,
    sites: HashMap<String, i64>,
    /// Keys and host names by id.
    devices: HashMap<String, (i64, String)>,
    book: Option<Arc<Book>>,
    index: IndexLoader,
    next: i64,
}

/// A table's rows: the statement's beginning, and what stands in it.
type Rows = (&'static str, Vec<Vec<Value>>);

const TICKETS: &str = "INSERT INTO tickets (number, site_key, title, state, waiting_for, priority, requester, assignee, opened_by, \
     opened_at, changed_at, version, incident, incident_check, tier, state_since, queue_at) VALUES ";
const EVENTS: &str = "INSERT INTO ticket_events (ticket, number, at, actor, kind, body) VALUES ";
const DEVICES: &str = "INSERT INTO ticket_devices (ticket, position, device_key) VALUES ";
const CLOCKS: &str = "INSERT INTO ticket_clocks (ticket, position, measure, tier, agreement, target_us, spent_us, reckoned_at, \
     reached_at, is_running, due_at, ended_at, warn_percent, warn_at) VALUES ";

impl TicketLoader {
    /// Reads which sites, devices and promises there are; later ones are not known to it.
    ///
    /// # Errors
    /// Refused: there are tickets already. The store's own.
    pub async fn new(store: Store) -> Result<Self, StoreError> {
        let mut on = store.reader().await?;
        let n_tickets = Query::new("SELECT COUNT(*) FROM tickets")
            .read_optional(&mut on, |columns| columns.int())
            .await?;
        if n_tickets != Some(0) {
            return Err(StoreError::refused(
                "store",
                wording!("there are tickets in it"),
            ));
        }
        let devices = Query::new("SELECT id, device_key, hostname FROM devices")
            .read(&mut on, |columns| {
                Ok((columns.text()?, (columns.int()?, columns.text()?)))
            })
            .await?;
        drop(on);
        let sites = store.sites().await?.into_iter();
        let book = store.write((), |tx, ()| Box::pin(desk_rules::book(tx)));
        Ok(Self {
            sites: sites.map(|site| (site.name, site.site_key)).collect(),
            devices: devices.into_iter().collect(),
            book: book.await?,
            index: IndexLoader::default(),
            next: 1,
            store,
        })
    }

    /// How many to give at a time, so that every block of the index is written once.
    pub fn wanted(&self) -> usize {
        (BLOCK - self.next % BLOCK) as usize
    }

    /// Loads these.
    ///
    /// # Errors
    /// Broken: a history breaks the rules. Not found: a site, a device. The store's own.
    pub async fn take(&mut self, histories: Vec<History>) -> Result<(), StoreError> {
        let mut rows: BTreeMap<&'static str, Vec<Vec<Value>>> = BTreeMap::new();
        for history in histories {
            let number = self.next;
            self.next += 1;
            let (ticket, steps, devices) = self.tell(number, &history, &mut rows)?;
            self.index.say(&ticket, &history, &self.devices);
            let queue_at = self.promise(&ticket, &steps, rows.entry(CLOCKS).or_default());
            rows.entry(DEVICES).or_default().extend(devices);
            rows.entry(TICKETS)
                .or_default()
                .push(row(&ticket, queue_at));
        }
        let mut tables: Vec<Rows> = rows.into_iter().collect();
        // What others refer to comes first.
        tables.sort_by_key(|(table, _)| *table != TICKETS);
        for (table, rows) in tables {
            self.insert(table, rows).await?;
        }
        self.index.keep(&self.store).await
    }

    /// Ends the load.
    ///
    /// # Errors
    /// The store's own.
    pub async fn finish(self) -> Result<(), StoreError> {
        self.index.finish(&self.store).await
    }

    async fn insert(&self, table: &'static str, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
        insert_in_steps(&self.store, table, rows, "").await
    }

    /// The ticket that its events make, with what they leave beside it.
    #[expect(clippy::type_complexity, reason = "three things that one pass gives")]
    fn tell(
        &self,
        number: i64,
        history: &History,
        rows: &mut BTreeMap<&'static str, Vec<Vec<Value>>>,
    ) -> Result<(NumberedTicket, Vec<Step>, Vec<Vec<Value>>), StoreError> {
        let mut present: Option<Ticket> = None;
        let mut steps = Vec::new();
        let mut positions: HashMap<String, i64> = HashMap::new();
        let events = rows.entry(EVENTS).or_default();
        for (event, actor, at) in &history.0 {
            let next = ticket::after(present.as_ref(), event, actor, *at)
                .map_err(|refusal| StoreError::Broken(refusal.to_string()))?;
            if event.moves_clocks() {
                steps.push(Step::of(&next, event, *at));
            }
            positions.retain(|device, _| next.devices.contains(device));
            for device in &next.devices {
                positions.entry(device.clone()).or_insert(next.version);
            }
            let body = serde_json::to_string(event)
                .map_err(|error| StoreError::Broken(error.to_string()))?;
            events.push(vec![
                number.into(),
                next.version.into(),
                (*at).into(),
                actor.into(),
                event.kind().into(),
                body.into(),
            ]);
            present = Some(next);
        }
        let ticket = present.ok_or_else(|| StoreError::Broken("a ticket without events".into()))?;
        let site_key = self.sites.get(&ticket.site).copied();
        let site_key = site_key.ok_or(StoreError::not_found(wording!("site")))?;
        let mut devices = Vec::new();
        for device in &ticket.devices {
            let (key, _) = self
                .devices
                .get(device)
                .ok_or(StoreError::not_found(wording!("device")))?;
            let position = positions.get(device).copied().unwrap_or_default();
            devices.push(vec![number.into(), position.into(), (*key).into()]);
        }
        let ticket = NumberedTicket {
            number,
            site_key,
            ticket,
        };
        Ok((ticket, steps, devices))
    }

    /// The rows of its clocks, and its place in the queue.
    fn promise(
        &self,
        ticket: &NumberedTicket,
        steps: &[Step],
        rows: &mut Vec<Vec<Value>>,
    ) -> Option<i64> {
        let reckoned = match &self.book {
            Some(book) => clocks(steps, book),
            None => Vec::new(),
        };
        for (position, clock) in (0_i64..).zip(&reckoned) {
            let (is_running, warning, ended_at) = match &clock.standing {
                Standing::Running { warning, .. } => (true, *warning, None),
                Standing::Paused => (false, None, None),
                Standing::Ended { ended_at } => (false, None, Some(*ended_at)),
            };
            rows.push(vec![
                ticket.number.into(),
                position.into(),
                clock.measure.as_str().into(),
                clock.tier.map(Tier::as_str).into(),
                (&clock.agreement).into(),
                clock.target_us.into(),
                clock.spent_us.into(),
                clock.at.into(),
                clock.reached_at.into(),
                is_running.into(),
                clock.due_at().into(),
                ended_at.into(),
                warning.map(|(percent, _)| i64::from(percent)).into(),
                warning.map(|(_, at)| at).into(),
            ]);
        }
        let due = reckoned.iter().filter_map(|clock| clock.due_at()).min();
        let own = &ticket.ticket;
        let is_queued = !matches!(own.state, State::Resolved | State::Closed);
        is_queued.then_some(due.unwrap_or(NOTHING_DUE + rank(own.priority)))
    }
}

fn row(ticket: &NumberedTicket, queue_at: Option<i64>) -> Vec<Value> {
    let own = &ticket.ticket;
    vec![
        ticket.number.into(),
        ticket.site_key.into(),
        (&own.title).into(),
        own.state.as_str().into(),
        own.waiting_for.map(WaitingFor::as_str).into(),
        rank(own.priority).into(),
        own.requester.as_deref().into(),
        own.assignee.as_deref().into(),
        (&own.opened_by).into(),
        own.opened_at.into(),
        own.changed_at.into(),
        own.version.into(),
        own.incident.into(),
        own.incident_check.as_deref().into(),
        own.tier.as_str().into(),
        own.state_since.into(),
        queue_at.into(),
    ]
}

/// Rows in several transactions: PostgreSQL is given so long for one.
pub(in super::super) async fn insert_in_steps(
    store: &Store,
    table: &'static str,
    mut rows: Vec<Vec<Value>>,
    tail: &'static str,
) -> Result<(), StoreError> {
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(ROWS_AT_ONCE));
        let step = std::mem::replace(&mut rows, rest);
        let input = (table, step, tail);
        store
            .write(input, |tx, (table, rows, tail)| {
                Box::pin(insert_rows(&mut tx.on, table, rows.clone(), tail))
            })
            .await?;
    }
    Ok(())
}
