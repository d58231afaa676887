//! Jobs that nobody will tell the end of: the collector says what it knows, which may be that nobody knows. A device that
//! tells later is believed.

use super::super::{COLLECTOR, Id, Query, Store, StoreError, TimeUs, Tx};
use super::{ABSENCE_US, JobChange, JobState, SILENCE_US};

/// What a device said of its work as its session began.
#[derive(Debug, Clone)]
pub struct Told {
    pub device_key: i64,
    pub installation_id: Id,
    /// Orders that are on the device and have not ended.
    pub running: Vec<Id>,
    /// The spools that hold what it has not reported, by their first numbers, the one that it goes on with last.
    pub spools: Vec<(Id, u64)>,
    /// The next number that it will give.
    pub next_seq: u64,
}

/// Jobs that a device did not name, though it should know of them; their ends may still be on their way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    device_key: i64,
    /// Spools, and which of their numbers had been given, from and up to.
    given: Vec<(Id, i64, i64)>,
    /// The device has reported from its present spool before: what it knows reaches back to then.
    was_known: bool,
    jobs: Vec<Id>,
}

impl Store {
    /// Orders whose time has passed: what never left the collector has expired, what was handed out and never
    /// answered is unknown, and so is what was begun on a device that has stayed away since.
    ///
    /// # Errors
    /// The store's own.
    pub async fn expire_due(&self, now: TimeUs) -> Result<Vec<JobChange>, StoreError> {
        self.write(now, |tx, now| Box::pin(expire(tx, *now))).await
    }

    /// The jobs that a device should know of, by what the store has, and does not name. Asked before anything is handed
    /// out in its session. `None`: it names them all.
    ///
    /// # Errors
    /// The store's own.
    pub async fn missing_jobs(&self, told: &Told) -> Result<Option<Missing>, StoreError> {
        let mut on = self.reader().await?;
        let mut jobs = Query::new(
            "SELECT id FROM jobs WHERE device_key = $1 AND installation_id = $2 AND \
             (state IN ('accepted', 'running') OR (state = 'queued' AND cancel_asked_at IS NOT NULL)) ORDER BY job_key",
        )
        .bind(told.device_key)
        .bind(told.installation_id)
        .read(&mut on, |columns| columns.id())
        .await?;
        jobs.retain(|id| !told.running.contains(id));
        if jobs.is_empty() {
            return Ok(None);
        }
        let mut given = Vec::with_capacity(told.spools.len());
        let mut end = told.next_seq;
        for (spool_id, first_seq) in told.spools.iter().rev() {
            let number = |seq| i64::try_from(seq).unwrap_or(i64::MAX);
            given.push((*spool_id, number(*first_seq), number(end)));
            end = *first_seq;
        }
        let present = given.first().map(|(spool_id, ..)| *spool_id);
        let reported = Query::new(
            "SELECT first_seq FROM spool_ranges WHERE device_key = $1 AND spool_id = $2 LIMIT 1",
        )
        .bind(told.device_key)
        .bind(present.unwrap_or(Id([0; 16])))
        .read_optional(&mut on, |columns| columns.int())
        .await?;
        Ok(Some(Missing {
            device_key: told.device_key,
            given,
            was_known: reported.is_some(),
            jobs,
        }))
    }

    /// Ends jobs that a device did not name, once all that it had to tell by then has come: what it had accepted is
    /// unknown, what was cancelled before it had it never began. Until then it ends none of them.
    ///
    /// # Errors
    /// The store's own.
    pub async fn end_missing(
        &self,
        missing: Missing,
        at: TimeUs,
    ) -> Result<Vec<JobChange>, StoreError> {
        self.write((missing, at), |tx, (missing, at)| {
            Box::pin(end_missing(tx, missing, *at))
        })
        .await
    }
}

async fn end_missing(
    tx: &mut Tx,
    missing: &Missing,
    at: TimeUs,
) -> Result<Vec<JobChange>, StoreError> {
    for (spool_id, first, end) in &missing.given {
        let told = Query::new(
            "SELECT first_seq, last_seq FROM spool_ranges WHERE device_key = $1 AND spool_id = $2 ORDER BY first_seq",
        )
        .bind(missing.device_key)
        .bind(*spool_id)
        .read(&mut tx.on, |columns| Ok((columns.int()?, columns.int()?)))
        .await?;
        if !covers(&told, *first, *end) {
            return Ok(Vec::new());
        }
    }
    let mut changes = Vec::new();
    for id in &missing.jobs {
        let found = Query::new("SELECT state, cancel_asked_by FROM jobs WHERE id = $1")
            .bind(*id)
            .read_optional(&mut tx.on, |columns| {
                Ok((JobState::named(&columns.text()?)?, columns.opt_text()?))
            })
            .await?;
        let (state, by) = match found {
            Some((JobState::Accepted | JobState::Running, _)) => {
                (JobState::Unknown, COLLECTOR.to_owned())
            }
            Some((JobState::Queued, Some(by))) if missing.was_known => (JobState::Cancelled, by),
            Some((JobState::Queued, Some(_))) => (JobState::Unknown, COLLECTOR.to_owned()),
            Some(_) | None => continue,
        };
        changes.push(super::events::end_here(tx, *id, state, &by, at).await?);
    }
    Ok(changes)
}

/// Whether ranges, in order, hold every number from `first` up to `end`, which is not asked for itself.
fn covers(ranges: &[(i64, i64)], first: i64, end: i64) -> bool {
    let mut next = first;
    for (from, to) in ranges {
        if next >= end || *from > next {
            break;
        }
        next = next.max(to.saturating_add(1));
    }
    next >= end
}

async fn expire(tx: &mut Tx, now: TimeUs) -> Result<Vec<JobChange>, StoreError> {
    let due = Query::new(
        "SELECT j.id, j.handed_out_at FROM jobs j JOIN devices d ON d.device_key = j.device_key WHERE \
         (j.state = 'queued' AND ((j.handed_out_at IS NULL AND j.expires_at <= $1) \
         OR (j.handed_out_at IS NOT NULL AND j.expires_at <= $2))) OR (j.state IN ('accepted', 'running') \
         AND j.expires_at <= $1 AND d.connected_at IS NULL AND d.last_seen <= $3) \
         ORDER BY j.job_key LIMIT 1000",
    )
    .bind(now)
    .bind(now - SILENCE_US)
    .bind(now - ABSENCE_US)
    .read(&mut tx.on, |columns| {
        Ok((columns.id()?, columns.opt_int()?.is_some()))
    })
    .await?;
    let mut changes = Vec::with_capacity(due.len());
    for (id, was_handed_out) in due {
        let state = match was_handed_out {
            true => JobState::Unknown,
            false => JobState::Expired,
        };
        changes.push(super::events::end_here(tx, id, state, COLLECTOR, now).await?);
    }
    Ok(changes)
}

/// A device is gone for good, by somebody's hand: what never left the collector is cancelled, of the rest nobody can
/// tell.
pub(in super::super) async fn end_jobs_of(
    tx: &mut Tx,
    device_key: i64,
    by: &str,
    at: TimeUs,
) -> Result<Vec<JobChange>, StoreError> {
    let open = Query::new(
        "SELECT id, handed_out_at FROM jobs WHERE device_key = $1 AND state IN ('queued', 'accepted', 'running') \
         ORDER BY job_key",
    )
    .bind(device_key)
    .read(&mut tx.on, |columns| {
        Ok((columns.id()?, columns.opt_int()?.is_some()))
    })
    .await?;
    let mut changes = Vec::with_capacity(open.len());
    for (id, was_handed_out) in open {
        let state = match was_handed_out {
            true => JobState::Unknown,
            false => JobState::Cancelled,
        };
        changes.push(super::events::end_here(tx, id, state, by, at).await?);
    }
    Ok(changes)
}
