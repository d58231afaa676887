//! Acceptances: findings that somebody knows of and lives with, up to a status, until a time.

use super::super::{Columns, Id, Query, Store, StoreError, TimeUs, Tx, audit};
use super::SilenceKey;
use crate::wording::wording;

/// Of one device, at a time.
pub const MOST_ACCEPTED: i64 = 200;
/// Of all devices, that are read at a time.
const MOST: i64 = 50_000;
/// Devices that one statement names.
const MOST_NAMED: usize = 1_000;

/// A finding to be accepted.
#[derive(Debug, Clone)]
pub struct NewAcceptance {
    pub device_key: i64,
    pub check: String,
    pub subject: String,
    /// As monitoring plugins number it; when it is worse it is not accepted.
    pub status: i64,
    pub reason: String,
    pub created_by: String,
    pub until: TimeUs,
    pub at: TimeUs,
}

/// An acceptance that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    pub id: Id,
    pub device_key: i64,
    pub check: String,
    pub subject: String,
    pub status: i64,
    pub reason: String,
    pub created_by: String,
    pub created_at: TimeUs,
    pub until: TimeUs,
}

impl Acceptance {
    pub fn key(&self) -> SilenceKey {
        SilenceKey::new(self.created_at, self.id)
    }

    /// Whether it holds for a finding of its device.
    pub fn covers(&self, check: &str, subject: &str, status: i64) -> bool {
        self.check == check && self.subject == subject && status <= self.status
    }
}

impl Store {
    /// Accepts a finding and gives the acceptance's id. One that was accepted before is accepted anew.
    ///
    /// # Errors
    /// Refused: [`MOST_ACCEPTED`] of the device are.
    pub async fn accept_finding(&self, acceptance: NewAcceptance) -> Result<Id, StoreError> {
        self.write(acceptance, |tx, new| Box::pin(accept(tx, new)))
            .await
    }

    /// Acceptances that hold at a moment, the newest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn acceptances(&self, at: TimeUs) -> Result<Vec<Acceptance>, StoreError> {
        let mut on = self.reader().await?;
        holding(&mut on, at, None).await
    }

    /// Ends an acceptance.
    ///
    /// # Errors
    /// Not found: the acceptance.
    pub async fn end_acceptance(&self, id: Id, by: &str, at: TimeUs) -> Result<(), StoreError> {
        self.write((id, by.to_owned(), at), |tx, (id, by, at)| {
            Box::pin(async move {
                let n_rows = Query::new(
                    "UPDATE acceptances SET ended_at = COALESCE(ended_at, $1) WHERE id = $2",
                )
                .bind(*at)
                .bind(*id)
                .execute(&mut tx.on)
                .await?;
                match n_rows {
                    0 => Err(StoreError::not_found(wording!("acceptance"))),
                    _ => audit::note(tx, by, "acceptance.end", id, "", *at).await,
                }
            })
        })
        .await
    }
}

/// Those that hold at a moment, of these devices (of others too, when these are many); none: of all.
pub(super) async fn holding(
    on: &mut sqlx::AnyConnection,
    at: TimeUs,
    devices: Option<&[i64]>,
) -> Result<Vec<Acceptance>, StoreError> {
    let mut query = Query::new(
        "SELECT id, device_key, check_id, subject, status, reason, created_by, created_at, until_at FROM acceptances \
         WHERE created_at <= $1 AND until_at > $1 AND (ended_at IS NULL OR ended_at > $1)",
    )
    .bind(at);
    // So many are not looked for one by one.
    if let Some(devices) = devices.filter(|devices| devices.len() <= MOST_NAMED) {
        query = query
            .push(" AND device_key IN ")
            .list(devices.iter().copied());
    }
    query
        .push(" ORDER BY created_at DESC, id DESC LIMIT ")
        .arg(MOST)
        .read(on, read)
        .await
}

fn read(columns: &mut Columns<'_>) -> Result<Acceptance, StoreError> {
    Ok(Acceptance {
        id: columns.id()?,
        device_key: columns.int()?,
        check: columns.text()?,
        subject: columns.text()?,
        status: columns.int()?,
        reason: columns.text()?,
        created_by: columns.text()?,
        created_at: columns.int()?,
        until: columns.int()?,
    })
}

async fn accept(tx: &mut Tx, new: &NewAcceptance) -> Result<Id, StoreError> {
    Query::new(
        "UPDATE acceptances SET ended_at = $1 WHERE device_key = $2 AND check_id = $3 AND subject = $4 \
         AND (ended_at IS NULL OR ended_at > $1)",
    )
    .bind(new.at)
    .bind(new.device_key)
    .bind(&new.check)
    .bind(&new.subject)
    .execute(&mut tx.on)
    .await?;
    let present = holding(&mut tx.on, new.at, Some(&[new.device_key])).await?;
    if present.len() as i64 >= MOST_ACCEPTED {
        let what = wording!(
            "{} findings of the device are accepted already",
            MOST_ACCEPTED
        );
        return Err(StoreError::refused("finding", what));
    }
    let id = Id::random();
    Query::new(
        "INSERT INTO acceptances (id, device_key, check_id, subject, status, reason, created_by, created_at, until_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id)
    .bind(new.device_key)
    .bind(&new.check)
    .bind(&new.subject)
    .bind(new.status)
    .bind(&new.reason)
    .bind(&new.created_by)
    .bind(new.at)
    .bind(new.until)
    .execute(&mut tx.on)
    .await?;
    let (by, reason) = (&new.created_by, &new.reason);
    audit::note(tx, by, "acceptance.create", id, reason, new.at).await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{NOW, device, on_both};
    use super::*;

    #[tokio::test]
    async fn what_is_accepted_is_so_up_to_its_status_until_its_time_or_its_end() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let new = |subject: &str, until| NewAcceptance {
                device_key: key,
                check: "disk.space".into(),
                subject: subject.into(),
                status: 1,
                reason: "a new disk is ordered".into(),
                created_by: "ann".into(),
                until,
                at: NOW,
            };
            let first = store.accept_finding(new("/", NOW + 10)).await.unwrap();
            let again = store.accept_finding(new("/", NOW + 20)).await.unwrap();
            store.accept_finding(new("/srv", NOW + 10)).await.unwrap();
            let at = async |at| store.acceptances(at).await.unwrap();
            let holding = at(NOW).await;
            assert_eq!(holding.len(), 2);
            assert!(!holding.iter().any(|one| one.id == first));
            let one = holding.iter().find(|one| one.id == again).unwrap();
            assert!(one.covers("disk.space", "/", 1));
            assert!(!one.covers("disk.space", "/", 2));
            assert!(!one.covers("disk.space", "/srv", 1));
            assert_eq!(at(NOW - 1).await, []);
            assert_eq!(at(NOW + 10).await.len(), 1);
            store.end_acceptance(again, "ann", NOW + 11).await.unwrap();
            assert_eq!(at(NOW + 11).await, []);
            // How it was then.
            assert_eq!(at(NOW + 10).await.len(), 1);
            let nobody = store.end_acceptance(Id([9; 16]), "ann", NOW).await;
            assert_eq!(nobody, Err(StoreError::not_found(wording!("acceptance"))));
        })
        .await;
    }
}
