//! Alerts: findings that lasted past their hold time, by device, check and subject; and mutes.

mod mutes;

pub use mutes::{Mute, NewMute, Scope};

use sonde_proto::v1;

use super::{Columns, Query, Store, StoreError, TimeUs, Tx};

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

/// A finding that has lasted: an alert is opened for it unless one is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raise {
    pub device_key: i64,
    pub check: String,
    pub subject: String,
    pub status: v1::Status,
    pub at: TimeUs,
}

/// What became of raising an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raised {
    Opened {
        alert_key: i64,
    },
    /// It is open, and its status is now this one.
    Joined {
        alert_key: i64,
        ticket: Option<i64>,
    },
}

const SELECT: &str = "SELECT alert_key, device_key, check_id, subject, status, opened_at, cleared_at, ticket \
     FROM alerts WHERE ";

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
    /// Opens an alert, or joins the open one of its key.
    ///
    /// # Errors
    /// The store's own.
    pub async fn raise_alert(&self, raise: Raise) -> Result<Raised, StoreError> {
        self.write(raise, |tx, raise| Box::pin(open(tx, raise)))
            .await
    }

    /// The finding is over: the open alert of its key, if any, is cleared.
    ///
    /// # Errors
    /// The store's own.
    pub async fn clear_alert(
        &self,
        device_key: i64,
        check: &str,
        subject: &str,
        at: TimeUs,
    ) -> Result<Option<Alert>, StoreError> {
        self.write(
            (device_key, check.to_owned(), subject.to_owned(), at),
            |tx, (device_key, check, subject, at)| {
                Box::pin(async move {
                    Query::new(
                        "UPDATE alerts SET cleared_at = $1 WHERE device_key = $2 AND check_id = $3 AND subject = $4 \
                         AND cleared_at IS NULL RETURNING alert_key, device_key, check_id, subject, status, \
                         opened_at, cleared_at, ticket",
                    )
                    .bind(*at)
                    .bind(*device_key)
                    .bind(check)
                    .bind(subject)
                    .read_optional(&mut tx.on, read)
                    .await
                })
            },
        )
        .await
    }

    /// An alert's ticket.
    ///
    /// # Errors
    /// Not found: the alert.
    pub async fn alert_has_ticket(&self, alert_key: i64, ticket: i64) -> Result<(), StoreError> {
        self.write((alert_key, ticket), |tx, (alert_key, ticket)| {
            Box::pin(async move {
                let n_rows = Query::new("UPDATE alerts SET ticket = $1 WHERE alert_key = $2")
                    .bind(*ticket)
                    .bind(*alert_key)
                    .execute(&mut tx.on)
                    .await?;
                match n_rows {
                    0 => Err(StoreError::NotFound { what: "alert" }),
                    _ => Ok(()),
                }
            })
        })
        .await
    }

    /// Alerts that are open, of some devices or of all, the newest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn open_alerts(
        &self,
        device_key: Option<i64>,
        most: u32,
    ) -> Result<Vec<Alert>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(SELECT).push("cleared_at IS NULL");
        if let Some(device_key) = device_key {
            query = query.push(" AND device_key = ").arg(device_key);
        }
        query
            .push(" ORDER BY alert_key DESC LIMIT ")
            .arg(most)
            .read(&mut on, read)
            .await
    }
}

async fn open(tx: &mut Tx, raise: &Raise) -> Result<Raised, StoreError> {
    let status = i64::from(raise.status as i32) - 1;
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
        return Ok(Raised::Joined { alert_key, ticket });
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
    Ok(Raised::Opened { alert_key })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NOW, device, on_both};
    use super::*;

    #[tokio::test]
    async fn one_alert_is_open_for_each_key() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let raise = |status, at| Raise {
                device_key: key,
                check: "disk.space".into(),
                subject: "/".into(),
                status,
                at,
            };
            let opened = store.raise_alert(raise(v1::Status::Warning, NOW)).await;
            let Ok(Raised::Opened { alert_key }) = opened else {
                panic!("{opened:?}");
            };
            let joined = store
                .raise_alert(raise(v1::Status::Critical, NOW + 1))
                .await;
            let ticket = None;
            assert_eq!(joined, Ok(Raised::Joined { alert_key, ticket }));
            let open = store.open_alerts(Some(key), 10).await.unwrap();
            assert_eq!((open.len(), open[0].status, open[0].opened_at), (1, 2, NOW));
            let cleared = store
                .clear_alert(key, "disk.space", "/", NOW + 2)
                .await
                .unwrap();
            assert_eq!(cleared.unwrap().alert_key, alert_key);
            assert_eq!(
                store.clear_alert(key, "disk.space", "/", NOW + 3).await,
                Ok(None)
            );
            assert_eq!(store.open_alerts(None, 10).await.unwrap(), []);
            let again = store.raise_alert(raise(v1::Status::Warning, NOW + 4)).await;
            assert!(matches!(again, Ok(Raised::Opened { .. })), "{again:?}");
        })
        .await;
    }
}
