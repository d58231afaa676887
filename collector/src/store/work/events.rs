//! What a device tells of its jobs, in the device's own order.

use prost::Message as _;
use sonde_proto::caps;
use sonde_proto::v1::{self, job_event};

use crate::desk::Event;

use super::super::{Columns, Id, Query, Store, StoreError, TimeUs, Tx, tickets};
use super::{JobState, state};
use crate::wording::wording;

/// What one job may tell in all, bytes: twice the largest answer that a device holds for a channel.
const MOST_BYTES: i64 = 2 * caps::HELD_BYTES as i64;
/// What each event takes beside what it says.
const EVENT_BYTES: i64 = 64;

/// An event as the device sent it, with the time corrected to the collector's clock.
#[derive(Debug, Clone)]
pub struct NewJobEvent {
    pub at: TimeUs,
    pub event: v1::JobEvent,
}

/// A kept event.
#[derive(Debug, Clone, PartialEq)]
pub struct JobEventRow {
    pub number: i64,
    pub at: TimeUs,
    pub kind: String,
    pub event: v1::JobEvent,
}

/// A job has come further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobChange {
    pub id: Id,
    pub device_key: i64,
    pub ticket: Option<i64>,
    /// Number of its last event.
    pub n_events: i64,
    pub state: JobState,
}

impl Store {
    /// Keeps events that a device sent on a channel. Known ones are left as they are.
    ///
    /// # Errors
    /// Refused: a job that was never given to this device.
    pub async fn record_job_events(
        &self,
        device_key: i64,
        events: Vec<NewJobEvent>,
    ) -> Result<Vec<JobChange>, StoreError> {
        self.write((device_key, events), |tx, (device_key, events)| {
            Box::pin(record(tx, *device_key, events))
        })
        .await
    }

    /// Jobs whose answer waits on the device for a channel.
    ///
    /// # Errors
    /// The store's own.
    pub async fn held_jobs(&self, device_key: i64) -> Result<Vec<Id>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(
            "SELECT j.id FROM jobs j WHERE j.device_key = $1 AND j.state IN ('accepted', 'running') \
             AND EXISTS (SELECT 1 FROM job_events e WHERE e.job_key = j.job_key AND e.kind = $2)",
        )
        .bind(device_key)
        .bind(state::HELD)
        .read(&mut on, |columns| columns.id())
        .await
    }
}

struct Found {
    job_key: i64,
    device_key: i64,
    device: String,
    title: String,
    ticket: Option<i64>,
    requested_by: String,
    state: JobState,
    n_events: i64,
    n_bytes: i64,
}

async fn find(tx: &mut Tx, id: Id) -> Result<Option<Found>, StoreError> {
    Query::new(
        "SELECT j.job_key, j.device_key, d.id, j.title, o.ticket, j.requested_by, j.state, j.n_events, j.n_bytes FROM jobs j \
         JOIN devices d ON d.device_key = j.device_key \
         LEFT JOIN ticket_orders o ON o.job_key = j.job_key WHERE j.id = $1",
    )
    .bind(id)
    .read_optional(&mut tx.on, |columns| {
        Ok(Found {
            job_key: columns.int()?,
            device_key: columns.int()?,
            device: columns.text()?,
            title: columns.text()?,
            ticket: columns.opt_int()?,
            requested_by: columns.text()?,
            state: JobState::named(&columns.text()?)?,
            n_events: columns.int()?,
            n_bytes: columns.int()?,
        })
    })
    .await
}

/// Keeps events of one device's report. Known ones are left as they are.
///
/// # Errors
/// Refused: an order that was never given to this device, an event without its kind.
pub(in super::super) async fn record(
    tx: &mut Tx,
    device_key: i64,
    events: &[NewJobEvent],
) -> Result<Vec<JobChange>, StoreError> {
    // All is looked up before anything is written: a report is refused whole.
    let mut jobs: Vec<(Id, Found, Vec<&NewJobEvent>)> = Vec::new();
    for event in events {
        let id = Id::from_slice(&event.event.order_id)
            .map_err(|_| StoreError::refused("order_id", wording!("it is not 16 bytes")))?;
        if event.event.event.is_none() {
            return Err(StoreError::refused("event", wording!("it is missing")));
        }
        if let Some((_, _, same)) = jobs.iter_mut().find(|(known, _, _)| *known == id) {
            same.push(event);
            continue;
        }
        let job = find(tx, id)
            .await?
            .filter(|job| job.device_key == device_key)
            .ok_or_else(|| {
                StoreError::refused("order_id", wording!("{} was not given to this device", %id))
            })?;
        jobs.push((id, job, vec![event]));
    }
    for (id, job, events) in &jobs {
        let new = events.iter().filter(|event| {
            i64::from(event.event.number) > job.n_events && tells_much(&event.event)
        });
        let n_bytes: i64 = new.map(|event| size(&event.event)).sum();
        if n_bytes > 0 && job.n_bytes + n_bytes > MOST_BYTES {
            return Err(StoreError::refused(
                "job",
                wording!("{} has told {} bytes, which are the most", %id, MOST_BYTES),
            ));
        }
    }
    let mut changes = Vec::with_capacity(jobs.len());
    for (id, job, events) in jobs {
        changes.extend(record_of_job(tx, id, job, &events).await?);
    }
    Ok(changes)
}

/// What the store takes for it.
fn size(event: &v1::JobEvent) -> i64 {
    i64::try_from(event.encoded_len()).unwrap_or(i64::MAX) + EVENT_BYTES
}

/// How far a job has come is always kept: each of these comes once.
fn tells_much(event: &v1::JobEvent) -> bool {
    !matches!(
        event.event,
        Some(
            job_event::Event::Accepted(_)
                | job_event::Event::Started(_)
                | job_event::Event::Held(_)
                | job_event::Event::Ended(_)
        )
    )
}

async fn record_of_job(
    tx: &mut Tx,
    id: Id,
    mut job: Found,
    events: &[&NewJobEvent],
) -> Result<Option<JobChange>, StoreError> {
    let before = job.state;
    let mut can_undo = None;
    let mut ended_at = None;
    let mut rows = Vec::with_capacity(events.len());
    for NewJobEvent { at, event } in events {
        let number = i64::from(event.number);
        let Some(body) = event.event.as_ref().filter(|_| number > job.n_events) else {
            continue;
        };
        job.n_events = number;
        job.n_bytes = job.n_bytes.saturating_add(size(event));
        let next = job.state.after(body);
        if let job_event::Event::Ended(ended) = body
            && next != job.state
        {
            can_undo = Some(ended.can_undo);
            ended_at = Some(*at);
        }
        job.state = next;
        rows.push(vec![
            job.job_key.into(),
            number.into(),
            (*at).into(),
            state::kind_of(body).into(),
            event.encode_to_vec().into(),
        ]);
    }
    if rows.is_empty() {
        return Ok(None);
    }
    super::super::insert_rows(
        &mut tx.on,
        "INSERT INTO job_events (job_key, number, at, kind, body) VALUES ",
        rows,
        " ON CONFLICT (job_key, number) DO NOTHING",
    )
    .await?;
    Query::new(
        "UPDATE jobs SET state = $1, n_events = $2, ended_at = COALESCE($3, ended_at), \
         can_undo = COALESCE($4, can_undo), n_bytes = $5 WHERE job_key = $6",
    )
    .bind(job.state.as_str())
    .bind(job.n_events)
    .bind(ended_at)
    .bind(can_undo.map(i64::from))
    .bind(job.n_bytes)
    .bind(job.job_key)
    .execute(&mut tx.on)
    .await?;
    if let Some(at) = ended_at
        && job.state != before
    {
        tx.tally.job_ended(job.state);
        tell_ticket(tx, id, &job, &job.device, at).await?;
    }
    Ok(Some(change_of(id, &job)))
}

fn change_of(id: Id, job: &Found) -> JobChange {
    JobChange {
        id,
        device_key: job.device_key,
        ticket: job.ticket,
        n_events: job.n_events,
        state: job.state,
    }
}

async fn tell_ticket(
    tx: &mut Tx,
    id: Id,
    job: &Found,
    actor: &str,
    at: TimeUs,
) -> Result<(), StoreError> {
    let Some(number) = job.ticket else {
        return Ok(());
    };
    let present = tickets::load(&mut tx.on, number).await?;
    let event = Event::WorkEnded {
        job: id.to_string(),
        device: job.device.clone(),
        title: job.title.clone(),
        state: job.state.as_str().to_owned(),
    };
    tickets::happen(tx, number, present, &event, actor, at).await?;
    match job.requested_by == tickets::RECHECKER {
        true => tickets::reopen_if_back(tx, number, job.job_key, at).await,
        false => Ok(()),
    }
}

/// The collector itself says how a job ended, by somebody's hand or its own.
pub(super) async fn end_here(
    tx: &mut Tx,
    id: Id,
    state: JobState,
    by: &str,
    at: TimeUs,
) -> Result<JobChange, StoreError> {
    let mut job = find(tx, id)
        .await?
        .ok_or(StoreError::not_found(wording!("job")))?;
    job.state = state;
    tx.tally.job_ended(state);
    Query::new("UPDATE jobs SET state = $1, ended_at = $2 WHERE job_key = $3")
        .bind(state.as_str())
        .bind(at)
        .bind(job.job_key)
        .execute(&mut tx.on)
        .await?;
    tell_ticket(tx, id, &job, by, at).await?;
    Ok(change_of(id, &job))
}

impl Store {
    /// Policies' and people's jobs on a device that have not ended, by id.
    ///
    /// # Errors
    /// The store's own.
    pub async fn n_open_jobs(&self, device_key: i64) -> Result<i64, StoreError> {
        let mut on = self.reader().await?;
        let row = Query::new(
            "SELECT COUNT(*) FROM jobs WHERE device_key = $1 AND state IN ('queued', 'accepted', 'running')",
        )
        .bind(device_key)
        .one(&mut on)
        .await?;
        Columns::of(&row).int()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{HOUR_US, NOW, ask_writer, device, on_both, slow};
    use super::super::{NewOrder, Origin};
    use super::*;

    #[tokio::test]
    async fn what_a_job_tells_has_an_end_but_its_end_is_always_kept() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            let ticket = slow(vec![]);
            let ticket = store.open_ticket(ticket).await.unwrap().number;
            let id = Id::random();
            let order = NewOrder {
                id,
                device_key: key,
                origin: Origin::Ticket(ticket),
                kind: "checks",
                title: "disk.space".into(),
                request: "{}".into(),
                consent: None,
                asset: None,
                requested_by: "ann".into(),
                issued_at: NOW,
                expires_at: NOW + HOUR_US,
                bound: Some((Id([1; 16]), vec![1])),
            };
            store.submit_orders(vec![order]).await.unwrap();
            let says = async |number: u32, event: job_event::Event| {
                let event = v1::JobEvent {
                    order_id: id.0.to_vec().into(),
                    number,
                    at_us: NOW,
                    event: Some(event),
                };
                let told = vec![NewJobEvent { at: NOW, event }];
                store.record_job_events(key, told).await.map(drop)
            };
            let output = |n_bytes: usize| {
                job_event::Event::Output(v1::JobOutput {
                    data: vec![7; n_bytes].into(),
                    ..v1::JobOutput::default()
                })
            };
            says(1, output(1_000)).await.unwrap();
            let told = ask_writer(&store, "SELECT n_bytes FROM jobs")
                .await
                .unwrap();
            assert!((1_000..1_200).contains(&told.parse().unwrap()), "{told}");
            let nearly = format!(
                "UPDATE jobs SET n_bytes = {} RETURNING n_bytes",
                MOST_BYTES - 1_000
            );
            ask_writer(&store, nearly.leak()).await.unwrap();
            says(2, output(100)).await.unwrap();
            let refused = says(3, output(1_000)).await;
            assert!(
                matches!(refused, Err(StoreError::Refused { .. })),
                "{refused:?}"
            );
            let ended = v1::JobEnded {
                outcome: v1::Outcome::Failed.into(),
                ..v1::JobEnded::default()
            };
            says(4, job_event::Event::Ended(ended)).await.unwrap();
            let job = store.job(id).await.unwrap().unwrap();
            assert_eq!(job.state, JobState::Failed);
        })
        .await;
    }
}
