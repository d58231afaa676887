//! Tickets: the events are the truth, the rows beside them follow from the events in the same transaction.

mod answers;
mod assets;
mod away;
mod changes;
mod clocks;
mod consents;
mod endings;
mod escalations;
mod help;
#[cfg(any(test, feature = "load"))]
pub mod histories;
mod incidents;
mod list;
mod marks;
mod proof;
#[cfg(test)]
mod rebuilt;
mod rechecks;
mod recoveries;
mod requesters;
mod row;
mod split;
mod timeline;

pub use answers::{MESSAGES_PER_HOUR, RequesterSays};
pub(super) use assets::add as add_asset;
pub(super) use away::back;
pub use changes::TicketChanges;
pub use clocks::{Kept, TicketClock};
pub use consents::TicketConsent;
pub(super) use consents::answer as answer_consent;
pub use endings::{Ended, Endings};
pub(super) use escalations::look_at_alert;
pub use escalations::{Escalated, Tried};
pub(super) use help::take as take_said;
pub use help::{Conversation, HelpMessage, HelpTicket, NewSaid, SaidFate, Taken};
pub use incidents::{JoinIncident, OpenIncident};
pub use list::{Place, TicketFilter};
pub use marks::{LinkTickets, MergeTickets};
pub use proof::Failed;
pub use rechecks::RECHECKER;
pub(super) use rechecks::reopen_if_back;
pub(super) use recoveries::recover;
pub(super) use row::load;
pub use split::SplitTicket;
pub use timeline::{Happened, TimelineEvent};
pub(super) use timeline::{event_of, rewrite, whole as timeline_of};

use crate::desk::MOST_DEVICES;
use crate::desk::matrix::Weight;
use crate::desk::{Event, Listed, Priority, State, Ticket, WaitingFor, happened, ticket};

use super::work::JobChange;
use super::{Columns, DeviceId, Id, Query, Store, StoreError, TimeUs, Tx, search, sites, webhooks};
use crate::wording::{Wording, wording};
use row::{SELECT, forget, named, project, rank, read};

/// A ticket to be opened.
#[derive(Debug, Clone)]
pub struct OpenTicket {
    pub title: String,
    pub site: String,
    pub priority: Priority,
    pub requester: Option<String>,
    /// Who of the directory that is; none: its only one of that name at the site, if there is one.
    pub person: Option<Listed>,
    /// What the priority follows from.
    pub weight: Option<Weight>,
    /// Ids.
    pub devices: Vec<String>,
    /// The first note, if any.
    pub note: Option<String>,
    pub opened_by: String,
    pub at: TimeUs,
}

/// One change of a ticket.
#[derive(Debug, Clone)]
pub struct TicketChange {
    pub number: i64,
    pub event: Event,
    pub actor: String,
    /// The version that the caller saw; none: whichever it is.
    pub expected_version: Option<i64>,
    pub at: TimeUs,
}

/// Events of which a caller is told what changed since they saw a ticket.
const MOST_SINCE: i64 = 50;

/// A ticket under its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedTicket {
    pub number: i64,
    pub site_key: i64,
    pub ticket: Ticket,
}

/// A ticket after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub ticket: NumberedTicket,
    /// Jobs that had not left the collector and will not: the ticket was closed.
    pub cancelled: Vec<JobChange>,
    /// Jobs whose devices have to be told to stop.
    pub to_cancel: Vec<Id>,
}

impl Store {
    /// Opens a ticket under the next number.
    ///
    /// # Errors
    /// Not found: the site or a device. Refused: the title, a device twice.
    pub async fn open_ticket(&self, ticket: OpenTicket) -> Result<NumberedTicket, StoreError> {
        self.write(ticket, |tx, ticket| Box::pin(open(tx, ticket)))
            .await
    }

    /// One more event, if the desk's rules allow it.
    ///
    /// # Errors
    /// Not found: the ticket, a device. Refused: what the rules forbid. Conflict: the version is another.
    pub async fn change_ticket(&self, change: TicketChange) -> Result<Changed, StoreError> {
        self.write(change, |tx, change| Box::pin(apply(tx, change)))
            .await
    }

    /// One ticket.
    ///
    /// # Errors
    /// The store's own.
    pub async fn ticket(&self, number: i64) -> Result<Option<NumberedTicket>, StoreError> {
        let mut on = self.reader().await?;
        load(&mut on, number).await
    }
}

pub(super) async fn open(tx: &mut Tx, ticket: &OpenTicket) -> Result<NumberedTicket, StoreError> {
    let row = Query::new("SELECT COALESCE(MAX(number), 0) + 1 FROM tickets")
        .one(&mut tx.on)
        .await?;
    let number = Columns::of(&row).int()?;
    let person = match (&ticket.person, &ticket.requester) {
        (Some(person), _) => Some(person.clone()),
        (None, Some(name)) => {
            let site_key = sites::site_key(tx, &ticket.site).await?;
            requesters::named(&mut tx.on, site_key, name).await?
        }
        (None, None) => None,
    };
    let opened = Event::Opened {
        title: ticket.title.clone(),
        site: ticket.site.clone(),
        priority: ticket.priority,
        requester: ticket.requester.clone(),
        asked: None,
        person,
        weight: ticket.weight,
    };
    let added = ticket.devices.iter().map(|device| Event::DeviceAdded {
        device: device.clone(),
    });
    let noted = ticket
        .note
        .iter()
        .map(|text| Event::Noted { text: text.clone() });
    let mut present = None;
    for event in [opened].into_iter().chain(added).chain(noted) {
        let next = happen(tx, number, present, &event, &ticket.opened_by, ticket.at).await?;
        present = Some(next);
    }
    let opened = present.ok_or_else(|| StoreError::Broken("a ticket without events".into()))?;
    super::snapshots::owe(tx, number, &opened.ticket.devices, ticket.at).await?;
    Ok(opened)
}

/// Adds an event and what follows from it.
pub(super) async fn happen(
    tx: &mut Tx,
    number: i64,
    present: Option<NumberedTicket>,
    event: &Event,
    actor: &str,
    at: TimeUs,
) -> Result<NumberedTicket, StoreError> {
    let next = ticket::after(present.as_ref().map(|p| &p.ticket), event, actor, at)
        .map_err(StoreError::from)?;
    let next = project(tx, number, present.as_ref(), next).await?;
    timeline::append(tx, number, next.ticket.version, event, actor, at).await?;
    consents::follow(tx, number, event, actor, at).await?;
    search::index(tx, present.as_ref(), &next, event).await?;
    webhooks::owe(tx, &next, event, at).await?;
    if event.moves_clocks() {
        clocks::reckon(tx, &next).await?;
    }
    escalations::follow(tx, present.as_ref(), &next, event).await?;
    Ok(next)
}

/// Tickets of a device that are not closed are about another one of its site from now on: the same machine, enrolled
/// anew.
pub(super) async fn hand_on(
    tx: &mut Tx,
    from: &DeviceId,
    to: &DeviceId,
    by: &str,
    at: TimeUs,
) -> Result<(), StoreError> {
    let numbers = Query::new(
        "SELECT t.number FROM tickets t JOIN ticket_devices h ON h.ticket = t.number \
         JOIN devices f ON f.device_key = h.device_key JOIN devices s ON s.site_key = t.site_key \
         WHERE f.id = $1 AND s.id = $2 AND t.state <> $3 ORDER BY t.number",
    )
    .bind(from)
    .bind(to)
    .bind(State::Closed.as_str())
    .read(&mut tx.on, |columns| columns.int())
    .await?;
    for number in numbers {
        let mut present = load(&mut tx.on, number).await?;
        let removed = Event::DeviceRemoved {
            device: from.to_string(),
            goes_on_as: Some(to.to_string()),
        };
        let added = Event::DeviceAdded {
            device: to.to_string(),
        };
        let has_it = present
            .as_ref()
            .is_some_and(|present| present.ticket.devices.contains(&to.to_string()));
        for event in [Some(removed), Some(added).filter(|_| !has_it)]
            .into_iter()
            .flatten()
        {
            present = Some(happen(tx, number, present, &event, by, at).await?);
        }
    }
    Ok(())
}

impl Store {
    /// That nobody has changed a ticket since `by` saw its `version`; none: whichever it is.
    ///
    /// # Errors
    /// Not found: the ticket. Conflict: what was changed, and by whom.
    pub async fn ticket_as_seen(
        &self,
        number: i64,
        version: Option<i64>,
        by: &str,
    ) -> Result<NumberedTicket, StoreError> {
        let mut on = self.reader().await?;
        let present = load(&mut on, number).await?;
        let present = present.ok_or(StoreError::NotFound {
            what: wording!("ticket"),
        })?;
        as_seen(&mut on, &present, version, by).await?;
        Ok(present)
    }
}

async fn as_seen(
    on: &mut sqlx::AnyConnection,
    present: &NumberedTicket,
    version: Option<i64>,
    by: &str,
) -> Result<(), StoreError> {
    let now = present.ticket.version;
    let Some(seen) = version.filter(|seen| *seen != now) else {
        return Ok(());
    };
    if seen > now {
        return Err(StoreError::conflict(wording!(
            "the ticket's version is {}",
            now
        )));
    }
    let mut changes = Vec::new();
    for event in timeline::events(on, present.number, seen, MOST_SINCE).await? {
        if event.is_change_for(by) {
            let (kind, actor) = (event.event.kind(), event.actor);
            changes.push(wording!("{} by {}", happened::called(kind), actor));
        }
    }
    // What happened after so much is not looked at: it counts.
    match changes.is_empty() && now - seen <= MOST_SINCE {
        true => Ok(()),
        false => Err(StoreError::conflict(wording!(
            "the ticket has changed since: {}; its version is {}",
            Wording::listed(changes),
            now
        ))),
    }
}

async fn apply(tx: &mut Tx, change: &TicketChange) -> Result<Changed, StoreError> {
    let present = load(&mut tx.on, change.number)
        .await?
        .ok_or(StoreError::not_found(wording!("ticket")))?;
    as_seen(&mut tx.on, &present, change.expected_version, &change.actor).await?;
    assets::judge(tx, &present, &change.event).await?;
    if let Event::StateChanged {
        to: State::Proposed,
        reason: None,
        ..
    } = &change.event
    {
        let still = proof::still_wrong(tx, change.number, change.at).await?;
        if !still.is_empty() {
            return Err(StoreError::refused(
                "reason",
                wording!(
                    "{}; say why it is solved all the same",
                    Wording::listed(still)
                ),
            ));
        }
    }
    let present = match away::is_waited_for(&change.event) {
        true => away::prove(tx, present, &change.actor, change.at).await?,
        false => present,
    };
    let ticket = happen(
        tx,
        change.number,
        Some(present),
        &change.event,
        &change.actor,
        change.at,
    )
    .await?;
    let closes = matches!(
        change.event,
        Event::StateChanged {
            to: State::Closed,
            ..
        }
    );
    if !closes {
        return Ok(Changed {
            ticket,
            cancelled: Vec::new(),
            to_cancel: Vec::new(),
        });
    }
    let (cancelled, to_cancel) =
        super::work::cancel_of_ticket(tx, change.number, &change.actor, change.at).await?;
    let ticket = load(&mut tx.on, change.number)
        .await?
        .ok_or(StoreError::not_found(wording!("ticket")))?;
    Ok(Changed {
        ticket,
        cancelled,
        to_cancel,
    })
}
