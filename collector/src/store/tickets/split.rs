//! One ticket that turns out to be two.

use crate::desk::Event;
use crate::desk::mark::Relation;

use super::super::{Store, StoreError, TimeUs, Tx};
use super::timeline::{Happened, events};
use super::{LinkTickets, NumberedTicket, OpenTicket, load, marks, open};
use crate::wording::wording;

/// A part of a ticket that gets one of its own.
#[derive(Debug, Clone)]
pub struct SplitTicket {
    pub number: i64,
    pub title: String,
    /// Ids.
    pub devices: Vec<String>,
    /// Numbers of messages and notes that are told on the new one.
    pub events: Vec<i64>,
    pub actor: String,
    pub at: TimeUs,
}

impl Store {
    /// Opens a ticket for a part of another one, for the same requester; both say so. Gives the new one.
    ///
    /// # Errors
    /// Not found: the ticket. Refused: an event that is neither message nor note; the desk's rules.
    pub async fn split_ticket(&self, split: SplitTicket) -> Result<NumberedTicket, StoreError> {
        self.write(split, |tx, split| Box::pin(divide(tx, split)))
            .await
    }
}

async fn divide(tx: &mut Tx, split: &SplitTicket) -> Result<NumberedTicket, StoreError> {
    let from = load(&mut tx.on, split.number)
        .await?
        .ok_or(StoreError::not_found(wording!("ticket")))?;
    let mut told = Vec::new();
    for number in &split.events {
        let event = events(&mut tx.on, split.number, number - 1, 1).await?.pop();
        let event = event.filter(|event| event.number == *number);
        match event.map(|event| event.event) {
            Some(Happened::Known(Event::Noted { text } | Event::Messaged { text, .. })) => {
                told.push(text);
            }
            Some(_) | None => {
                let what = wording!("{} is no message or note of the ticket", number);
                return Err(StoreError::refused("events", what));
            }
        }
    }
    let opened = OpenTicket {
        title: split.title.clone(),
        site: from.ticket.site.clone(),
        priority: from.ticket.priority,
        requester: from.ticket.requester.clone(),
        person: from.ticket.person.clone(),
        weight: from.ticket.weight,
        devices: split.devices.clone(),
        note: None,
        opened_by: split.actor.clone(),
        at: split.at,
    };
    let mut opened = open(tx, &opened).await?;
    for text in told {
        let event = Event::Noted { text };
        let number = opened.number;
        opened = super::happen(tx, number, Some(opened), &event, &split.actor, split.at).await?;
    }
    let link = LinkTickets {
        number: opened.number,
        relation: Relation::SplitFrom,
        other: split.number,
        is_on: true,
        actor: split.actor.clone(),
        at: split.at,
    };
    marks::link_both(tx, &link).await
}
