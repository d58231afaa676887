//! The record of a device's orders, to be held against its own.

use std::collections::HashSet;

use ring::digest::{SHA256, digest};

use super::super::{Id, Query, Store, StoreError, TimeUs};
use super::JobState;
use crate::digest::hex;

/// Orders that are looked at, the newest ones.
pub const MOST_RECORDED: u32 = 20_000;

/// An order, as the record has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub order: Id,
    /// SHA-256 of its bytes, hexadecimal.
    pub digest: String,
    pub requested_by: String,
    /// None: a policy's.
    pub ticket: Option<i64>,
    pub state: JobState,
    /// The device has told something of it.
    pub is_told: bool,
    /// The audit log has it.
    pub is_audited: bool,
}

impl Store {
    /// Orders that were bound to the installation of the job `of`, issued at `since` or later, the oldest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn recorded_orders(
        &self,
        of: Id,
        since: TimeUs,
    ) -> Result<Vec<Recorded>, StoreError> {
        let mut on = self.reader().await?;
        let details = Query::new(
            "SELECT a.detail FROM audit a JOIN devices d ON d.id = a.subject JOIN jobs j ON j.device_key = d.device_key \
             WHERE j.id = $1 AND a.at >= $2 AND a.deed LIKE 'work.%'",
        )
        .bind(of)
        .bind(since)
        .read(&mut on, |columns| columns.text())
        .await?;
        let audited: HashSet<Id> = details.iter().filter_map(|detail| order(detail)).collect();
        let mut recorded = Query::new(
            "SELECT j.id, j.order_bytes, j.requested_by, o.ticket, j.state, j.n_events FROM jobs s \
             JOIN jobs j ON j.device_key = s.device_key AND j.installation_id = s.installation_id \
             LEFT JOIN ticket_orders o ON o.job_key = j.job_key \
             WHERE s.id = $1 AND j.issued_at >= $2 AND j.order_bytes IS NOT NULL ORDER BY j.job_key DESC LIMIT $3",
        )
        .bind(of)
        .bind(since)
        .bind(MOST_RECORDED)
        .read(&mut on, |columns| {
            let order = columns.id()?;
            Ok(Recorded {
                order,
                digest: hex(digest(&SHA256, &columns.bytes()?).as_ref()),
                requested_by: columns.text()?,
                ticket: columns.opt_int()?,
                state: JobState::named(&columns.text()?)?,
                is_told: columns.int()? > 0,
                is_audited: audited.contains(&order),
            })
        })
        .await?;
        recorded.reverse();
        Ok(recorded)
    }
}

/// Of "ticket 7, job 5k2…: disk.space".
fn order(detail: &str) -> Option<Id> {
    let (_, rest) = detail.split_once(", job ")?;
    rest.split_once(':')?.0.parse().ok()
}
