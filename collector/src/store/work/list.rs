//! Lists of jobs.

use super::{Id, Job, Query, SELECT, Store, StoreError, read};

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
