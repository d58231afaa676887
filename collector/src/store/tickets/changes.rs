//! Several changes of a ticket that are one: all of them, or none.

use crate::desk::Event;

use super::super::{Store, StoreError, TimeUs, Tx};
use super::{Changed, TicketChange, apply};
use crate::wording::wording;

/// What is to happen to a ticket in one step.
#[derive(Debug, Clone)]
pub struct TicketChanges {
    pub number: i64,
    /// In their order; one at least.
    pub events: Vec<Event>,
    pub actor: String,
    /// The version that the caller saw; none: whichever it is.
    pub expected_version: Option<i64>,
    pub at: TimeUs,
}

impl Store {
    /// Several events, if the desk's rules allow each after the one before.
    ///
    /// # Errors
    /// As for one. Refused: there are none.
    pub async fn change_ticket_all(&self, changes: TicketChanges) -> Result<Changed, StoreError> {
        self.write(changes, |tx, changes| Box::pin(all(tx, changes)))
            .await
    }
}

async fn all(tx: &mut Tx, changes: &TicketChanges) -> Result<Changed, StoreError> {
    let mut done: Option<Changed> = None;
    for event in &changes.events {
        let change = TicketChange {
            number: changes.number,
            event: event.clone(),
            actor: changes.actor.clone(),
            expected_version: changes.expected_version.filter(|_| done.is_none()),
            at: changes.at,
        };
        let next = apply(tx, &change).await?;
        done = Some(match done {
            None => next,
            Some(before) => Changed {
                ticket: next.ticket,
                cancelled: [before.cancelled, next.cancelled].concat(),
                to_cancel: [before.to_cancel, next.to_cancel].concat(),
            },
        });
    }
    done.ok_or_else(|| StoreError::refused("events", wording!("nothing is to happen")))
}
