//! Whether what was found wrong on a ticket is well again.

use std::collections::BTreeSet;

use prost::Message as _;
use sonde_proto::v1::{self, Status, job_event};

use super::super::findings::is_collectors;
use super::super::{Query, StoreError, Tx};

/// (key of a device, check, subject)
type Key = (i64, String, String);

/// Findings that an alert opened the ticket for or that a job of it found bad, and that are bad still: "disk.space /srv on lab-7 is critical".
pub(super) async fn still_wrong(tx: &mut Tx, ticket: i64) -> Result<Vec<String>, StoreError> {
    let events = Query::new(
        "SELECT j.device_key, e.body FROM ticket_orders o JOIN jobs j ON j.job_key = o.job_key \
         JOIN job_events e ON e.job_key = j.job_key WHERE o.ticket = $1 AND e.kind = 'findings' \
         ORDER BY e.at, e.number",
    )
    .bind(ticket)
    .read(&mut tx.on, |columns| Ok((columns.int()?, columns.bytes()?)))
    .await?;
    let alerts = Query::new("SELECT device_key, check_id, subject FROM alerts WHERE ticket = $1")
        .bind(ticket)
        .read(&mut tx.on, |columns| {
            Ok((columns.int()?, columns.text()?, columns.text()?))
        })
        .await?;
    let mut wrong: BTreeSet<Key> = alerts.into_iter().collect();
    for (device_key, body) in events {
        let event = v1::JobEvent::decode(&body[..])
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        if let Some(job_event::Event::Findings(found)) = event.event {
            note(&mut wrong, device_key, found.findings);
        }
    }
    let mut still = of_collector(tx, ticket).await?;
    for (device_key, check, subject) in wrong {
        let status = Query::new(
            "SELECT f.status, d.hostname FROM findings f JOIN devices d ON d.device_key = f.device_key \
             WHERE f.device_key = $1 AND f.check_id = $2 AND f.subject = $3 AND f.status IN (1, 2)",
        )
        .bind(device_key)
        .bind(&check)
        .bind(&subject)
        .read_optional(&mut tx.on, |columns| Ok((columns.int()?, columns.text()?)))
        .await?;
        if let Some((status, hostname)) = status {
            let what = format!("{check} {subject}");
            still.push(said(what.trim_end(), &hostname, status));
        }
    }
    Ok(still)
}

/// What only the collector judges has no finding in the store: its alert stands as long as it is bad.
async fn of_collector(tx: &mut Tx, ticket: i64) -> Result<Vec<String>, StoreError> {
    let open = Query::new(
        "SELECT a.check_id, d.hostname, a.status FROM alerts a JOIN devices d ON d.device_key = a.device_key \
         WHERE a.ticket = $1 AND a.cleared_at IS NULL ORDER BY a.alert_key",
    )
    .bind(ticket)
    .read(&mut tx.on, |columns| {
        Ok((columns.text()?, columns.text()?, columns.int()?))
    })
    .await?;
    let own = open.into_iter().filter(|(check, ..)| is_collectors(check));
    Ok(own
        .map(|(check, hostname, status)| said(&check, &hostname, status))
        .collect())
}

fn said(what: &str, hostname: &str, status: i64) -> String {
    let status = if status == 2 { "critical" } else { "a warning" };
    format!("{what} on {hostname} is {status}")
}

/// What a later job of the ticket found well is no longer held against it.
fn note(wrong: &mut BTreeSet<Key>, device_key: i64, findings: Vec<v1::Finding>) {
    for finding in findings {
        let status = finding.status();
        let key = (device_key, finding.check, finding.subject);
        match status {
            Status::Warning | Status::Critical => {
                wrong.insert(key);
            }
            Status::Ok => {
                wrong.remove(&key);
            }
            Status::Unknown | Status::Unspecified => {}
        }
    }
}
