//! Tickets that are resolved are looked at again: what was wrong is checked, and what is back opens them.

use crate::desk::{Event, State};

use super::super::work::NewOrder;
use super::super::{Query, Store, StoreError, TimeUs, Tx};
use super::{NumberedTicket, happen, load, proof};
use crate::wording::wording;

/// Whoever looks again.
pub const RECHECKER: &str = "collector";

impl Store {
    /// Tickets whose resolution is to be looked at again by now, after `after`, by their numbers.
    ///
    /// # Errors
    /// The store's own.
    pub async fn rechecks_due(
        &self,
        now: TimeUs,
        after: i64,
        most: u32,
    ) -> Result<Vec<i64>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(
            "SELECT number FROM tickets WHERE recheck_at IS NOT NULL AND recheck_at <= $1 AND number > $2 \
             ORDER BY number LIMIT $3",
        )
        .bind(now)
        .bind(after)
        .bind(i64::from(most))
        .read(&mut on, |columns| columns.int())
        .await
    }

    /// Keeps that a resolved ticket is looked at again, with the orders for that; none: it is no longer to be.
    ///
    /// # Errors
    /// Those of [`Store::submit_orders`].
    pub async fn recheck(
        &self,
        number: i64,
        orders: Vec<NewOrder>,
        now: TimeUs,
    ) -> Result<Option<NumberedTicket>, StoreError> {
        self.write((number, orders, now), |tx, (number, orders, now)| {
            Box::pin(again(tx, *number, orders, *now))
        })
        .await
    }
}

async fn again(
    tx: &mut Tx,
    number: i64,
    orders: &[NewOrder],
    now: TimeUs,
) -> Result<Option<NumberedTicket>, StoreError> {
    let present = load(&mut tx.on, number)
        .await?
        .ok_or(StoreError::not_found(wording!("ticket")))?;
    // It may have changed since it was looked for.
    if present.ticket.recheck_at().is_none_or(|at| at > now) {
        return Ok(None);
    }
    happen(
        tx,
        number,
        Some(present),
        &Event::Rechecked {},
        RECHECKER,
        now,
    )
    .await?;
    for order in orders {
        match super::super::work::submit(tx, order).await {
            // A device that was removed, or whose key two machines hold, is not asked; the others are.
            Ok(()) | Err(StoreError::Refused { .. } | StoreError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    load(&mut tx.on, number).await
}

/// A job that looked again has ended: what it found bad, and was wrong before, opens the ticket.
pub(in super::super) async fn reopen_if_back(
    tx: &mut Tx,
    number: i64,
    job_key: i64,
    at: TimeUs,
) -> Result<(), StoreError> {
    let Some(present) = load(&mut tx.on, number).await? else {
        return Ok(());
    };
    if present.ticket.state != State::Resolved {
        return Ok(());
    }
    let back = proof::back(tx, number, job_key, at).await?;
    if back.is_empty() {
        return Ok(());
    }
    let event = Event::StateChanged {
        to: State::Open,
        waiting_for: None,
        reason: Some(format!("checked again: {}", back.join(", "))),
        confirmation: None,
    };
    happen(tx, number, Some(present), &event, RECHECKER, at).await?;
    Ok(())
}
