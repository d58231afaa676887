//! Findings: what the checks say of each device now, and how that came about.

mod history;

pub use history::FindingChange;

use std::collections::HashSet;

use prost::Message as _;
use sonde_proto::caps::{CHECK_BYTES, SUBJECT_BYTES};
use sonde_proto::v1;

use super::{Columns, Query, Store, StoreError, TimeUs, Tx};
use crate::wording::{Wording, wording};

/// Status in the history of a finding whose subject is no more.
const GONE: i64 = -1;

/// Only the collector makes this check; no device declares or reports it.
pub fn is_collectors(check: &str) -> bool {
    check.starts_with("device.")
}

/// A finding as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingRow {
    pub device_key: i64,
    /// As it travelled.
    pub finding: v1::Finding,
    /// Since when it has its status, on the collector's clock.
    pub since: TimeUs,
    pub changed_at: TimeUs,
}

impl Store {
    /// A device's findings, the worst first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn findings(&self, device_key: i64) -> Result<Vec<FindingRow>, StoreError> {
        self.findings_of(&[device_key]).await
    }

    /// Findings of these devices, the worst first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn findings_of(&self, device_keys: &[i64]) -> Result<Vec<FindingRow>, StoreError> {
        let mut on = self.reader().await?;
        let rows = Query::new(
            "SELECT device_key, body, since, changed_at FROM findings WHERE device_key IN ",
        )
        .list(device_keys.iter().copied())
        .push(
            " ORDER BY CASE status WHEN 2 THEN 0 WHEN 1 THEN 1 WHEN 3 THEN 2 ELSE 3 END, check_id, subject",
        )
        .read(&mut on, read_row)
        .await?;
        rows.into_iter().map(decode).collect()
    }

    /// Warnings and critical findings of all devices that were not removed, for what judges over the fleet.
    ///
    /// # Errors
    /// The store's own.
    pub async fn bad_findings(&self, most: u32) -> Result<Vec<FindingRow>, StoreError> {
        let mut on = self.reader().await?;
        let rows = Query::new(
            "SELECT f.device_key, f.body, f.since, f.changed_at FROM findings f \
             JOIN devices d ON d.device_key = f.device_key \
             WHERE f.status IN ($1, $2) AND d.removed_at IS NULL \
             ORDER BY f.device_key, f.check_id, f.subject LIMIT $3",
        )
        .bind(code(v1::Status::Warning))
        .bind(code(v1::Status::Critical))
        .bind(most)
        .read(&mut on, read_row)
        .await?;
        rows.into_iter().map(decode).collect()
    }
}

type Row = (i64, Vec<u8>, TimeUs, TimeUs);

fn read_row(columns: &mut Columns<'_>) -> Result<Row, StoreError> {
    Ok((
        columns.int()?,
        columns.bytes()?,
        columns.int()?,
        columns.int()?,
    ))
}

fn decode((device_key, body, since, changed_at): Row) -> Result<FindingRow, StoreError> {
    Ok(FindingRow {
        device_key,
        finding: finding(&body)?,
        since,
        changed_at,
    })
}

fn finding(body: &[u8]) -> Result<v1::Finding, StoreError> {
    v1::Finding::decode(body).map_err(|error| StoreError::Broken(error.to_string()))
}

/// A status as monitoring plugins number it.
pub(crate) fn code(status: v1::Status) -> i64 {
    i64::from(status as i32) - 1
}

struct Known {
    check: String,
    subject: String,
    status: i64,
    message_id: String,
    since: TimeUs,
}

/// Applies what a run of checks found. True: a status is new or another.
///
/// # Errors
/// Refused, before anything is written: a finding without check or status, or with a name that is too long.
pub(super) async fn apply(
    tx: &mut Tx,
    device_key: i64,
    changes: &v1::FindingChanges,
    at: TimeUs,
) -> Result<bool, StoreError> {
    for finding in &changes.findings {
        check(finding)?;
        if is_collectors(&finding.check) {
            return Err(StoreError::refused(
                "check",
                wording!("only the collector makes {}", finding.check),
            ));
        }
    }
    let known = Query::new(
        "SELECT check_id, subject, status, message_id, since FROM findings WHERE device_key = $1",
    )
    .bind(device_key)
    .read(&mut tx.on, |columns| {
        Ok(Known {
            check: columns.text()?,
            subject: columns.text()?,
            status: columns.int()?,
            message_id: columns.text()?,
            since: columns.int()?,
        })
    })
    .await?;
    few_enough(&known, changes)?;
    let mut changed = false;
    let mut named = HashSet::new();
    for finding in &changes.findings {
        named.insert((finding.check.as_str(), finding.subject.as_str()));
        let before = known
            .iter()
            .find(|known| known.check == finding.check && known.subject == finding.subject);
        changed |= save(tx, device_key, finding, before, at).await?;
    }
    named.extend(
        changes
            .kept
            .iter()
            .map(|kept| (kept.check.as_str(), kept.subject.as_str())),
    );
    for before in &known {
        let key = (before.check.as_str(), before.subject.as_str());
        let is_gone = changes
            .gone
            .iter()
            .any(|gone| gone.check == before.check && gone.subject == before.subject);
        if !named.contains(&key) && (is_gone || changes.whole) {
            end(tx, device_key, before, at).await?;
            changed = true;
        }
    }
    if changed {
        super::devices::relight(tx, device_key).await?;
    }
    Ok(changed)
}

fn few_enough(known: &[Known], changes: &v1::FindingChanges) -> Result<(), StoreError> {
    let most = sonde_proto::caps::KEPT_FINDINGS;
    if changes.whole || known.len() + changes.findings.len() <= most {
        return Ok(());
    }
    let known: HashSet<(&str, &str)> = known
        .iter()
        .map(|known| (&*known.check, &*known.subject))
        .collect();
    let is_new = |finding: &&v1::Finding| !known.contains(&(&*finding.check, &*finding.subject));
    let n_findings = known.len() + changes.findings.iter().filter(is_new).count();
    if n_findings <= most {
        return Ok(());
    }
    Err(StoreError::refused(
        "findings",
        wording!("{} of one device, where {} are the most", n_findings, most),
    ))
}

fn check(finding: &v1::Finding) -> Result<(), StoreError> {
    let refused = |reason: Wording| Err(StoreError::refused("finding", reason));
    if finding.check.is_empty() || finding.check.len() > CHECK_BYTES {
        return refused(wording!("a check's name has 1 to {} bytes", CHECK_BYTES));
    }
    if finding.subject.len() > SUBJECT_BYTES {
        return refused(wording!("a subject has {} bytes at most", SUBJECT_BYTES));
    }
    if finding.status() == v1::Status::Unspecified {
        return refused(wording!("{} has no status", finding.check));
    }
    Ok(())
}

async fn save(
    tx: &mut Tx,
    device_key: i64,
    finding: &v1::Finding,
    before: Option<&Known>,
    at: TimeUs,
) -> Result<bool, StoreError> {
    let status = code(finding.status());
    let message_id = finding
        .message
        .as_ref()
        .map_or("", |message| message.id.as_str());
    let body = finding.encode_to_vec();
    let same_status = before.filter(|before| before.status == status);
    Query::new(
        "INSERT INTO findings (device_key, check_id, subject, status, message_id, body, since, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (device_key, check_id, subject) DO UPDATE SET \
         status = excluded.status, message_id = excluded.message_id, body = excluded.body, \
         since = excluded.since, changed_at = excluded.changed_at",
    )
    .bind(device_key)
    .bind(&finding.check)
    .bind(&finding.subject)
    .bind(status)
    .bind(message_id)
    .bind(&body)
    .bind(same_status.map_or(at, |before| before.since))
    .bind(at)
    .execute(&mut tx.on)
    .await?;
    // Numbers in a message move all the time; another message is news.
    if same_status.is_some_and(|before| before.message_id == message_id) {
        return Ok(false);
    }
    remember(tx, device_key, finding, status, message_id, &body, at).await?;
    Ok(same_status.is_none())
}

async fn remember(
    tx: &mut Tx,
    device_key: i64,
    finding: &v1::Finding,
    status: i64,
    message_id: &str,
    body: &[u8],
    at: TimeUs,
) -> Result<(), StoreError> {
    Query::new(
        "INSERT INTO finding_history (device_key, check_id, subject, status, message_id, body, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(device_key)
    .bind(&finding.check)
    .bind(&finding.subject)
    .bind(status)
    .bind(message_id)
    .bind(body)
    .bind(at)
    .execute(&mut tx.on)
    .await?;
    Ok(())
}

async fn end(tx: &mut Tx, device_key: i64, before: &Known, at: TimeUs) -> Result<(), StoreError> {
    Query::new(
        "INSERT INTO finding_history (device_key, check_id, subject, status, message_id, body, at) \
         SELECT device_key, check_id, subject, $1, message_id, body, $2 FROM findings \
         WHERE device_key = $3 AND check_id = $4 AND subject = $5",
    )
    .bind(GONE)
    .bind(at)
    .bind(device_key)
    .bind(&before.check)
    .bind(&before.subject)
    .execute(&mut tx.on)
    .await?;
    Query::new("DELETE FROM findings WHERE device_key = $1 AND check_id = $2 AND subject = $3")
        .bind(device_key)
        .bind(&before.check)
        .bind(&before.subject)
        .execute(&mut tx.on)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NOW, device, on_both};
    use super::*;

    fn finding(subject: &str, status: v1::Status, message: &str) -> v1::Finding {
        v1::Finding {
            check: "disk.space".into(),
            subject: subject.into(),
            status: status.into(),
            message: Some(v1::Message {
                id: message.into(),
                arguments: vec![],
            }),
            ..v1::Finding::default()
        }
    }

    async fn found(store: &Store, key: i64, changes: v1::FindingChanges, at: TimeUs) -> bool {
        store
            .write((key, changes, at), |tx, (key, changes, at)| {
                Box::pin(apply(tx, *key, changes, *at))
            })
            .await
            .unwrap()
    }

    fn now(findings: Vec<v1::Finding>) -> v1::FindingChanges {
        v1::FindingChanges {
            findings,
            ..v1::FindingChanges::default()
        }
    }

    #[test]
    fn a_device_has_no_more_findings_than_the_cap() {
        let known = |n: usize| Known {
            check: "disk.space".into(),
            subject: n.to_string(),
            status: 1,
            message_id: String::new(),
            since: NOW,
        };
        let full: Vec<Known> = (0..sonde_proto::caps::KEPT_FINDINGS).map(known).collect();
        let told = |subject| now(vec![finding(subject, v1::Status::Ok, "free")]);
        assert_eq!(few_enough(&full, &told("7")), Ok(()));
        assert!(few_enough(&full, &told("new")).is_err());
        assert_eq!(few_enough(&full[1..], &told("new")), Ok(()));
    }

    #[tokio::test]
    async fn a_status_keeps_its_since_and_only_news_are_history() {
        use v1::Status::{Critical, Ok, Warning};
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let changes = now(vec![
                finding("/", Ok, "free"),
                finding("/srv", Warning, "low"),
            ]);
            assert!(found(&store, key, changes, NOW).await);
            let again = now(vec![finding("/srv", Warning, "low")]);
            assert!(!found(&store, key, again, NOW + 1).await);
            let worse = now(vec![finding("/srv", Critical, "low")]);
            assert!(found(&store, key, worse, NOW + 2).await);
            let findings = store.findings(key).await.unwrap();
            let shown: Vec<(&str, TimeUs)> = findings
                .iter()
                .map(|row| (row.finding.subject.as_str(), row.since))
                .collect();
            assert_eq!(shown, [("/srv", NOW + 2), ("/", NOW)]);
            let whole = v1::FindingChanges {
                whole: true,
                ..now(vec![finding("/", Ok, "free")])
            };
            assert!(found(&store, key, whole, NOW + 3).await);
            assert_eq!(store.findings(key).await.unwrap().len(), 1);
            let history = store.finding_history(key, NOW, NOW + 9, 10).await.unwrap();
            let shown: Vec<_> = history
                .iter()
                .map(|change| (change.at - NOW, change.status))
                .collect();
            assert_eq!(shown, [(2, Some(Critical)), (3, None)]);
            assert_eq!(
                store
                    .device_by_key(key)
                    .await
                    .unwrap()
                    .unwrap()
                    .worst_status,
                Some(0)
            );
        })
        .await;
    }
}
