//! Alerts: findings that lasted past their hold time, by device, check and subject; and what silences them.

mod acceptances;
mod maintenance;
mod mutes;
mod silences;

pub use acceptances::{Acceptance, MOST_ACCEPTED, NewAcceptance};
pub use maintenance::{MOST_PLANNED, Maintenance, NewMaintenance};
pub use mutes::{Mute, NewMute, Scope};
pub(super) use silences::of_devices as silences_of_devices;
pub use silences::{Heard, Silence, SilenceKey, SilenceKind, Silences};

use std::collections::HashMap;

use sonde_proto::v1;

use super::findings::code;
use super::tickets::OpenTicket;
use super::{Columns, Query, Store, StoreError, TimeUs, Tx, tickets};
use crate::desk::{Event, State};

/// Alerts of a ticket that are told on it as they come.
const MOST_TOLD: i64 = 20;

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    pub alert_key: i64,
    pub device_key: i64,
    pub check: String,
    pub subject: String,
    /// As monitoring plugins number it.
    pub status: i64,
    pub opened_at: TimeUs,
    pub cleared_at: Option<TimeUs>,
    pub ticket: Option<i64>,
}

/// Which alerts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertFilter {
    /// Keys; none: all.
    pub sites: Option<Vec<i64>>,
    pub device_key: Option<i64>,
    /// Older than the one with this key.
    pub before: Option<i64>,
    pub most: u32,
}

/// A finding that has lasted: an alert is opened for it unless one is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raise {
    pub device_key: i64,
    pub check: String,
    pub subject: String,
    pub status: v1::Status,
    pub at: TimeUs,
}

/// An alert that is open now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raised {
    pub alert_key: i64,
    pub ticket: Option<i64>,
    /// The ticket was opened for it.
    pub is_new_ticket: bool,
}

/// An alert that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleared {
    pub alert: Alert,
    /// The ticket that is solved by that.
    pub solved: Option<i64>,
}

const SELECT: &str = "SELECT alert_key, device_key, check_id, subject, status, opened_at, cleared_at, ticket \
     FROM alerts WHERE ";

/// A device is no more, and with it what was wrong with it.
pub(super) async fn clear_of_device(
    tx: &mut Tx,
    device_key: i64,
    at: TimeUs,
) -> Result<(), StoreError> {
    Query::new("UPDATE alerts SET cleared_at = $1 WHERE device_key = $2 AND cleared_at IS NULL")
        .bind(at)
        .bind(device_key)
        .execute(&mut tx.on)
        .await?;
    Ok(())
}

fn read(columns: &mut Columns<'_>) -> Result<Alert, StoreError> {
    Ok(Alert {
        alert_key: columns.int()?,
        device_key: columns.int()?,
        check: columns.text()?,
        subject: columns.text()?,
        status: columns.int()?,
        opened_at: columns.int()?,
        cleared_at: columns.opt_int()?,
        ticket: columns.opt_int()?,
    })
}

impl Store {
    /// Since when the findings of open alerts are ok, by the alert's key; 0 of one that has no finding any more. Those
    /// that are not ok, or that nobody can tell of, are left out.
    ///
    /// # Errors
    /// The store's own.
    pub async fn open_alerts_ok_since(&self) -> Result<HashMap<i64, TimeUs>, StoreError> {
        let mut on = self.reader().await?;
        let found = Query::new(
            "SELECT a.alert_key, COALESCE(f.since, 0) FROM alerts a LEFT JOIN findings f \
             ON f.device_key = a.device_key AND f.check_id = a.check_id AND f.subject = a.subject \
             WHERE a.cleared_at IS NULL AND COALESCE(f.status, 0) = 0",
        )
        .read(&mut on, |columns| Ok((columns.int()?, columns.int()?)))
        .await?;
        Ok(found.into_iter().collect())
    }

    /// Opens an alert, or joins the open one of its key. With `ticket` it gets one if it has none: the last one of its
    /// key that is not closed, else the one that is worked on for the same check on the same device, else this one.
    ///
    /// # Errors
    /// Refused: the ticket.
    pub async fn raise_alert(
        &self,
        raise: Raise,
        ticket: Option<OpenTicket>,
    ) -> Result<Raised, StoreError> {
        self.write((raise, ticket), |tx, (raise, ticket)| {
            Box::pin(async move {
                let raised = open(tx, raise).await?;
                let raised = match ticket {
                    Some(ticket) if raised.ticket.is_none() => {
                        give_ticket(tx, raise, raised, ticket).await?
                    }
                    Some(_) | None => raised,
                };
                let (key, status) = (raise.device_key, code(raise.status));
                tickets::look_at_alert(tx, key, &raise.check, status, raised.ticket).await?;
                Ok(raised)
            })
        })
        .await
    }

    /// The finding is over: the open alert of its key, if any, is cleared. Its ticket is solved by that, if it has no other
    /// that is open and nobody has taken it.
    ///
    /// # Errors
    /// The store's own.
    pub async fn clear_alert(
        &self,
        device_key: i64,
        check: &str,
        subject: &str,
        at: TimeUs,
    ) -> Result<Option<Cleared>, StoreError> {
        self.write(
            (device_key, check.to_owned(), subject.to_owned(), at),
            |tx, (device_key, check, subject, at)| {
                Box::pin(clear(tx, *device_key, check, subject, *at))
            },
        )
        .await
    }

    /// A page of the alerts that are open, the newest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn open_alerts(&self, filter: &AlertFilter) -> Result<Vec<Alert>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(SELECT)
            .push("cleared_at IS NULL AND alert_key < ")
            .arg(filter.before.unwrap_or(i64::MAX));
        if let Some(device_key) = filter.device_key {
            query = query.push(" AND device_key = ").arg(device_key);
        }
        if let Some(sites) = &filter.sites {
            query = query
                .push(" AND device_key IN (SELECT device_key FROM devices WHERE site_key IN ")
                .list(sites.iter().copied())
                .push(")");
        }
        query
            .push(" ORDER BY alert_key DESC LIMIT ")
            .arg(filter.most)
            .read(&mut on, read)
            .await
    }
}

async fn clear(
    tx: &mut Tx,
    device_key: i64,
    check: &str,
    subject: &str,
    at: TimeUs,
) -> Result<Option<Cleared>, StoreError> {
    let cleared = Query::new(
        "UPDATE alerts SET cleared_at = $1 WHERE device_key = $2 AND check_id = $3 AND subject = $4 \
         AND cleared_at IS NULL RETURNING alert_key, device_key, check_id, subject, status, \
         opened_at, cleared_at, ticket",
    )
    .bind(at)
    .bind(device_key)
    .bind(check)
    .bind(subject)
    .read_optional(&mut tx.on, read)
    .await?;
    let Some(alert) = cleared else {
        return Ok(None);
    };
    let solved = match alert.ticket {
        Some(number) => tickets::recover(tx, number, at).await?.then_some(number),
        None => None,
    };
    Ok(Some(Cleared { alert, solved }))
}

async fn open(tx: &mut Tx, raise: &Raise) -> Result<Raised, StoreError> {
    let status = code(raise.status);
    let known = Query::new(
        "UPDATE alerts SET status = $1 WHERE device_key = $2 AND check_id = $3 AND subject = $4 \
         AND cleared_at IS NULL RETURNING alert_key, ticket",
    )
    .bind(status)
    .bind(raise.device_key)
    .bind(&raise.check)
    .bind(&raise.subject)
    .read_optional(&mut tx.on, |columns| {
        Ok((columns.int()?, columns.opt_int()?))
    })
    .await?;
    if let Some((alert_key, ticket)) = known {
        return Ok(Raised {
            alert_key,
            ticket,
            is_new_ticket: false,
        });
    }
    let alert_key = Query::new(
        "INSERT INTO alerts (device_key, check_id, subject, status, opened_at) VALUES ($1, $2, $3, $4, $5) \
         RETURNING alert_key",
    )
    .bind(raise.device_key)
    .bind(&raise.check)
    .bind(&raise.subject)
    .bind(status)
    .bind(raise.at)
    .read_optional(&mut tx.on, |columns| columns.int())
    .await?
    .ok_or_else(|| StoreError::Broken("no key was given".into()))?;
    Ok(Raised {
        alert_key,
        ticket: None,
        is_new_ticket: false,
    })
}

/// An alert of the same check on the same device that has a ticket which is worked on: both are one case.
async fn beside(tx: &mut Tx, raise: &Raise) -> Result<Option<i64>, StoreError> {
    Query::new(
        "SELECT t.number FROM alerts a JOIN tickets t ON t.number = a.ticket WHERE a.device_key = $1 \
         AND a.check_id = $2 AND a.cleared_at IS NULL AND t.state IN ('new', 'open', 'waiting') \
         ORDER BY a.alert_key LIMIT 1",
    )
    .bind(raise.device_key)
    .bind(&raise.check)
    .read_optional(&mut tx.on, |columns| columns.int())
    .await
}

/// Another alert of a ticket; the first few are told on it.
async fn come_too(tx: &mut Tx, number: i64, told: &OpenTicket) -> Result<(), StoreError> {
    let row = Query::new("SELECT COUNT(*) FROM alerts WHERE ticket = $1")
        .bind(number)
        .one(&mut tx.on)
        .await?;
    if Columns::of(&row).int()? > MOST_TOLD {
        return Ok(());
    }
    let present = tickets::load(&mut tx.on, number).await?;
    let text = format!("too: {}", told.title);
    let event = Event::Noted { text };
    tickets::happen(tx, number, present, &event, &told.opened_by, told.at).await?;
    Ok(())
}

async fn give_ticket(
    tx: &mut Tx,
    raise: &Raise,
    raised: Raised,
    ticket: &OpenTicket,
) -> Result<Raised, StoreError> {
    let earlier = Query::new(
        "SELECT t.number FROM alerts a JOIN tickets t ON t.number = a.ticket WHERE a.device_key = $1 \
         AND a.check_id = $2 AND a.subject = $3 AND t.state <> 'closed' ORDER BY a.alert_key DESC LIMIT 1",
    )
    .bind(raise.device_key)
    .bind(&raise.check)
    .bind(&raise.subject)
    .read_optional(&mut tx.on, |columns| columns.int())
    .await?;
    let other = match earlier {
        Some(_) => None,
        None => beside(tx, raise).await?,
    };
    let number = match (earlier, other) {
        (Some(number), _) => {
            come_back(tx, number, ticket).await?;
            number
        }
        (None, Some(number)) => {
            come_too(tx, number, ticket).await?;
            number
        }
        (None, None) => tickets::open(tx, ticket).await?.number,
    };
    Query::new("UPDATE alerts SET ticket = $1 WHERE alert_key = $2")
        .bind(number)
        .bind(raised.alert_key)
        .execute(&mut tx.on)
        .await?;
    Ok(Raised {
        ticket: Some(number),
        is_new_ticket: earlier.or(other).is_none(),
        ..raised
    })
}

/// The fault of a ticket is back: what was thought solved is open again.
async fn come_back(tx: &mut Tx, number: i64, told: &OpenTicket) -> Result<(), StoreError> {
    let present = tickets::load(&mut tx.on, number).await?;
    let thought_solved = present
        .as_ref()
        .is_some_and(|present| matches!(present.ticket.state, State::Proposed | State::Resolved));
    let text = format!("it is back: {}", told.title);
    let event = match thought_solved {
        true => Event::StateChanged {
            to: State::Open,
            waiting_for: None,
            reason: Some(text),
            confirmation: None,
        },
        false => Event::Noted { text },
    };
    tickets::happen(tx, number, present, &event, &told.opened_by, told.at).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
