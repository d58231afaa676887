//! Orders on their way to a device, and off it again.

use super::super::{Columns, Id, Query, Store, StoreError, TimeUs, Tx, audit};
use super::{JobChange, JobState};
use crate::wording::wording;

/// An order that a device has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingOrder {
    pub id: Id,
    pub kind: String,
    pub request: String,
    pub ticket: Option<i64>,
    pub policy: Option<String>,
    pub requested_by: String,
    pub issued_at: TimeUs,
    pub expires_at: TimeUs,
    /// Set once it was handed to an installation; it never goes to another.
    pub installation_id: Option<Id>,
    pub order_bytes: Option<Vec<u8>>,
    pub handed_out_at: Option<TimeUs>,
    pub cancel_asked: bool,
    pub state: JobState,
}

impl PendingOrder {
    /// It is sent, maybe for another time: the device has not been heard to have it, and it is still wanted. A device
    /// that has it begins nothing twice, but one whose journal is lost would.
    pub fn is_to_be_sent(&self) -> bool {
        self.state == JobState::Queued && !self.cancel_asked
    }
}

/// An order that may go to an installation, byte for byte as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    pub order_bytes: Vec<u8>,
}

/// What became of the wish to cancel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CancelOutcome {
    /// It never left the collector.
    Cancelled(JobChange),
    /// The device has to be told.
    Asked { device_key: i64 },
    /// It had ended before.
    Ended(JobState),
}

impl Store {
    /// A device's orders that it is not known to have, or that it is to stop, oldest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn orders_for_device_pending(
        &self,
        device_key: i64,
    ) -> Result<Vec<PendingOrder>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(PENDING)
            .push(
                "WHERE j.device_key = $1 AND (j.state = 'queued' OR \
                 (j.state IN ('accepted', 'running') AND j.cancel_asked_at IS NOT NULL)) ORDER BY j.job_key",
            )
            .bind(device_key)
            .read(&mut on, read_pending)
            .await
    }

    /// Binds an order to the installation that it is about to be handed to. `encoded` are the bytes for this
    /// installation; an order that is bound already keeps those it has.
    ///
    /// # Errors
    /// Not found: the order. Conflict: it is bound to another installation, has ended, or its expiry has passed.
    pub async fn bind_order(
        &self,
        id: Id,
        installation_id: Id,
        encoded: Vec<u8>,
        at: TimeUs,
    ) -> Result<Bound, StoreError> {
        self.write(
            (id, installation_id, encoded, at),
            |tx, (id, installation, encoded, at)| {
                Box::pin(bind(tx, *id, *installation, encoded, *at))
            },
        )
        .await
    }

    /// Somebody wants a job to stop.
    ///
    /// # Errors
    /// Not found: the job.
    pub async fn cancel_job(
        &self,
        id: Id,
        by: &str,
        at: TimeUs,
    ) -> Result<CancelOutcome, StoreError> {
        self.write((id, by.to_owned(), at), |tx, (id, by, at)| {
            Box::pin(cancel(tx, *id, by, *at))
        })
        .await
    }
}

const PENDING: &str = "SELECT j.id, j.kind, j.request, o.ticket, p.policy, j.requested_by, j.issued_at, j.expires_at, \
     j.installation_id, j.order_bytes, j.handed_out_at, j.cancel_asked_at, j.state FROM jobs j \
     LEFT JOIN ticket_orders o ON o.job_key = j.job_key LEFT JOIN policy_orders p ON p.job_key = j.job_key ";

fn read_pending(columns: &mut Columns<'_>) -> Result<PendingOrder, StoreError> {
    Ok(PendingOrder {
        id: columns.id()?,
        kind: columns.text()?,
        request: columns.text()?,
        ticket: columns.opt_int()?,
        policy: columns.opt_text()?,
        requested_by: columns.text()?,
        issued_at: columns.int()?,
        expires_at: columns.int()?,
        installation_id: columns.opt_id()?,
        order_bytes: columns.opt_bytes()?,
        handed_out_at: columns.opt_int()?,
        cancel_asked: columns.opt_int()?.is_some(),
        state: JobState::named(&columns.text()?)?,
    })
}

async fn bind(
    tx: &mut Tx,
    id: Id,
    installation: Id,
    encoded: &[u8],
    at: TimeUs,
) -> Result<Bound, StoreError> {
    let order = Query::new(PENDING)
        .push("WHERE j.id = $1")
        .bind(id)
        .read_optional(&mut tx.on, read_pending)
        .await?
        .ok_or(StoreError::not_found(wording!("order")))?;
    if order.cancel_asked {
        return Err(StoreError::conflict(wording!("it is not wanted any more")));
    }
    if order.state.is_ended() {
        return Err(StoreError::conflict(wording!(
            "the order has ended: {}",
            order.state.as_str()
        )));
    }
    if let (Some(bound), Some(order_bytes)) = (order.installation_id, order.order_bytes) {
        if bound != installation {
            return Err(StoreError::conflict(wording!(
                "the order is bound to another installation"
            )));
        }
        return Ok(Bound { order_bytes });
    }
    if order.expires_at <= at {
        return Err(StoreError::conflict(wording!("the order has expired")));
    }
    Query::new(
        "UPDATE jobs SET installation_id = $1, order_bytes = $2, handed_out_at = $3 WHERE id = $4",
    )
    .bind(installation)
    .bind(encoded)
    .bind(at)
    .bind(id)
    .execute(&mut tx.on)
    .await?;
    Ok(Bound {
        order_bytes: encoded.to_vec(),
    })
}

async fn cancel(tx: &mut Tx, id: Id, by: &str, at: TimeUs) -> Result<CancelOutcome, StoreError> {
    let found = Query::new(
        "SELECT j.device_key, d.id, j.title, o.ticket, j.state, j.handed_out_at, j.cancel_asked_at FROM jobs j \
         JOIN devices d ON d.device_key = j.device_key LEFT JOIN ticket_orders o ON o.job_key = j.job_key \
         WHERE j.id = $1",
    )
    .bind(id)
    .read_optional(&mut tx.on, |columns| {
        Ok((
            columns.int()?,
            columns.text()?,
            columns.text()?,
            columns.opt_int()?,
            JobState::named(&columns.text()?)?,
            columns.opt_int()?.is_some(),
            columns.opt_int()?.is_some(),
        ))
    })
    .await?;
    let Some((device_key, device, title, ticket, state, was_handed_out, was_asked)) = found else {
        return Err(StoreError::not_found(wording!("job")));
    };
    if state.is_ended() {
        return Ok(CancelOutcome::Ended(state));
    }
    if !was_asked {
        Query::new("UPDATE jobs SET cancel_asked_at = $1, cancel_asked_by = $2 WHERE id = $3")
            .bind(at)
            .bind(by)
            .bind(id)
            .execute(&mut tx.on)
            .await?;
        let detail = match ticket {
            Some(ticket) => format!("ticket {ticket}, job {id}: {title}"),
            None => format!("job {id}: {title}"),
        };
        audit::note(tx, by, "work.cancel", device, &detail, at).await?;
    }
    if was_handed_out {
        return Ok(CancelOutcome::Asked { device_key });
    }
    let change = super::events::end_here(tx, id, JobState::Cancelled, by, at).await?;
    Ok(CancelOutcome::Cancelled(change))
}

/// A ticket was closed: what was queued is cancelled, what is on a device is asked to stop.
pub(in super::super) async fn cancel_of_ticket(
    tx: &mut Tx,
    ticket: i64,
    by: &str,
    at: TimeUs,
) -> Result<(Vec<JobChange>, Vec<Id>), StoreError> {
    let open = Query::new(
        "SELECT j.id FROM ticket_orders o JOIN jobs j ON j.job_key = o.job_key \
         WHERE o.ticket = $1 AND j.state IN ('queued', 'accepted', 'running') ORDER BY j.job_key",
    )
    .bind(ticket)
    .read(&mut tx.on, |columns| columns.id())
    .await?;
    let (mut cancelled, mut to_cancel) = (Vec::new(), Vec::new());
    for id in open {
        match cancel(tx, id, by, at).await? {
            CancelOutcome::Cancelled(change) => cancelled.push(change),
            CancelOutcome::Asked { .. } => to_cancel.push(id),
            CancelOutcome::Ended(_) => {}
        }
    }
    Ok((cancelled, to_cancel))
}
