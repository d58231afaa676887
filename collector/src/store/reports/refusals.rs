//! Reports that were refused: the newest of each device, and since when it goes on.

use std::collections::HashMap;

use super::super::facts::NotAKey;
use super::super::{Columns, Id, Query, Store, StoreError, TimeUs, Tx, Value, insert_rows};

/// Refusals further apart than this have nothing to do with each other: a day.
pub const REFUSALS_APART_US: i64 = 86_400_000_000;
/// Refused reports that are kept of a device.
const KEPT: i64 = 256;

/// A report that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedReport {
    pub spool_id: Id,
    pub seq: i64,
    pub at: TimeUs,
    pub reason: String,
    pub first_bytes: Vec<u8>,
}

/// Where a refused report stands among a device's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RejectedKey {
    at: TimeUs,
    seq: i64,
    spool_id: Id,
}

impl RejectedReport {
    pub fn key(&self) -> RejectedKey {
        RejectedKey {
            at: self.at,
            seq: self.seq,
            spool_id: self.spool_id,
        }
    }
}

impl std::fmt::Display for RejectedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.at, self.seq, self.spool_id)
    }
}

impl std::str::FromStr for RejectedKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let mut parts = text.splitn(3, '.');
        let mut next = || parts.next().ok_or(NotAKey);
        Ok(Self {
            at: next()?.parse().map_err(|_| NotAKey)?,
            seq: next()?.parse().map_err(|_| NotAKey)?,
            spool_id: next()?.parse().map_err(|_| NotAKey)?,
        })
    }
}

/// A device whose reports are refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusals {
    /// When the first was of those that followed each other within a day.
    pub since: TimeUs,
    /// When the newest was, and why.
    pub last_at: TimeUs,
    pub reason: String,
}

/// One on its way into the store.
pub(super) struct NewRefusal {
    pub(super) device_key: i64,
    pub(super) spool_id: Id,
    pub(super) seq: i64,
    pub(super) at: TimeUs,
    pub(super) reason: String,
    pub(super) first_bytes: Vec<u8>,
}

const SELECT: &str = "SELECT device_key, since, last_at, reason FROM refusals WHERE last_at >= $1";

fn read(columns: &mut Columns<'_>) -> Result<(i64, Refusals), StoreError> {
    let device_key = columns.int()?;
    let refusals = Refusals {
        since: columns.int()?,
        last_at: columns.int()?,
        reason: columns.text()?,
    };
    Ok((device_key, refusals))
}

impl Store {
    /// Devices that a report was refused of from `since` on.
    ///
    /// # Errors
    /// The store's own.
    pub async fn refusals_since(
        &self,
        since: TimeUs,
    ) -> Result<HashMap<i64, Refusals>, StoreError> {
        let mut on = self.reader().await?;
        let found = Query::new(SELECT).bind(since).read(&mut on, read).await?;
        Ok(found.into_iter().collect())
    }

    /// The same of these devices.
    ///
    /// # Errors
    /// The store's own.
    pub async fn refusals_of(
        &self,
        device_keys: &[i64],
        since: TimeUs,
    ) -> Result<HashMap<i64, Refusals>, StoreError> {
        let mut on = self.reader().await?;
        let found = Query::new(SELECT)
            .bind(since)
            .push(" AND device_key IN ")
            .list(device_keys.iter().copied())
            .read(&mut on, read)
            .await?;
        Ok(found.into_iter().collect())
    }

    /// A page of a device's refused reports, the newest first; of many, the newest are kept.
    ///
    /// # Errors
    /// The store's own.
    pub async fn rejected_reports(
        &self,
        device_key: i64,
        before: Option<RejectedKey>,
        most: u32,
    ) -> Result<Vec<RejectedReport>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(
            "SELECT spool_id, seq, at, reason, first_bytes FROM rejected_reports WHERE device_key = $1",
        )
        .bind(device_key);
        if let Some(RejectedKey { at, seq, spool_id }) = before {
            let before: [Value; 3] = [at.into(), seq.into(), spool_id.into()];
            query = query.push(" AND (at, seq, spool_id) < ").list(before);
        }
        query
            .push(" ORDER BY at DESC, seq DESC, spool_id DESC LIMIT ")
            .arg(most)
            .read(&mut on, |columns| {
                Ok(RejectedReport {
                    spool_id: columns.id()?,
                    seq: columns.int()?,
                    at: columns.int()?,
                    reason: columns.text()?,
                    first_bytes: columns.bytes()?,
                })
            })
            .await
    }
}

/// Keeps them, and forgets the oldest of a device that has more than are kept.
pub(super) async fn keep(tx: &mut Tx, refused: Vec<NewRefusal>) -> Result<(), StoreError> {
    if refused.is_empty() {
        return Ok(());
    }
    let mut devices: Vec<i64> = refused.iter().map(|one| one.device_key).collect();
    devices.sort_unstable();
    devices.dedup();
    for device_key in &devices {
        let mut own: Vec<&NewRefusal> = refused
            .iter()
            .filter(|one| one.device_key == *device_key)
            .collect();
        own.sort_by_key(|one| one.at);
        for one in own {
            note(tx, one).await?;
        }
    }
    let rows: Vec<Vec<Value>> = refused
        .into_iter()
        .map(|one| {
            vec![
                one.device_key.into(),
                one.spool_id.into(),
                one.seq.into(),
                one.at.into(),
                one.reason.into(),
                one.first_bytes.into(),
            ]
        })
        .collect();
    insert_rows(
        &mut tx.on,
        "INSERT INTO rejected_reports (device_key, spool_id, seq, at, reason, first_bytes) VALUES ",
        rows,
        " ON CONFLICT (device_key, spool_id, seq) DO NOTHING",
    )
    .await?;
    for device_key in devices {
        Query::new(
            "DELETE FROM rejected_reports WHERE device_key = $1 AND at < (SELECT at FROM rejected_reports \
             WHERE device_key = $1 ORDER BY at DESC LIMIT 1 OFFSET $2)",
        )
        .bind(device_key)
        .bind(KEPT - 1)
        .execute(&mut tx.on)
        .await?;
    }
    Ok(())
}

async fn note(tx: &mut Tx, one: &NewRefusal) -> Result<(), StoreError> {
    Query::new(
        "INSERT INTO refusals (device_key, since, last_at, reason) VALUES ($1, $2, $2, $3) \
         ON CONFLICT (device_key) DO UPDATE SET \
         since = CASE WHEN refusals.last_at < excluded.last_at - $4 THEN excluded.since ELSE refusals.since END, \
         reason = CASE WHEN refusals.last_at > excluded.last_at THEN refusals.reason ELSE excluded.reason END, \
         last_at = CASE WHEN refusals.last_at > excluded.last_at THEN refusals.last_at ELSE excluded.last_at END",
    )
    .bind(one.device_key)
    .bind(one.at)
    .bind(&one.reason)
    .bind(REFUSALS_APART_US)
    .execute(&mut tx.on)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{HOUR_US, NOW, device, on_both};
    use super::super::{NewOutcome, NewReport};
    use super::*;

    async fn refuse(store: &Store, device_key: i64, seq: u64, at: TimeUs) {
        let report = NewReport {
            device_key,
            spool_id: Id([1; 16]),
            seq,
            reported_at: at,
            corrected_at: at,
            boot_id: "b".into(),
            outcome: NewOutcome::Rejected {
                reason: format!("report {seq}"),
                first_bytes: vec![7; 8],
            },
        };
        store.record_reports(vec![report]).await.unwrap();
    }

    #[tokio::test]
    async fn refusals_that_go_on_have_begun_with_the_first() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let of = async |since| store.refusals_of(&[key], since).await.unwrap().remove(&key);
            for (seq, hours) in [(1, 0), (2, 20), (4, 60), (5, 70), (3, 65)] {
                refuse(&store, key, seq, NOW + hours * HOUR_US).await;
            }
            let expected = Refusals {
                since: NOW + 60 * HOUR_US,
                last_at: NOW + 70 * HOUR_US,
                reason: "report 5".into(),
            };
            assert_eq!(of(NOW).await, Some(expected.clone()));
            assert_eq!(of(NOW + 70 * HOUR_US + 1).await, None);
            let all = store.refusals_since(NOW).await.unwrap();
            assert_eq!(all, HashMap::from([(key, expected)]));
        })
        .await;
    }

    #[tokio::test]
    async fn the_newest_refused_reports_of_a_device_are_kept() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let n_refused = KEPT as u64 + 3;
            for seq in 1..=n_refused {
                refuse(&store, key, seq, NOW + seq as i64).await;
            }
            let kept = store.rejected_reports(key, None, 10_000).await.unwrap();
            assert_eq!(kept.len() as i64, KEPT);
            assert_eq!(kept[0].seq as u64, n_refused);
        })
        .await;
    }
}
