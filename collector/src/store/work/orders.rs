//! Orders as they are asked for: kept before anything of them leaves the collector.

use crate::desk::{Event, State};

use super::super::{Id, Query, Store, StoreError, TimeUs, Tx, audit, tickets};
use crate::wording::wording;

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
    /// "checks", "action", "table", "probe", "live".
    pub kind: &'static str,
    /// What is run, in a line.
    pub title: String,
    /// What was asked, as JSON.
    pub request: String,
    /// Id of the user's consent that it is done under, if any.
    pub consent: Option<String>,
    /// Id of the asset that is looked for, if any: the ticket is about it from then on.
    pub asset: Option<String>,
    pub requested_by: String,
    pub issued_at: TimeUs,
    pub expires_at: TimeUs,
    /// The installation and the order's bytes when it is bound already.
    pub bound: Option<(Id, Vec<u8>)>,
}

impl Store {
    /// Keeps orders, each with its ticket's event and the audit entry: all of them, or none. Keeping one twice is
    /// harmless.
    ///
    /// # Errors
    /// Not found: the ticket, a device. Refused: the ticket is closed, a device was removed or two installations hold
    /// its key.
    pub async fn submit_orders(&self, orders: Vec<NewOrder>) -> Result<(), StoreError> {
        self.write(orders, |tx, orders| {
            Box::pin(async move {
                for order in orders {
                    submit(tx, order).await?;
                }
                Ok(())
            })
        })
        .await
    }
}

pub(in super::super) async fn submit(tx: &mut Tx, order: &NewOrder) -> Result<(), StoreError> {
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
        None => {
            return Err(StoreError::not_found(wording!("device")));
        }
        Some((id, true, _)) => {
            return Err(StoreError::refused(
                "device",
                wording!("{} was removed", id),
            ));
        }
        Some((id, _, true)) => {
            return Err(StoreError::refused(
                "device",
                wording!("two machines hold the key of {}", id),
            )
            .remedy(wording!("split them first")));
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
            if let Some(asset) = &order.asset {
                Query::new("INSERT INTO asset_orders (job_key, asset) VALUES ($1, $2)")
                    .bind(job_key)
                    .bind(asset.parse::<Id>()?)
                    .execute(&mut tx.on)
                    .await?;
            }
            note_on_ticket(tx, *number, order, device).await?;
        }
        Origin::Policy(policy) => {
            if order.kind != "checks" {
                return Err(StoreError::refused(
                    "policy",
                    wording!("it runs checks only"),
                ));
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
        StoreError::Unavailable(_) | StoreError::OutcomeUnknown(_) => error.clone(),
        StoreError::NotFound { .. }
        | StoreError::Conflict { .. }
        | StoreError::Refused { .. }
        | StoreError::Newer { .. }
        | StoreError::Broken(_) => StoreError::not_found(wording!("ticket")),
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
        .ok_or(StoreError::not_found(wording!("ticket")))?;
    if !present.ticket.state.takes_work() {
        let open: Vec<&str> = State::ALL
            .into_iter()
            .filter(|state| state.takes_work())
            .map(State::as_str)
            .collect();
        return Err(StoreError::refused(
            "ticket",
            wording!(
                "ticket {} is closed; a device can be asked for a ticket that is {}",
                number,
                open.join(", ")
            ),
        )
        .remedy(wording!("open a new one")));
    }
    let present = match &order.asset {
        Some(asset) if !present.ticket.assets.contains(asset) => {
            let (by, at) = (&order.requested_by, order.issued_at);
            tickets::add_asset(tx, present, asset, by, at).await?
        }
        Some(_) | None => present,
    };
    let event = Event::WorkAsked {
        job: order.id.to_string(),
        device: device.clone(),
        title: order.title.clone(),
        consent: order.consent.clone(),
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
    let deed = format!("work.{}", order.kind);
    let detail = format!("ticket {number}, job {}: {}", order.id, order.title);
    audit::note(
        tx,
        &order.requested_by,
        &deed,
        device,
        &detail,
        order.issued_at,
    )
    .await
}
