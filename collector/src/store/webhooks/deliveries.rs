//! What an endpoint is told: written with the event, sent in its order, kept until it has arrived.

use super::super::tickets::{NumberedTicket, TimelineEvent, event_of};
use super::super::{COLLECTOR, Columns, Id, Query, Store, StoreError, TimeUs, Tx, audit};
use super::{disable, key, split};
use crate::desk::Event;
use crate::wording::wording;

/// Deliveries that may wait for one endpoint; then it is disabled.
pub const MOST_WAITING: i64 = 100_000;
/// Longest reason that is kept, characters.
const ERROR_LENGTH: usize = 300;

/// What has become of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    Waiting,
    Delivered,
    /// It did not arrive and is not tried any more.
    Dead,
}

impl DeliveryState {
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::Dead];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }
}

/// A delivery as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub key: i64,
    pub id: Id,
    /// Ticket and number of its event; none: a test.
    pub event: Option<(i64, i64)>,
    pub state: String,
    pub made_at: TimeUs,
    pub n_attempts: i64,
    pub next_at: TimeUs,
    pub tried_at: Option<TimeUs>,
    pub status: Option<i64>,
    pub error: Option<String>,
}

/// The first delivery that waits for an endpoint, and what is needed to send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub webhook_key: i64,
    pub webhook: String,
    pub url: String,
    /// The present one, then the one before while that is still good.
    pub secrets: Vec<Vec<u8>>,
    pub delivery: Delivery,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempted {
    Delivered,
    /// It is tried again at that time.
    Again(TimeUs),
    Dead,
    /// The endpoint is disabled, for this reason; the delivery waits, or is dead.
    Disabled {
        reason: String,
        is_dead: bool,
    },
}

const SELECT: &str = "SELECT d.delivery_key, d.id, d.ticket, d.event, d.state, d.made_at, d.n_attempts, d.next_at, d.tried_at, \
     d.status, d.error ";

/// Endpoints that want to know of this event are owed it.
pub(in super::super) async fn owe(
    tx: &mut Tx,
    ticket: &NumberedTicket,
    event: &Event,
    at: TimeUs,
) -> Result<(), StoreError> {
    let wanted = Query::new(
        "SELECT w.webhook_key, w.kinds FROM webhooks w WHERE w.is_enabled = 1 AND \
         (EXISTS (SELECT 1 FROM webhook_sites s WHERE s.webhook_key = w.webhook_key AND s.site_key = $1) \
         OR NOT EXISTS (SELECT 1 FROM webhook_sites s WHERE s.webhook_key = w.webhook_key)) ORDER BY w.webhook_key",
    )
    .bind(ticket.site_key)
    .read(&mut tx.on, |columns| {
        Ok((columns.int()?, split(&columns.text()?)))
    })
    .await?;
    for (webhook_key, kinds) in wanted {
        if kinds.is_empty() || kinds.iter().any(|kind| kind == event.kind()) {
            let event = Some((ticket.number, ticket.ticket.version));
            insert(tx, webhook_key, event, at).await?;
        }
    }
    Ok(())
}

async fn insert(
    tx: &mut Tx,
    webhook_key: i64,
    event: Option<(i64, i64)>,
    at: TimeUs,
) -> Result<Id, StoreError> {
    let id = Id::random();
    Query::new(
        "INSERT INTO webhook_deliveries (id, webhook_key, ticket, event, state, made_at, n_attempts, next_at) \
         VALUES ($1, $2, $3, $4, 'waiting', $5, 0, $5)",
    )
    .bind(id)
    .bind(webhook_key)
    .bind(event.map(|(ticket, _)| ticket))
    .bind(event.map(|(_, number)| number))
    .bind(at)
    .execute(&mut tx.on)
    .await?;
    Ok(id)
}

impl Store {
    /// Of each enabled endpoint the first delivery that waits, where that is due; with `webhook_key`, of that one.
    ///
    /// # Errors
    /// The store's own.
    pub async fn due_deliveries(
        &self,
        webhook_key: Option<i64>,
        now: TimeUs,
    ) -> Result<Vec<Due>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(SELECT)
            .push(
                ", w.webhook_key, w.name, w.url, w.secret, w.old_secret, w.old_until FROM webhooks w \
                 JOIN webhook_deliveries d ON d.delivery_key = (SELECT MIN(h.delivery_key) FROM webhook_deliveries h \
                 WHERE h.webhook_key = w.webhook_key AND h.state = 'waiting') WHERE w.is_enabled = 1 AND d.next_at <= ",
            )
            .arg(now);
        if let Some(webhook_key) = webhook_key {
            query = query.push(" AND w.webhook_key = ").arg(webhook_key);
        }
        query
            .push(" ORDER BY d.next_at, d.delivery_key")
            .read(&mut on, |columns| {
                let delivery = read(columns)?;
                let (webhook_key, webhook) = (columns.int()?, columns.text()?);
                let (url, secret) = (columns.text()?, columns.bytes()?);
                let (old, until) = (columns.opt_bytes()?, columns.opt_int()?);
                let old = old.filter(|_| until.is_some_and(|until| until > now));
                Ok(Due {
                    webhook_key,
                    webhook,
                    url,
                    secrets: [Some(secret), old].into_iter().flatten().collect(),
                    delivery,
                })
            })
            .await
    }

    /// A ticket's event with the ticket as it is now.
    ///
    /// # Errors
    /// The store's own.
    pub async fn delivered_event(
        &self,
        ticket: i64,
        number: i64,
    ) -> Result<Option<(NumberedTicket, TimelineEvent)>, StoreError> {
        let mut on = self.reader().await?;
        event_of(&mut on, ticket, number).await
    }

    /// Keeps what came of an attempt.
    ///
    /// # Errors
    /// The store's own.
    pub async fn delivery_attempted(
        &self,
        due: Due,
        status: Option<u16>,
        error: Option<String>,
        attempted: Attempted,
        now: TimeUs,
    ) -> Result<(), StoreError> {
        let given = (due, status, error, attempted, now);
        self.write(given, |tx, (due, status, error, attempted, now)| {
            Box::pin(attempt(tx, due, *status, error.as_deref(), attempted, *now))
        })
        .await
    }

    /// Deliveries of an endpoint before one, the newest first.
    ///
    /// # Errors
    /// Not found: the endpoint.
    pub async fn deliveries(
        &self,
        webhook: &str,
        state: Option<DeliveryState>,
        before: Option<i64>,
        most: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let mut on = self.reader().await?;
        let webhook_key = Query::new("SELECT webhook_key FROM webhooks WHERE name = $1")
            .bind(webhook)
            .read_optional(&mut on, |columns| columns.int())
            .await?
            .ok_or(StoreError::not_found(wording!("webhook")))?;
        let mut query = Query::new(SELECT)
            .push("FROM webhook_deliveries d WHERE d.webhook_key = ")
            .arg(webhook_key)
            .push(" AND d.delivery_key < ")
            .arg(before.unwrap_or(i64::MAX));
        if let Some(state) = state {
            query = query.push(" AND d.state = ").arg(state.as_str());
        }
        query
            .push(" ORDER BY d.delivery_key DESC LIMIT ")
            .arg(most)
            .read(&mut on, read)
            .await
    }

    /// Tries dead deliveries of an endpoint again: the one that is named, or all. They come before what waits. Gives how many.
    ///
    /// # Errors
    /// Not found: the endpoint; the delivery, or it is not dead.
    pub async fn replay_deliveries(
        &self,
        webhook: &str,
        id: Option<Id>,
        by: &str,
        at: TimeUs,
    ) -> Result<u64, StoreError> {
        let given = (webhook.to_owned(), id, by.to_owned(), at);
        self.write(given, |tx, (webhook, id, by, at)| {
            Box::pin(async move {
                let mut query = Query::new(
                    "UPDATE webhook_deliveries SET state = 'waiting', n_attempts = 0, next_at = ",
                )
                .arg(*at)
                .push(" WHERE state = 'dead' AND webhook_key = ")
                .arg(key(tx, webhook).await?);
                if let Some(id) = id {
                    query = query.push(" AND id = ").arg(*id);
                }
                let n_rows = query.execute(&mut tx.on).await?;
                if n_rows == 0 && id.is_some() {
                    return Err(StoreError::not_found(wording!("dead delivery")));
                }
                let detail = format!("{n_rows} deliveries");
                audit::note(tx, by, "webhook.replay", webhook, &detail, *at).await?;
                Ok(n_rows)
            })
        })
        .await
    }

    /// Owes an endpoint a test.
    ///
    /// # Errors
    /// Not found: the endpoint.
    pub async fn test_webhook(&self, webhook: &str, at: TimeUs) -> Result<Id, StoreError> {
        self.write((webhook.to_owned(), at), |tx, (webhook, at)| {
            Box::pin(async move {
                let webhook_key = key(tx, webhook).await?;
                insert(tx, webhook_key, None, *at).await
            })
        })
        .await
    }

    /// Forgets what arrived before one moment and what is dead since before another, up to `most`; disables endpoints for
    /// which too many wait. Gives how many were forgotten.
    ///
    /// # Errors
    /// The store's own.
    pub async fn tidy_deliveries(
        &self,
        delivered_before: TimeUs,
        dead_before: TimeUs,
        most: u32,
        now: TimeUs,
    ) -> Result<u64, StoreError> {
        let given = (delivered_before, dead_before, most, now);
        self.write(given, |tx, (delivered, dead, most, now)| {
            Box::pin(async move {
                let mut n_rows = 0;
                for (state, before) in [
                    (DeliveryState::Delivered, delivered),
                    (DeliveryState::Dead, dead),
                ] {
                    n_rows += Query::new(
                        "DELETE FROM webhook_deliveries WHERE delivery_key IN (SELECT delivery_key FROM \
                         webhook_deliveries WHERE state = $1 AND made_at < $2 LIMIT $3)",
                    )
                    .bind(state.as_str())
                    .bind(*before)
                    .bind(*most)
                    .execute(&mut tx.on)
                    .await?;
                }
                overflown(tx, *now).await?;
                Ok(n_rows)
            })
        })
        .await
    }
}

async fn overflown(tx: &mut Tx, now: TimeUs) -> Result<(), StoreError> {
    let full = Query::new(
        "SELECT w.webhook_key, w.name FROM webhooks w WHERE w.is_enabled = 1 AND (SELECT COUNT(*) FROM \
         webhook_deliveries d WHERE d.webhook_key = w.webhook_key AND d.state = 'waiting') >= $1",
    )
    .bind(MOST_WAITING)
    .read(&mut tx.on, |columns| Ok((columns.int()?, columns.text()?)))
    .await?;
    for (webhook_key, name) in full {
        let reason = format!("{MOST_WAITING} deliveries wait for it");
        disable(tx, webhook_key, Some(&reason)).await?;
        audit::note(tx, COLLECTOR, "webhook.disable", &name, &reason, now).await?;
        tracing::warn!(webhook = name, reason, "a webhook is disabled");
    }
    Ok(())
}

fn read(columns: &mut Columns<'_>) -> Result<Delivery, StoreError> {
    let (key, id) = (columns.int()?, columns.id()?);
    let (ticket, number) = (columns.opt_int()?, columns.opt_int()?);
    Ok(Delivery {
        key,
        id,
        event: ticket.zip(number),
        state: columns.text()?,
        made_at: columns.int()?,
        n_attempts: columns.int()?,
        next_at: columns.int()?,
        tried_at: columns.opt_int()?,
        status: columns.opt_int()?,
        error: columns.opt_text()?,
    })
}

async fn attempt(
    tx: &mut Tx,
    due: &Due,
    status: Option<u16>,
    error: Option<&str>,
    attempted: &Attempted,
    now: TimeUs,
) -> Result<(), StoreError> {
    let (state, next_at) = match attempted {
        Attempted::Delivered => (DeliveryState::Delivered, now),
        Attempted::Again(at) => (DeliveryState::Waiting, *at),
        Attempted::Dead | Attempted::Disabled { is_dead: true, .. } => (DeliveryState::Dead, now),
        Attempted::Disabled { is_dead: false, .. } => (DeliveryState::Waiting, now),
    };
    let error = error.map(|error| sonde_proto::text::clean(error, ERROR_LENGTH, false));
    let n_rows = Query::new(
        "UPDATE webhook_deliveries SET state = $1, next_at = $2, tried_at = $3, status = $4, error = $5, \
         n_attempts = n_attempts + 1 WHERE delivery_key = $6 AND state = 'waiting'",
    )
    .bind(state.as_str())
    .bind(next_at)
    .bind(now)
    .bind(status.map(i64::from))
    .bind(error.as_deref())
    .bind(due.delivery.key)
    .execute(&mut tx.on)
    .await?;
    if n_rows == 0 {
        // The endpoint was removed meanwhile.
        return Ok(());
    }
    let failing = match attempted {
        Attempted::Delivered => {
            "UPDATE webhooks SET failing_since = NULL WHERE webhook_key = $1 AND $2 > 0"
        }
        Attempted::Again(_) | Attempted::Dead | Attempted::Disabled { .. } => {
            "UPDATE webhooks SET failing_since = COALESCE(failing_since, $2) WHERE webhook_key = $1"
        }
    };
    let failing = Query::new(failing).bind(due.webhook_key).bind(now);
    failing.execute(&mut tx.on).await?;
    if let Attempted::Disabled { reason, .. } = attempted {
        disable(tx, due.webhook_key, Some(reason)).await?;
        audit::note(tx, COLLECTOR, "webhook.disable", &due.webhook, reason, now).await?;
        tracing::warn!(webhook = due.webhook, reason, "a webhook is disabled");
    }
    Ok(())
}
