//! Work orders and the jobs that run them. What a person asks of a device stands in `ticket_orders`, whose ticket
//! cannot be missing; what a policy asks stands apart.

mod events;
mod hand_out;
mod list;
mod orders;
mod overdue;
mod recorded;
mod state;
#[cfg(test)]
mod tests;

pub(super) use events::record as record_events;
pub use events::{JobChange, JobEventRow, NewJobEvent};
pub(super) use hand_out::cancel_of_ticket;
pub use hand_out::{Bound, CancelOutcome, PendingOrder};
pub use list::JobsOf;
pub(super) use orders::submit;
pub use orders::{NewOrder, Origin};
pub(super) use overdue::end_jobs_of;
pub use overdue::{Missing, Told};
pub use recorded::{MOST_RECORDED, Recorded};
pub use state::JobState;

use super::{Columns, DeviceId, Id, Query, Store, StoreError, TimeUs};

/// How long after its expiry an order that was handed out may stay unanswered before its outcome counts as
/// unknown: one minute.
pub const SILENCE_US: i64 = 60_000_000;
/// How long a device may be away, beyond the expiry of what it has begun, before the outcome of that counts as unknown:
/// one day.
pub const ABSENCE_US: i64 = 86_400_000_000;

/// A job as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: Id,
    pub device_key: i64,
    pub device: DeviceId,
    pub site_key: i64,
    pub hostname: String,
    /// `None`: a policy's.
    pub ticket: Option<i64>,
    /// `None`: a ticket's.
    pub policy: Option<String>,
    /// "checks", "action", "table", "probe", "live".
    pub kind: String,
    pub title: String,
    /// What was asked, as JSON.
    pub request: String,
    pub requested_by: String,
    pub issued_at: TimeUs,
    pub expires_at: TimeUs,
    pub handed_out_at: Option<TimeUs>,
    pub cancel_asked_at: Option<TimeUs>,
    /// Account that asked for it first.
    pub cancel_asked_by: Option<String>,
    pub state: JobState,
    pub n_events: i64,
    pub ended_at: Option<TimeUs>,
    pub can_undo: bool,
}

const SELECT: &str = "SELECT j.id, j.device_key, d.id, d.site_key, d.hostname, o.ticket, p.policy, j.kind, j.title, \
     j.request, j.requested_by, j.issued_at, j.expires_at, j.handed_out_at, j.cancel_asked_at, j.cancel_asked_by, \
     j.state, j.n_events, \
     j.ended_at, j.can_undo FROM jobs j JOIN devices d ON d.device_key = j.device_key \
     LEFT JOIN ticket_orders o ON o.job_key = j.job_key LEFT JOIN policy_orders p ON p.job_key = j.job_key ";

fn read(columns: &mut Columns<'_>) -> Result<Job, StoreError> {
    Ok(Job {
        id: columns.id()?,
        device_key: columns.int()?,
        device: columns.text()?.parse()?,
        site_key: columns.int()?,
        hostname: columns.text()?,
        ticket: columns.opt_int()?,
        policy: columns.opt_text()?,
        kind: columns.text()?,
        title: columns.text()?,
        request: columns.text()?,
        requested_by: columns.text()?,
        issued_at: columns.int()?,
        expires_at: columns.int()?,
        handed_out_at: columns.opt_int()?,
        cancel_asked_at: columns.opt_int()?,
        cancel_asked_by: columns.opt_text()?,
        state: JobState::named(&columns.text()?)?,
        n_events: columns.int()?,
        ended_at: columns.opt_int()?,
        can_undo: columns.truth()?,
    })
}

impl Store {
    /// One job.
    ///
    /// # Errors
    /// The store's own.
    pub async fn job(&self, id: Id) -> Result<Option<Job>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(SELECT)
            .push("WHERE j.id = $1")
            .bind(id)
            .read_optional(&mut on, read)
            .await
    }
}
