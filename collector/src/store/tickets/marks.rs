//! Tags, watchers and links of tickets: rows that follow from the events.

use crate::desk::mark::{Marks, Relation};
use crate::desk::{Event, State};

use super::super::query::Value;
use super::super::{Query, Store, StoreError, TimeUs, Tx};
use super::{Changed, NumberedTicket, happen, load, named};
use crate::wording::{Wording, wording};

pub(super) const TAG: &str = "tag";
pub(super) const WATCHER: &str = "watcher";

/// Two tickets that are to belong together, or no more.
#[derive(Debug, Clone)]
pub struct LinkTickets {
    pub number: i64,
    pub relation: Relation,
    pub other: i64,
    pub is_on: bool,
    pub actor: String,
    pub at: TimeUs,
}

/// A ticket that is to become part of another one.
#[derive(Debug, Clone)]
pub struct MergeTickets {
    pub number: i64,
    pub into: i64,
    pub actor: String,
    pub at: TimeUs,
}

impl Store {
    /// Links two tickets, or ends that: on both.
    ///
    /// # Errors
    /// Not found: one of them. Refused: the desk's rules.
    pub async fn link_tickets(&self, link: LinkTickets) -> Result<NumberedTicket, StoreError> {
        self.write(link, |tx, link| Box::pin(link_both(tx, link)))
            .await
    }

    /// Closes a ticket as part of another one, which takes its devices and those who watch it. Gives the other one,
    /// and what had been asked for the first.
    ///
    /// # Errors
    /// Not found: one of them. Refused: it is the same, one is closed, they belong to different sites or requesters.
    pub async fn merge_tickets(&self, merge: MergeTickets) -> Result<Changed, StoreError> {
        self.write(merge, |tx, merge| Box::pin(merge_both(tx, merge)))
            .await
    }
}

async fn present(tx: &mut Tx, number: i64) -> Result<NumberedTicket, StoreError> {
    load(&mut tx.on, number)
        .await?
        .ok_or(StoreError::not_found(wording!("ticket")))
}

pub(super) async fn link_both(
    tx: &mut Tx,
    link: &LinkTickets,
) -> Result<NumberedTicket, StoreError> {
    let event = |relation, ticket| match link.is_on {
        true => Event::Linked { relation, ticket },
        false => Event::Unlinked { relation, ticket },
    };
    let there = present(tx, link.other).await?;
    let inverse = event(link.relation.inverse(), link.number);
    happen(tx, link.other, Some(there), &inverse, &link.actor, link.at).await?;
    let here = present(tx, link.number).await?;
    let event = event(link.relation, link.other);
    happen(tx, link.number, Some(here), &event, &link.actor, link.at).await
}

async fn merge_both(tx: &mut Tx, merge: &MergeTickets) -> Result<Changed, StoreError> {
    let (from, into) = (
        present(tx, merge.number).await?,
        present(tx, merge.into).await?,
    );
    let refused = |why: Wording| Err(StoreError::refused("into", why));
    if merge.number == merge.into {
        return refused(wording!("it is this ticket itself"));
    }
    if let Some(next) = into.ticket.marks.merged_into() {
        let why = match next == merge.number {
            true => wording!("it is merged into this ticket: that would be a loop"),
            false => wording!("it is merged into ticket {} itself", next),
        };
        return refused(why);
    }
    if from.ticket.state == State::Closed || into.ticket.state == State::Closed {
        return refused(wording!("one of them is closed"));
    }
    if from.site_key != into.site_key {
        return refused(wording!("it belongs to another site"));
    }
    // Who knows the page of one would see what another has written.
    if let (Some(one), Some(other)) = (&from.ticket.requester, &into.ticket.requester)
        && one != other
    {
        return Err(
            StoreError::refused("into", wording!("somebody else has asked for it"))
                .remedy(wording!("link it as a duplicate instead")),
        );
    }
    let mut target = into;
    let added = from
        .ticket
        .devices
        .iter()
        .filter(|id| !target.ticket.devices.contains(id));
    let added = added.cloned().map(|device| Event::DeviceAdded { device });
    let assets = from.ticket.assets.iter();
    let assets = assets.filter(|id| !target.ticket.assets.contains(id));
    let assets = assets.cloned().map(|asset| Event::AssetAdded { asset });
    let watchers = from.ticket.marks.watchers.iter();
    let watchers = watchers.filter(|name| !target.ticket.marks.watchers.contains(name));
    let watchers = watchers
        .cloned()
        .map(|account| Event::WatcherAdded { account });
    let absorbs = Event::Linked {
        relation: Relation::Absorbs,
        ticket: merge.number,
    };
    let about = added.chain(assets);
    let events: Vec<Event> = [absorbs].into_iter().chain(about).chain(watchers).collect();
    for event in events {
        target = happen(tx, merge.into, Some(target), &event, &merge.actor, merge.at).await?;
    }
    let merged = Event::Linked {
        relation: Relation::MergedInto,
        ticket: merge.into,
    };
    happen(
        tx,
        merge.number,
        Some(from),
        &merged,
        &merge.actor,
        merge.at,
    )
    .await?;
    let (cancelled, to_cancel) =
        super::super::work::cancel_of_ticket(tx, merge.number, &merge.actor, merge.at).await?;
    Ok(Changed {
        ticket: present(tx, merge.into).await?,
        cancelled,
        to_cancel,
    })
}

/// Puts the marks of these tickets beside them.
pub(super) async fn read(
    on: &mut sqlx::AnyConnection,
    tickets: &mut [NumberedTicket],
) -> Result<(), StoreError> {
    let rows = Query::new("SELECT ticket, kind, word, other FROM ticket_marks WHERE ticket IN ")
        .list(tickets.iter().map(|ticket| ticket.number))
        .push(" ORDER BY ticket, position, kind, word")
        .read(on, |columns| {
            Ok((
                columns.int()?,
                columns.text()?,
                columns.text()?,
                columns.int()?,
            ))
        })
        .await?;
    for (number, kind, word, other) in rows {
        let ticket = tickets.iter_mut().find(|ticket| ticket.number == number);
        let Some(marks) = ticket.map(|ticket| &mut ticket.ticket.marks) else {
            continue;
        };
        match kind.as_str() {
            TAG => marks.tags.push(word),
            WATCHER => marks.watchers.push(word),
            relation => {
                let relation = named("relation", &Relation::ALL, Relation::as_str, relation)?;
                marks.links.push((relation, other));
            }
        }
    }
    Ok(())
}

/// Brings the rows to what the marks are now.
pub(super) async fn project(
    tx: &mut Tx,
    number: i64,
    before: Option<&Marks>,
    now: &Marks,
) -> Result<(), StoreError> {
    if before == Some(now) {
        return Ok(());
    }
    Query::new("DELETE FROM ticket_marks WHERE ticket = $1")
        .bind(number)
        .execute(&mut tx.on)
        .await?;
    let words = |kind: &'static str, all: &[String]| {
        let all = all.iter().cloned();
        all.map(|word| (kind, word, 0))
            .collect::<Vec<(&str, String, i64)>>()
    };
    let links = now
        .links
        .iter()
        .map(|(relation, other)| (relation.as_str(), String::new(), *other));
    let all = words(TAG, &now.tags)
        .into_iter()
        .chain(words(WATCHER, &now.watchers))
        .chain(links);
    let rows: Vec<Vec<Value>> = (0_i64..)
        .zip(all)
        .map(|(position, (kind, word, other))| {
            vec![
                number.into(),
                kind.into(),
                word.into(),
                other.into(),
                position.into(),
            ]
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    Query::new("INSERT INTO ticket_marks (ticket, kind, word, other, position) VALUES ")
        .rows(rows)
        .execute(&mut tx.on)
        .await?;
    Ok(())
}
