//! Whether what was found wrong on a ticket is well again.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message as _;
use sonde_proto::v1::{self, Status, job_event};

use super::super::alerts::{Silences, silences_of_devices};
use super::super::findings::{code, is_collectors};
use super::super::{Id, Query, Store, StoreError, TimeUs, Tx};
use crate::wording::{Wording, wording};

/// (key of a device, check, subject)
pub(super) type Key = (i64, String, String);

/// A job's finding stands so long against what the device reported before it.
const FRESH_US: i64 = 300_000_000;

/// What failed on one of a ticket's devices, to be checked there again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failed {
    pub checks: BTreeSet<String>,
    /// Assets that were looked for from there, with the check that did.
    pub assets: BTreeSet<(String, Id)>,
}

/// What a job of a ticket has found.
struct Found {
    job_key: i64,
    device_key: i64,
    /// What it looked for beside its device.
    asset: Option<Id>,
    at: TimeUs,
    findings: Vec<v1::Finding>,
}

impl Store {
    /// The checks that a ticket's alerts and jobs ever found bad, by the keys of their devices. What only the collector
    /// can check is left out.
    ///
    /// # Errors
    /// The store's own.
    pub async fn failed_checks(&self, ticket: i64) -> Result<BTreeMap<i64, Failed>, StoreError> {
        let mut on = self.reader().await?;
        let mut failed: BTreeMap<i64, Failed> = BTreeMap::new();
        for ((device_key, check, _), asset) in ever_wrong(&mut on, ticket, None).await? {
            if is_collectors(&check) {
                continue;
            }
            let there = failed.entry(device_key).or_default();
            match asset {
                Some(asset) => drop(there.assets.insert((check, asset))),
                None => drop(there.checks.insert(check)),
            }
        }
        Ok(failed)
    }
}

/// What the findings of a ticket's jobs were, the oldest first.
async fn found(on: &mut sqlx::AnyConnection, ticket: i64) -> Result<Vec<Found>, StoreError> {
    let rows = Query::new(
        "SELECT j.job_key, j.device_key, a.asset, e.at, e.body FROM ticket_orders o JOIN jobs j ON j.job_key = o.job_key \
         JOIN job_events e ON e.job_key = j.job_key LEFT JOIN asset_orders a ON a.job_key = j.job_key WHERE o.ticket = $1 AND e.kind = 'findings' \
         ORDER BY e.at, e.job_key, e.number",
    )
    .bind(ticket)
    .read(on, |columns| {
        Ok((
            columns.int()?,
            columns.int()?,
            columns.opt_id()?,
            columns.int()?,
            columns.bytes()?,
        ))
    })
    .await?;
    let mut all = Vec::with_capacity(rows.len());
    for (job_key, device_key, asset, at, body) in rows {
        let event = v1::JobEvent::decode(&body[..])
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        if let Some(job_event::Event::Findings(found)) = event.event {
            all.push(Found {
                job_key,
                device_key,
                asset,
                at,
                findings: found.findings,
            });
        }
    }
    Ok(all)
}

async fn of_alerts(on: &mut sqlx::AnyConnection, ticket: i64) -> Result<Vec<Key>, StoreError> {
    Query::new("SELECT device_key, check_id, subject FROM alerts WHERE ticket = $1")
        .bind(ticket)
        .read(on, |columns| {
            Ok((columns.int()?, columns.text()?, columns.text()?))
        })
        .await
}

fn is_bad(finding: &v1::Finding) -> bool {
    matches!(finding.status(), Status::Warning | Status::Critical)
}

/// Whatever an alert opened the ticket for, or a job of it but one found bad, with the asset that the job looked for.
pub(super) async fn ever_wrong(
    on: &mut sqlx::AnyConnection,
    ticket: i64,
    but_job: Option<i64>,
) -> Result<BTreeMap<Key, Option<Id>>, StoreError> {
    let alerts = of_alerts(on, ticket).await?.into_iter();
    let mut wrong: BTreeMap<Key, Option<Id>> = alerts.map(|key| (key, None)).collect();
    for one in found(on, ticket).await? {
        if Some(one.job_key) != but_job {
            let bad = one.findings.into_iter().filter(is_bad);
            let keys = bad.map(|finding| (one.device_key, finding.check, finding.subject));
            wrong.extend(keys.map(|key| (key, one.asset)));
        }
    }
    Ok(wrong)
}

/// What a job found bad that was wrong on its ticket before it.
pub(super) async fn back(
    tx: &mut Tx,
    ticket: i64,
    job_key: i64,
    at: TimeUs,
) -> Result<Vec<String>, StoreError> {
    let before = ever_wrong(&mut tx.on, ticket, Some(job_key)).await?;
    let devices: Vec<i64> = before.keys().map(|(device_key, ..)| *device_key).collect();
    let silences = silences_of_devices(&mut tx.on, &devices, at).await?;
    let mut back = Vec::new();
    for one in found(&mut tx.on, ticket).await? {
        if one.job_key != job_key {
            continue;
        }
        let hostname = Query::new("SELECT hostname FROM devices WHERE device_key = $1")
            .bind(one.device_key)
            .read_optional(&mut tx.on, |columns| columns.text())
            .await?;
        for finding in one.findings.into_iter().filter(is_bad) {
            let status = code(finding.status());
            let what = format!("{} {}", finding.check, finding.subject);
            let (check, subject) = (&finding.check, &finding.subject);
            if silences.is_accepted(one.device_key, check, subject, status) {
                continue;
            }
            if before.contains_key(&(one.device_key, finding.check, finding.subject)) {
                let hostname = hostname.as_deref().unwrap_or_default();
                back.push(said(what.trim_end(), hostname, status).to_string());
            }
        }
    }
    Ok(back)
}

/// Findings that an alert opened the ticket for or that a job of it found bad, and that are bad still: "disk.space /srv
/// on lab-7 is critical".
pub(super) async fn still_wrong(
    tx: &mut Tx,
    ticket: i64,
    at: TimeUs,
) -> Result<Vec<Wording>, StoreError> {
    // What a job saw, and when; of an alert nothing but that it was there.
    let alerts = of_alerts(&mut tx.on, ticket).await?;
    let mut wrong: BTreeMap<Key, Option<Seen>> =
        alerts.into_iter().map(|key| (key, None)).collect();
    let mut looked = BTreeSet::new();
    for one in found(&mut tx.on, ticket).await? {
        note(&mut wrong, &mut looked, one);
    }
    let devices: Vec<i64> = wrong.keys().map(|(device_key, ..)| *device_key).collect();
    // What somebody has accepted is known, and why.
    let silences = silences_of_devices(&mut tx.on, &devices, at).await?;
    let mut still = of_collector(tx, ticket, &silences).await?;
    for ((device_key, check, subject), seen) in wrong {
        let row = Query::new(
            "SELECT d.hostname, f.status, f.since FROM devices d LEFT JOIN findings f \
             ON f.device_key = d.device_key AND f.check_id = $2 AND f.subject = $3 WHERE d.device_key = $1",
        )
        .bind(device_key)
        .bind(&check)
        .bind(&subject)
        .read_optional(&mut tx.on, |columns| {
            Ok((columns.text()?, columns.opt_int()?, columns.opt_int()?))
        })
        .await?;
        let Some((hostname, status, since)) = row else {
            continue;
        };
        let status = match (status, seen) {
            (Some(status @ (1 | 2)), _) => status,
            // The device found it well after the job did not, or the job is too old to be held against that.
            (Some(_), Some(seen))
                if since.is_some_and(|since| since <= seen.at) && at - seen.at <= FRESH_US =>
            {
                code(seen.status)
            }
            // The device does not look by itself.
            (None, Some(seen)) => code(seen.status),
            _ => continue,
        };
        if silences.is_accepted(device_key, &check, &subject, status) {
            continue;
        }
        let what = format!("{check} {subject}");
        still.push(said(what.trim_end(), &hostname, status));
    }
    Ok(still)
}

/// What only the collector judges has no finding in the store: its alert stands as long as it is bad.
async fn of_collector(
    tx: &mut Tx,
    ticket: i64,
    silences: &Silences,
) -> Result<Vec<Wording>, StoreError> {
    let open = Query::new(
        "SELECT a.device_key, a.check_id, a.subject, d.hostname, a.status FROM alerts a \
         JOIN devices d ON d.device_key = a.device_key WHERE a.ticket = $1 AND a.cleared_at IS NULL ORDER BY a.alert_key",
    )
    .bind(ticket)
    .read(&mut tx.on, |columns| {
        let key = (columns.int()?, columns.text()?, columns.text()?);
        Ok((key, columns.text()?, columns.int()?))
    })
    .await?;
    let own = open
        .into_iter()
        .filter(|((device_key, check, subject), _, status)| {
            is_collectors(check) && !silences.is_accepted(*device_key, check, subject, *status)
        });
    Ok(own
        .map(|((_, check, _), hostname, status)| said(&check, &hostname, status))
        .collect())
}

pub(super) fn said(what: &str, hostname: &str, status: i64) -> Wording {
    match status {
        2 => wording!("{} on {} is critical", what, hostname),
        _ => wording!("{} on {} is a warning", what, hostname),
    }
}

/// What a job saw of something that is wrong.
#[derive(Debug, Clone, Copy)]
struct Seen {
    status: Status,
    at: TimeUs,
    asset: Option<Id>,
}

/// What a later job of the ticket found well, or did not find any more, is no longer held against it.
fn note(wrong: &mut BTreeMap<Key, Option<Seen>>, looked: &mut BTreeSet<(i64, String)>, one: Found) {
    for finding in one.findings {
        let status = finding.status();
        // A job looks at all subjects of a check, or at all of one asset; what it says of them may come in several events.
        if looked.insert((one.job_key, finding.check.clone())) && status != Status::Unknown {
            wrong.retain(|(device, check, _), seen| {
                seen.is_none_or(|seen| seen.asset != one.asset)
                    || *device != one.device_key
                    || *check != finding.check
            });
        }
        let key = (one.device_key, finding.check, finding.subject);
        match status {
            Status::Warning | Status::Critical => {
                let (at, asset) = (one.at, one.asset);
                wrong.insert(key, Some(Seen { status, at, asset }));
            }
            Status::Ok => {
                wrong.remove(&key);
            }
            Status::Unknown | Status::Unspecified => {}
        }
    }
}
