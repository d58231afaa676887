//! Lists of jobs.

use std::collections::HashMap;

use prost::Message as _;
use sonde_proto::v1;

use super::{Columns, Id, Job, JobEventRow, Query, SELECT, Store, StoreError, read};

/// Whose jobs a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobsOf {
    Ticket(i64),
    /// By key.
    Device(i64),
}

impl Store {
    /// A page of jobs, the newest first; with `before`, those that were ordered before that job.
    ///
    /// # Errors
    /// The store's own.
    pub async fn jobs(
        &self,
        of: JobsOf,
        before: Option<Id>,
        most: u32,
    ) -> Result<Vec<Job>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = match of {
            JobsOf::Ticket(number) => Query::new(SELECT).push("WHERE o.ticket = ").arg(number),
            JobsOf::Device(key) => Query::new(SELECT).push("WHERE j.device_key = ").arg(key),
        };
        if let Some(before) = before {
            query = query
                .push(" AND j.job_key < (SELECT job_key FROM jobs WHERE id = ")
                .arg(before)
                .push(")");
        }
        query
            .push(" ORDER BY j.job_key DESC LIMIT ")
            .arg(most)
            .read(&mut on, read)
            .await
    }
}

impl Store {
    /// The newest jobs with this title, on this device or for this ticket; with `before`, those that were ordered before
    /// that job.
    ///
    /// # Errors
    /// The store's own.
    pub async fn jobs_titled(
        &self,
        title: &str,
        device_key: i64,
        ticket: Option<i64>,
        before: Option<Id>,
        most: u32,
    ) -> Result<Vec<Job>, StoreError> {
        let mut on = self.reader().await?;
        let mut query = Query::new(SELECT)
            .push("WHERE j.title = ")
            .arg(title)
            .push(" AND (j.device_key = ")
            .arg(device_key)
            .push(" OR o.ticket = ")
            .arg(ticket)
            .push(")");
        if let Some(before) = before {
            query = query
                .push(" AND j.job_key < (SELECT job_key FROM jobs WHERE id = ")
                .arg(before)
                .push(")");
        }
        query
            .push(" ORDER BY j.job_key DESC LIMIT ")
            .arg(most)
            .read(&mut on, read)
            .await
    }
}

const EVENTS: &str = "SELECT j.id, e.number, e.at, e.kind, e.body FROM job_events e \
     JOIN jobs j ON j.job_key = e.job_key WHERE j.id ";

impl Store {
    /// Those of these jobs that there are.
    ///
    /// # Errors
    /// The store's own.
    pub async fn jobs_by_id(&self, ids: &[Id]) -> Result<Vec<Job>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(SELECT)
            .push("WHERE j.id IN ")
            .list(ids.iter().copied())
            .read(&mut on, read)
            .await
    }

    /// A job's events after number `after`, in order.
    ///
    /// # Errors
    /// The store's own.
    pub async fn job_events(&self, id: Id, after: i64) -> Result<Vec<JobEventRow>, StoreError> {
        let mut on = self.reader().await?;
        let rows = Query::new(EVENTS)
            .push("= $1 AND e.number > $2 ORDER BY e.number")
            .bind(id)
            .bind(after)
            .read(&mut on, read_event)
            .await?;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// Events of several jobs without rows and output, in order.
    ///
    /// # Errors
    /// The store's own.
    pub async fn brief_job_events(
        &self,
        ids: &[Id],
    ) -> Result<HashMap<Id, Vec<JobEventRow>>, StoreError> {
        let mut on = self.reader().await?;
        let rows = Query::new(EVENTS)
            .push("IN ")
            .list(ids.iter().copied())
            .push(" AND e.kind <> 'rows' AND e.kind <> 'output' ORDER BY e.job_key, e.number")
            .read(&mut on, read_event)
            .await?;
        let mut events: HashMap<Id, Vec<JobEventRow>> = HashMap::new();
        for (id, row) in rows {
            events.entry(id).or_default().push(row);
        }
        Ok(events)
    }
}

fn read_event(columns: &mut Columns<'_>) -> Result<(Id, JobEventRow), StoreError> {
    let id = columns.id()?;
    let (number, at, kind) = (columns.int()?, columns.int()?, columns.text()?);
    let event = v1::JobEvent::decode(&columns.bytes()?[..])
        .map_err(|error| StoreError::Broken(error.to_string()))?;
    Ok((
        id,
        JobEventRow {
            number,
            at,
            kind,
            event,
        },
    ))
}
