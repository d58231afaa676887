//! Orders on their way to a device.

use crate::desk::{Event, State};

use super::super::{Columns, Id, Query, Store, StoreError, TimeUs, Tx, audit, tickets};
use super::{JobChange, JobState, SILENCE_US};

/// On whose behalf a device is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Ticket(i64),
    /// By name; it runs checks only.
    Policy(String),
}

/// An order to be kept before anything of it leaves the collector.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// Made for this order.
    pub id: Id,
    pub device_key: i64,
    pub origin: Origin,
    /// "checks", "action", "table".
    pub kind: &'static str,
    /// What is run, in a line.
    pub title: String,
    /// What was asked, as JSON.
    pub request: String,
    pub requested_by: String,
    pub issued_at: TimeUs,
    pub expires_at: TimeUs,
    /// The installation and the order's bytes when it is bound already.
    pub bound: Option<(Id, Vec<u8>)>,
}

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

/// An order that may go to an installation, byte for byte as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    pub order_bytes: Vec<u8>,
}

/// What became of the wish to cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelOutcome {
    /// It never left the collector.
    Cancelled,
    /// The device has to be told.
    Asked { device_key: i64 },
    /// It had ended before.
    Ended(JobState),
}

impl Store {
    /// Keeps an order, with its ticket's event and the audit entry. Keeping it twice is harmless.
    ///
    /// # Errors
    /// Not found: the ticket, the device. Refused: the ticket is closed, the device was removed or two
    /// installations hold its key.
    pub async fn submit_order(&self, order: NewOrder) -> Result<(), StoreError> {
        self.write(order, |tx, order| Box::pin(submit(tx, order)))
            .await
    }

    /// A device's orders that have not ended, oldest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn orders_for_device_pending(
        &self,
        device_key: i64,
    ) -> Result<Vec<PendingOrder>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(PENDING)
            .push("WHERE j.device_key = $1 AND j.state IN ('queued', 'accepted', 'running') ORDER BY j.job_key")
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

    /// Orders whose time has passed: what never left the collector has expired, what was handed out and never
    /// answered is unknown.
    ///
    /// # Errors
    /// The store's own.
    pub async fn expire_due(&self, now: TimeUs) -> Result<Vec<JobChange>, StoreError> {
        self.write(now, |tx, now| Box::pin(expire(tx, *now))).await
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

async fn submit(tx: &mut Tx, order: &NewOrder) -> Result<(), StoreError> {
    let known = Query::new("SELECT job_key FROM jobs WHERE id = $1")
        .bind(order.id)
        .read_optional(&mut tx.on, |columns| columns.int())
        .await?;
    if known.is_some() {
        return Ok(());
    }
    let device =
        Query::new("SELECT id, removed_at, conflict_since FROM devices WHERE device_key = $1")
            .bind(order.device_key)
            .read_optional(&mut tx.on, |columns| {
                Ok((
                    columns.text()?,
                    columns.opt_int()?.is_some(),
                    columns.opt_int()?.is_some(),
                ))
            })
            .await?;
    let device = match device {
        None => return Err(StoreError::NotFound { what: "device" }),
        Some((_, true, _)) => return Err(StoreError::refused("device", "it was removed")),
        Some((_, _, true)) => {
            return Err(StoreError::refused(
                "device",
                "two machines hold its key: split them first",
            ));
        }
        Some((id, false, false)) => id,
    };
    let job_key = insert(tx, order).await?;
    match &order.origin {
        Origin::Ticket(number) => {
            Query::new("INSERT INTO ticket_orders (job_key, ticket) VALUES ($1, $2)")
                .bind(job_key)
                .bind(*number)
                .execute(&mut tx.on)
                .await
                .map_err(|error| no_ticket(&error))?;
            note_on_ticket(tx, *number, order, device).await?;
        }
        Origin::Policy(policy) => {
            if order.kind != "checks" {
                return Err(StoreError::refused("policy", "it runs checks only"));
            }
            Query::new("INSERT INTO policy_orders (job_key, policy) VALUES ($1, $2)")
                .bind(job_key)
                .bind(policy)
                .execute(&mut tx.on)
                .await?;
        }
    }
    Ok(())
}

fn no_ticket(error: &StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(why) => StoreError::Unavailable(why.clone()),
        StoreError::NotFound { .. }
        | StoreError::Conflict { .. }
        | StoreError::Refused { .. }
        | StoreError::Newer { .. }
        | StoreError::Broken(_) => StoreError::NotFound { what: "ticket" },
    }
}

async fn insert(tx: &mut Tx, order: &NewOrder) -> Result<i64, StoreError> {
    let (installation, bytes) = order.bound.clone().unzip();
    let handed_out_at = order.bound.is_some().then_some(order.issued_at);
    Query::new(
        "INSERT INTO jobs (id, device_key, kind, title, request, requested_by, issued_at, expires_at, \
         installation_id, order_bytes, handed_out_at, state) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'queued') RETURNING job_key",
    )
    .bind(order.id)
    .bind(order.device_key)
    .bind(order.kind)
    .bind(&order.title)
    .bind(&order.request)
    .bind(&order.requested_by)
    .bind(order.issued_at)
    .bind(order.expires_at)
    .bind(installation)
    .bind(bytes)
    .bind(handed_out_at)
    .read_optional(&mut tx.on, |columns| columns.int())
    .await?
    .ok_or_else(|| StoreError::Broken("no key was given".into()))
}

async fn note_on_ticket(
    tx: &mut Tx,
    number: i64,
    order: &NewOrder,
    device: String,
) -> Result<(), StoreError> {
    let present = tickets::load(&mut tx.on, number)
        .await?
        .ok_or(StoreError::NotFound { what: "ticket" })?;
    if !present.ticket.state.takes_work() {
        let open: Vec<&str> = State::ALL
            .into_iter()
            .filter(|state| state.takes_work())
            .map(State::as_str)
            .collect();
        return Err(StoreError::refused(
            "ticket",
            format!(
                "ticket {number} is closed; a device can be asked for a ticket that is {}: open a new one",
                open.join(", ")
            ),
        ));
    }
    let event = Event::WorkAsked {
        job: order.id.to_string(),
        device: device.clone(),
        title: order.title.clone(),
    };
    tickets::happen(
        tx,
        number,
        Some(present),
        &event,
        &order.requested_by,
        order.issued_at,
    )
    .await?;
    let entry = audit::Entry {
        at: order.issued_at,
        actor: order.requested_by.clone(),
        deed: format!("work.{}", order.kind),
        subject: device,
        detail: format!("ticket {number}, job {}: {}", order.id, order.title),
    };
    audit::append(tx, &entry).await
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
        .ok_or(StoreError::NotFound { what: "order" })?;
    if order.state.is_ended() {
        return Err(StoreError::conflict(format!(
            "the order has ended: {}",
            order.state.as_str()
        )));
    }
    if let (Some(bound), Some(order_bytes)) = (order.installation_id, order.order_bytes) {
        if bound != installation {
            return Err(StoreError::conflict(
                "the order is bound to another installation",
            ));
        }
        return Ok(Bound { order_bytes });
    }
    if order.expires_at <= at {
        return Err(StoreError::conflict("the order has expired"));
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

async fn expire(tx: &mut Tx, now: TimeUs) -> Result<Vec<JobChange>, StoreError> {
    let due = Query::new(
        "SELECT id, handed_out_at FROM jobs WHERE state = 'queued' AND \
         ((handed_out_at IS NULL AND expires_at <= $1) OR (handed_out_at IS NOT NULL AND expires_at <= $2)) \
         ORDER BY job_key LIMIT 1000",
    )
    .bind(now)
    .bind(now - SILENCE_US)
    .read(&mut tx.on, |columns| {
        Ok((columns.id()?, columns.opt_int()?.is_some()))
    })
    .await?;
    let mut changes = Vec::with_capacity(due.len());
    for (id, was_handed_out) in due {
        let state = match was_handed_out {
            true => JobState::Unknown,
            false => JobState::Expired,
        };
        changes.push(super::events::end_here(tx, id, state, now).await?);
    }
    Ok(changes)
}

async fn cancel(tx: &mut Tx, id: Id, by: &str, at: TimeUs) -> Result<CancelOutcome, StoreError> {
    let found = Query::new("SELECT device_key, state, handed_out_at FROM jobs WHERE id = $1")
        .bind(id)
        .read_optional(&mut tx.on, |columns| {
            Ok((
                columns.int()?,
                JobState::named(&columns.text()?)?,
                columns.opt_int()?.is_some(),
            ))
        })
        .await?;
    let Some((device_key, state, was_handed_out)) = found else {
        return Err(StoreError::NotFound { what: "job" });
    };
    if state.is_ended() {
        return Ok(CancelOutcome::Ended(state));
    }
    Query::new(
        "UPDATE jobs SET cancel_asked_at = COALESCE(cancel_asked_at, $1), \
         cancel_asked_by = COALESCE(cancel_asked_by, $2) WHERE id = $3",
    )
    .bind(at)
    .bind(by)
    .bind(id)
    .execute(&mut tx.on)
    .await?;
    if was_handed_out {
        return Ok(CancelOutcome::Asked { device_key });
    }
    super::events::end_here(tx, id, JobState::Cancelled, at).await?;
    Ok(CancelOutcome::Cancelled)
}

/// A ticket was closed: what was queued is cancelled, what is on a device is asked to stop.
pub(in super::super) async fn cancel_of_ticket(
    tx: &mut Tx,
    ticket: i64,
    by: &str,
    at: TimeUs,
) -> Result<(Vec<Id>, Vec<Id>), StoreError> {
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
            CancelOutcome::Cancelled => cancelled.push(id),
            CancelOutcome::Asked { .. } => to_cancel.push(id),
            CancelOutcome::Ended(_) => {}
        }
    }
    Ok((cancelled, to_cancel))
}

#[cfg(test)]
mod tests {
    use super::super::super::Store;
    use super::super::super::testing::{HOUR_US, NOW, ask_writer, device, on_both};
    use super::super::super::tickets::{OpenTicket, TicketChange};
    use super::*;
    use crate::desk::Priority;

    async fn ticket(store: &Store) -> i64 {
        let ticket = OpenTicket {
            title: "slow".into(),
            site: "default".into(),
            priority: Priority::Normal,
            requester: None,
            devices: vec![],
            note: None,
            opened_by: "ann".into(),
            at: NOW,
        };
        store.open_ticket(ticket).await.unwrap().number
    }

    fn order(device_key: i64, origin: Origin) -> NewOrder {
        NewOrder {
            id: Id::random(),
            device_key,
            origin,
            kind: "checks",
            title: "disk.space".into(),
            request: "{}".into(),
            requested_by: "ann".into(),
            issued_at: NOW,
            expires_at: NOW + HOUR_US,
            bound: None,
        }
    }

    async fn close(store: &Store, number: i64) -> super::super::super::tickets::Changed {
        let mut changed = None;
        for to in [State::Proposed, State::Resolved, State::Closed] {
            let event = Event::StateChanged {
                to,
                waiting_for: None,
                reason: None,
            };
            let change = TicketChange {
                number,
                event,
                actor: "ann".into(),
                expected_version: None,
                at: NOW,
            };
            changed = Some(store.change_ticket(change).await.unwrap());
        }
        changed.unwrap()
    }

    #[tokio::test]
    async fn a_device_cannot_be_asked_without_an_open_ticket() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let nowhere = store.submit_order(order(key, Origin::Ticket(77))).await;
            assert_eq!(nowhere, Err(StoreError::NotFound { what: "ticket" }));
            let number = ticket(&store).await;
            close(&store, number).await;
            let closed = store.submit_order(order(key, Origin::Ticket(number))).await;
            let Err(StoreError::Refused { field, reason }) = closed else {
                panic!("{closed:?}");
            };
            assert_eq!(field, "ticket");
            assert!(
                reason.contains("new, open, waiting, proposed, resolved"),
                "{reason}"
            );
            assert_eq!(store.n_open_jobs(key).await, Ok(0));
            let without = ask_writer(
                &store,
                "INSERT INTO ticket_orders (job_key, ticket) VALUES (1, NULL) RETURNING job_key",
            )
            .await;
            assert!(without.is_err());
        })
        .await;
    }

    #[tokio::test]
    async fn an_order_is_handed_to_one_installation_byte_for_byte() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let number = ticket(&store).await;
            let order = order(key, Origin::Ticket(number));
            store.submit_order(order.clone()).await.unwrap();
            store.submit_order(order.clone()).await.unwrap();
            assert_eq!(store.n_open_jobs(key).await, Ok(1));
            let (one, two) = (Id([1; 16]), Id([2; 16]));
            let bound = Bound {
                order_bytes: vec![1],
            };
            let bind = async |installation, bytes| {
                store.bind_order(order.id, installation, bytes, NOW).await
            };
            assert_eq!(bind(one, vec![1]).await, Ok(bound.clone()));
            assert_eq!(bind(one, vec![9]).await, Ok(bound));
            assert_eq!(
                bind(two, vec![1]).await,
                Err(StoreError::conflict(
                    "the order is bound to another installation"
                ))
            );
            let pending = store.orders_for_device_pending(key).await.unwrap();
            assert_eq!(pending.len(), 1);
            assert_eq!(pending[0].installation_id, Some(one));
        })
        .await;
    }

    #[tokio::test]
    async fn what_never_left_expires_and_what_was_never_answered_is_unknown() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let number = ticket(&store).await;
            let (queued, handed) = (
                order(key, Origin::Ticket(number)),
                order(key, Origin::Ticket(number)),
            );
            store.submit_order(queued.clone()).await.unwrap();
            store.submit_order(handed.clone()).await.unwrap();
            store
                .bind_order(handed.id, Id([1; 16]), vec![1], NOW)
                .await
                .unwrap();
            let due = NOW + HOUR_US;
            assert_eq!(store.expire_due(due - 1).await, Ok(vec![]));
            let states = async |now| {
                let changes = store.expire_due(now).await.unwrap();
                changes
                    .into_iter()
                    .map(|change| (change.id, change.state))
                    .collect::<Vec<_>>()
            };
            assert_eq!(states(due).await, [(queued.id, JobState::Expired)]);
            assert_eq!(
                states(due + SILENCE_US).await,
                [(handed.id, JobState::Unknown)]
            );
            let timeline = store.timeline(number, 0, 100).await.unwrap();
            assert_eq!(timeline.len(), 5);
        })
        .await;
    }

    #[tokio::test]
    async fn closing_the_ticket_cancels_what_is_queued() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let number = ticket(&store).await;
            let (queued, handed) = (
                order(key, Origin::Ticket(number)),
                order(key, Origin::Ticket(number)),
            );
            store.submit_order(queued.clone()).await.unwrap();
            store.submit_order(handed.clone()).await.unwrap();
            store
                .bind_order(handed.id, Id([1; 16]), vec![1], NOW)
                .await
                .unwrap();
            let changed = close(&store, number).await;
            assert_eq!(changed.cancelled, [queued.id]);
            assert_eq!(changed.to_cancel, [handed.id]);
            let job = store.job(queued.id).await.unwrap().unwrap();
            assert_eq!(job.state, JobState::Cancelled);
            let again = store.cancel_job(queued.id, "ann", NOW).await;
            assert_eq!(again, Ok(CancelOutcome::Ended(JobState::Cancelled)));
        })
        .await;
    }
}
