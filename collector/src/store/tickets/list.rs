//! Tickets as a list: the newest first, or in the order of the queue.

use crate::desk::view::Whose;
use crate::desk::{Priority, State, Tier, WaitingFor};

use super::super::dialect::Dialect;
use super::super::search::{self, Narrowed};
use super::super::{Id, Query, Store, StoreError, TimeUs, Value};
use super::{NumberedTicket, SELECT, assets, marks, rank, read};

/// Which tickets a list holds.
#[derive(Debug, Clone, Default)]
pub struct TicketFilter {
    /// Only of these sites; none: of all.
    pub sites: Option<Vec<i64>>,
    pub states: Vec<State>,
    pub assignee: Option<Whose>,
    pub device_key: Option<i64>,
    pub asset: Option<Id>,
    pub tag: Option<String>,
    /// Watched by this account.
    pub watcher: Option<String>,
    pub tier: Option<Tier>,
    pub priority: Option<Priority>,
    pub waiting_for: Option<WaitingFor>,
    /// With what is due until then, of those in the queue.
    pub due_until: Option<TimeUs>,
    /// Only these; none: all.
    pub numbers: Option<Vec<i64>>,
    /// Numbers before this one; none: from the newest.
    pub before: Option<i64>,
    /// In the order of the queue instead, after this place; none: from its head.
    pub queue: Option<Option<Place>>,
    pub most: u32,
}

/// Where a ticket stands in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    queue_at: i64,
    number: i64,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.queue_at, self.number)
    }
}

impl std::str::FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (queue_at, number) = text.split_once('.').ok_or(())?;
        Ok(Self {
            queue_at: queue_at.parse().map_err(|_| ())?,
            number: number.parse().map_err(|_| ())?,
        })
    }
}

/// Which tickets such a list holds, by the search index: however few of all they are, and whatever few properties say so,
/// it is asked no more. None: it does not know all tickets yet, or every ticket is one.
async fn newest(
    on: &mut sqlx::AnyConnection,
    filter: &TicketFilter,
) -> Result<Option<Vec<i64>>, StoreError> {
    let device = match filter.device_key {
        None => None,
        Some(device_key) => {
            Query::new("SELECT id FROM devices WHERE device_key = $1")
                .bind(device_key)
                .read_optional(on, |columns| columns.text())
                .await?
        }
    };
    let narrowed = Narrowed {
        sites: filter.sites.clone(),
        states: filter.states.clone(),
        assignee: filter.assignee.clone(),
        device,
        asset: filter.asset.map(|id| id.to_string()),
        tag: filter.tag.clone(),
        watcher: filter.watcher.clone(),
        tier: filter.tier,
        priority: filter.priority,
        waiting_for: filter.waiting_for,
    };
    if narrowed == Narrowed::default() {
        return Ok(None);
    }
    let below = filter.before.unwrap_or(i64::MAX);
    search::newest(on, &narrowed, below, filter.most as usize).await
}

/// What a filter says of the rows. `is_found`: it is known how they are found, and by no column of these are they looked for.
fn narrowed(filter: &TicketFilter, dialect: Dialect, is_found: bool) -> Query {
    let column = |name: &str| match is_found {
        true => dialect.not_by_index(name),
        false => name.to_owned(),
    };
    let mut query = Query::new(SELECT)
        .push("WHERE t.number < ")
        .arg(filter.before.unwrap_or(i64::MAX));
    if let Some(sites) = &filter.sites {
        query = query
            .push(&format!(" AND {} IN ", column("t.site_key")))
            .list(sites.iter().copied());
    }
    if !filter.states.is_empty() {
        query = query
            .push(&format!(" AND {} IN ", column("t.state")))
            .list(filter.states.iter().map(|state| state.as_str()));
    }
    query = match &filter.assignee {
        None => query,
        Some(Whose::Nobody) => query.push(&format!(" AND {} IS NULL", column("t.assignee"))),
        Some(Whose::Account(name)) => query
            .push(&format!(" AND {} = ", column("t.assignee")))
            .arg(name),
    };
    for (name, value) in [
        ("t.tier", filter.tier.map(Tier::as_str).map(Value::from)),
        ("t.priority", filter.priority.map(rank).map(Value::from)),
        (
            "t.waiting_for",
            filter.waiting_for.map(WaitingFor::as_str).map(Value::from),
        ),
    ] {
        if let Some(value) = value {
            query = query.push(&format!(" AND {} = ", column(name))).arg(value);
        }
    }
    if let Some(until) = filter.due_until {
        query = query.push(" AND t.queue_at <= ").arg(until);
    }
    if let Some(device_key) = filter.device_key {
        query = query
            .push(" AND t.number IN (SELECT ticket FROM ticket_devices WHERE device_key = ")
            .arg(device_key)
            .push(")");
    }
    if let Some(asset) = filter.asset {
        query = query
            .push(" AND t.number IN (SELECT ticket FROM ticket_assets WHERE asset = ")
            .arg(asset)
            .push(")");
    }
    for (kind, word) in [(marks::TAG, &filter.tag), (marks::WATCHER, &filter.watcher)] {
        if let Some(word) = word {
            // Looked up for each ticket that is come by: many may have the tag.
            query = query
                .push(
                    " AND EXISTS (SELECT 1 FROM ticket_marks m WHERE m.ticket = t.number AND m.kind = ",
                )
                .arg(kind)
                .push(" AND m.word = ")
                .arg(word)
                .push(")");
        }
    }
    query
}

impl Store {
    /// A ticket's place in the queue; none: it is not in it.
    ///
    /// # Errors
    /// The store's own.
    pub async fn place(&self, number: i64) -> Result<Option<Place>, StoreError> {
        let mut on = self.reader().await?;
        let found = Query::new("SELECT queue_at FROM tickets WHERE number = $1")
            .bind(number)
            .read_optional(&mut on, |columns| columns.opt_int())
            .await?;
        Ok(found.flatten().map(|queue_at| Place { queue_at, number }))
    }

    /// A page of tickets, the newest first unless the filter says otherwise.
    ///
    /// # Errors
    /// The store's own.
    pub async fn tickets(&self, filter: &TicketFilter) -> Result<Vec<NumberedTicket>, StoreError> {
        let mut on = self.reader().await?;
        let numbers = match (&filter.numbers, filter.queue) {
            (Some(numbers), _) => Some(numbers.clone()),
            (None, Some(_)) => None,
            (None, None) => newest(&mut on, filter).await?,
        };
        let mut query = narrowed(
            filter,
            self.dialect,
            numbers.is_some() || filter.queue.is_some(),
        );
        if let Some(numbers) = numbers {
            query = query.push(" AND t.number IN ").list(numbers);
        }
        let query = match filter.queue {
            None => query.push(" ORDER BY t.number DESC LIMIT "),
            Some(after) => {
                if let Some(after) = after {
                    query = query
                        .push(" AND (t.queue_at, t.number) > (")
                        .arg(after.queue_at)
                        .push(", ")
                        .arg(after.number)
                        .push(")");
                }
                query.push(" AND t.queue_at IS NOT NULL ORDER BY t.queue_at, t.number LIMIT ")
            }
        };
        let mut tickets = query.arg(filter.most).read(&mut on, read).await?;
        let devices = Query::new(
            "SELECT t.ticket, d.id FROM ticket_devices t JOIN devices d ON d.device_key = t.device_key \
             WHERE t.ticket IN ",
        )
        .list(tickets.iter().map(|ticket| ticket.number))
        .push(" ORDER BY t.ticket, t.position")
        .read(&mut on, |columns| Ok((columns.int()?, columns.text()?)))
        .await?;
        for ticket in &mut tickets {
            let own = devices.iter().filter(|(of, _)| *of == ticket.number);
            ticket.ticket.devices = own.map(|(_, id)| id.clone()).collect();
        }
        assets::read(&mut on, &mut tickets).await?;
        marks::read(&mut on, &mut tickets).await?;
        Ok(tickets)
    }
}
