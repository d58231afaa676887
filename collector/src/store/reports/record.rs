//! Writes reports: first what each says, then the numbers.

use prost::Message as _;
use sonde_proto::caps::REJECTED_BYTES;

use super::super::{
    Id, StoreError, TimeUs, Tx, Value, consent, facts, findings, insert_rows, metrics, tickets,
    work,
};
use super::ranges::{self, Fate};
use super::refusals::{self, NewRefusal};
use super::{Body, NewOutcome, NewReport, Recorded, RecordedFate};

/// Records the reports of several callers, together if that works, else each report by itself: one that the
/// engine refuses is rejected, and takes no other with it.
///
/// # Errors
/// The store is unavailable; nothing is written.
pub(in super::super) async fn record_together(
    tx: &mut Tx,
    parts: &[&[NewReport]],
) -> Result<Vec<Result<Vec<Recorded>, StoreError>>, StoreError> {
    let all: Vec<&NewReport> = parts.iter().flat_map(|part| part.iter()).collect();
    let recorded: Vec<Result<Recorded, StoreError>> = match guarded(tx, &all).await? {
        Ok(recorded) => recorded.into_iter().map(Ok).collect(),
        Err(_) => {
            let mut recorded = Vec::with_capacity(all.len());
            for report in all {
                recorded.push(record_alone(tx, report).await?);
            }
            recorded
        }
    };
    let mut recorded = recorded.into_iter();
    Ok(parts
        .iter()
        .map(|part| recorded.by_ref().take(part.len()).collect())
        .collect())
}

/// The inner error: not even its number could be kept, for what it names as its device does not exist.
async fn record_alone(
    tx: &mut Tx,
    report: &NewReport,
) -> Result<Result<Recorded, StoreError>, StoreError> {
    let one = |recorded: Vec<Recorded>| recorded.into_iter().next().ok_or_else(StoreError::gone);
    let why = match guarded(tx, &[report]).await? {
        Ok(recorded) => return Ok(one(recorded)),
        Err(why) => why,
    };
    tracing::warn!(
        device.key = report.device_key,
        report.seq = report.seq,
        %why,
        "rejected a report that the store cannot keep"
    );
    // What the engine says of it is for the log.
    let why = match why {
        error @ StoreError::Refused { .. } => error.to_string(),
        StoreError::NotFound { what } => format!("there is no such {what}"),
        StoreError::Conflict { .. }
        | StoreError::Broken(_)
        | StoreError::Newer { .. }
        | StoreError::Unavailable(_)
        | StoreError::OutcomeUnknown(_) => "the collector's log says why".to_owned(),
    };
    let rejected = NewReport {
        outcome: NewOutcome::Rejected {
            reason: format!("it cannot be kept: {why}"),
            first_bytes: Vec::new(),
        },
        ..report.clone()
    };
    Ok(guarded(tx, &[&rejected]).await?.and_then(one))
}

/// Records behind a savepoint. The inner error: what was written is taken back; the outer one: the transaction is
/// lost.
async fn guarded(
    tx: &mut Tx,
    reports: &[&NewReport],
) -> Result<Result<Vec<Recorded>, StoreError>, StoreError> {
    tx.savepoint().await?;
    match record(tx, reports).await {
        Ok(recorded) => {
            tx.release().await?;
            Ok(Ok(recorded))
        }
        Err(StoreError::Unavailable(why)) => Err(StoreError::Unavailable(why)),
        Err(why) => {
            tx.take_back().await?;
            Ok(Err(why))
        }
    }
}

/// Rows gathered over many reports.
#[derive(Default)]
struct Gathered<'r> {
    samples: Vec<(i64, TimeUs, &'r metrics::raw::Values)>,
    rejected: Vec<NewRefusal>,
    events: Vec<Vec<Value>>,
}

async fn record(tx: &mut Tx, reports: &[&NewReport]) -> Result<Vec<Recorded>, StoreError> {
    let mut keys: Vec<(i64, Id)> = reports
        .iter()
        .map(|report| (report.device_key, report.spool_id))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    tx.spools.load(&mut tx.on, &keys).await?;
    let mut gathered = Gathered::default();
    let mut recorded = Vec::with_capacity(reports.len());
    for report in reports {
        recorded.push(record_one(tx, report, &mut gathered).await?);
    }
    let samples = metrics::raw::rows(gathered.samples)
        .into_iter()
        .map(|(device_key, at, blob)| vec![device_key.into(), at.into(), blob.into()]);
    insert_rows(
        &mut tx.on,
        "INSERT INTO metric_raw (device_key, at, blob) VALUES ",
        samples.collect(),
        "",
    )
    .await?;
    insert_rows(
        &mut tx.on,
        "INSERT INTO agent_events (device_key, at, reported_at, boot_id, body) VALUES ",
        gathered.events,
        "",
    )
    .await?;
    refusals::keep(tx, gathered.rejected).await?;
    ranges::save(tx, &keys).await?;
    Ok(recorded)
}

async fn record_one<'r>(
    tx: &mut Tx,
    report: &'r NewReport,
    gathered: &mut Gathered<'r>,
) -> Result<Recorded, StoreError> {
    let key = (report.device_key, report.spool_id);
    let mut recorded = Recorded {
        device_key: report.device_key,
        spool_id: report.spool_id,
        seq: report.seq,
        fate: RecordedFate::Committed,
        want_tables: Vec::new(),
        jobs: Vec::new(),
        findings_changed: false,
        said: None,
        answered: None,
    };
    let Ok(seq) = i64::try_from(report.seq) else {
        // No spool counts that far: there is nothing that such a number could be the number of.
        recorded.fate = RecordedFate::Rejected {
            reason: "seq: it is larger than a spool can count".into(),
        };
        return Ok(recorded);
    };
    let body = match &report.outcome {
        NewOutcome::Thinned(thinned) => {
            for (first, last) in thinned {
                let n_thinned = tx.spools.thin(key, number(*first), number(*last));
                tx.tally.reports(Fate::Thinned, n_thinned);
            }
            recorded.fate = RecordedFate::Thinned;
            return Ok(recorded);
        }
        NewOutcome::Rejected {
            reason,
            first_bytes,
        } => {
            recorded.fate = match tx.spools.account(key, seq, Fate::Rejected) {
                true => {
                    tx.tally.reports(Fate::Rejected, 1);
                    gathered.reject(report, seq, reason, first_bytes);
                    RecordedFate::Rejected {
                        reason: reason.clone(),
                    }
                }
                false => RecordedFate::Known,
            };
            return Ok(recorded);
        }
        NewOutcome::Committed(body) => body,
    };
    if tx.spools.is_accounted(key, seq) {
        recorded.fate = RecordedFate::Known;
        return Ok(recorded);
    }
    let fate = match write_body(tx, report, body, gathered, &mut recorded).await {
        Ok(()) => Fate::Committed,
        // Found before anything was written.
        Err(refused @ StoreError::Refused { .. }) => {
            let reason = refused.to_string();
            gathered.reject(report, seq, &reason, &[]);
            recorded.fate = RecordedFate::Rejected { reason };
            Fate::Rejected
        }
        Err(error) => return Err(error),
    };
    tx.spools.account(key, seq, fate);
    tx.tally.reports(fate, 1);
    Ok(recorded)
}

async fn write_body<'r>(
    tx: &mut Tx,
    report: &NewReport,
    body: &'r Body,
    gathered: &mut Gathered<'r>,
    recorded: &mut Recorded,
) -> Result<(), StoreError> {
    let (device_key, at) = (report.device_key, report.corrected_at);
    match body {
        Body::Sample(values) => gathered.samples.push((device_key, at, values)),
        Body::Event(event) => gathered.events.push(vec![
            device_key.into(),
            at.into(),
            report.reported_at.into(),
            (*report.boot_id).into(),
            event.encode_to_vec().into(),
        ]),
        Body::Facts(changes) => {
            recorded.want_tables = facts::apply(tx, device_key, changes, at).await?;
        }
        Body::Findings(changes) => {
            recorded.findings_changed = findings::apply(tx, device_key, changes, at).await?;
        }
        Body::Job(events) => {
            recorded.jobs = work::record_events(tx, device_key, events).await?;
        }
        Body::Consent(answer) => {
            recorded.answered = consent::answered(tx, device_key, answer).await?;
        }
        Body::Said(said) => recorded.said = tickets::take_said(tx, device_key, said).await?,
    }
    Ok(())
}

impl Gathered<'_> {
    fn reject(&mut self, report: &NewReport, seq: i64, reason: &str, first_bytes: &[u8]) {
        let n_bytes = first_bytes.len().min(REJECTED_BYTES);
        self.rejected.push(NewRefusal {
            device_key: report.device_key,
            spool_id: report.spool_id,
            seq,
            at: report.corrected_at,
            reason: reason.to_owned(),
            first_bytes: first_bytes[..n_bytes].to_vec(),
        });
    }
}

fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use sonde_proto::v1;

    use super::super::super::Store;
    use super::super::super::testing::{NOW, device, on_both};
    use super::super::Range;
    use super::*;

    const SPOOL: Id = Id([5; 16]);

    fn report(device_key: i64, seq: u64, outcome: NewOutcome) -> NewReport {
        NewReport {
            device_key,
            spool_id: SPOOL,
            seq,
            reported_at: NOW,
            corrected_at: NOW,
            boot_id: "b".into(),
            outcome,
        }
    }

    fn sample(device_key: i64, seq: u64) -> NewReport {
        report(
            device_key,
            seq,
            NewOutcome::Committed(Body::Sample(vec![(0, 1)])),
        )
    }

    fn finding(subject: &str) -> Body {
        Body::Findings(v1::FindingChanges {
            findings: vec![v1::Finding {
                check: "disk.space".into(),
                subject: subject.into(),
                status: v1::Status::Critical.into(),
                ..v1::Finding::default()
            }],
            ..v1::FindingChanges::default()
        })
    }

    async fn fates(store: &Store, reports: Vec<NewReport>) -> Vec<RecordedFate> {
        let recorded = store.record_reports(reports).await.unwrap();
        recorded.into_iter().map(|recorded| recorded.fate).collect()
    }

    fn range(first: i64, last: i64, fate: Fate) -> Range {
        Range { first, last, fate }
    }

    #[tokio::test]
    async fn every_number_is_accounted_for_exactly_once() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let rejected = || NewOutcome::Rejected {
                reason: "rows: 513, where 512 are the most".into(),
                first_bytes: vec![1; 9_000],
            };
            let reports = vec![
                sample(key, 1),
                sample(key, 2),
                sample(key, 2),
                report(key, 3, rejected()),
                report(key, 0, NewOutcome::Thinned(vec![(2, 6)])),
                sample(key, 7),
            ];
            let first = fates(&store, reports.clone()).await;
            assert_eq!(first[2], RecordedFate::Known);
            assert_eq!(first[5], RecordedFate::Committed);
            let again = fates(&store, reports).await;
            assert!(
                again
                    .iter()
                    .all(|fate| matches!(fate, RecordedFate::Known | RecordedFate::Thinned))
            );
            let ranges = [
                range(1, 2, Fate::Committed),
                range(3, 3, Fate::Rejected),
                range(4, 6, Fate::Thinned),
                range(7, 7, Fate::Committed),
            ];
            assert_eq!(store.spool_ranges(key, SPOOL).await.unwrap(), ranges);
            let kept = store.rejected_reports(key, None, 10).await.unwrap();
            assert_eq!(kept.len(), 1);
            assert_eq!(kept[0].first_bytes.len(), REJECTED_BYTES);
        })
        .await;
    }

    #[tokio::test]
    async fn a_device_does_not_report_what_the_collector_judges() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let changes = v1::FindingChanges {
                findings: vec![v1::Finding {
                    check: "device.clock".into(),
                    status: v1::Status::Ok.into(),
                    ..v1::Finding::default()
                }],
                ..v1::FindingChanges::default()
            };
            let body = NewOutcome::Committed(Body::Findings(changes));
            let reason = "check: only the collector makes device.clock".to_owned();
            assert_eq!(
                fates(&store, vec![report(key, 1, body)]).await,
                [RecordedFate::Rejected { reason }]
            );
        })
        .await;
    }

    #[tokio::test]
    async fn a_report_that_is_refused_is_kept_as_rejected_and_the_next_is_committed() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let long = report(key, 1, NewOutcome::Committed(finding(&"x".repeat(2_000))));
            let unknown_device = sample(key + 1_000, 1);
            let good = report(key, 2, NewOutcome::Committed(finding("/\0")));
            let (one, other) = tokio::join!(
                store.record_reports(vec![long, good]),
                store.record_reports(vec![unknown_device]),
            );
            let one = one.unwrap();
            let why = "finding: a subject has 1024 bytes at most";
            assert_eq!(one[0].fate, RecordedFate::Rejected { reason: why.into() });
            assert_eq!(one[1].fate, RecordedFate::Committed);
            assert!(other.is_err(), "what has no device has no account");
            let findings = store.findings(key).await.unwrap();
            assert_eq!(findings.len(), 1);
            assert_eq!(
                store.rejected_reports(key, None, 9).await.unwrap()[0].reason,
                why
            );
        })
        .await;
    }

    #[tokio::test]
    async fn the_steady_state_is_one_row_that_grows() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            for seq in 1..=5 {
                store.record_reports(vec![sample(key, seq)]).await.unwrap();
            }
            assert_eq!(
                store.spool_ranges(key, SPOOL).await.unwrap(),
                [range(1, 5, Fate::Committed)]
            );
        })
        .await;
    }
}
