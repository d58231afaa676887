//! The accounting of reports: every number of a spool is committed, rejected or thinned, exactly once, and what a
//! report says is written in the same transaction as its number.

mod agent_events;
mod ranges;
mod record;
mod refusals;

pub use agent_events::AgentEventRow;
pub(super) use ranges::SpoolCache;
pub use ranges::{Fate, Range, RangeKey};
pub(super) use record::record_together;
pub use refusals::{REFUSALS_APART_US, Refusals, RejectedKey, RejectedReport};

use std::sync::Arc;

use sonde_proto::v1;
use tokio::sync::oneshot;

use super::consent::ConsentAnswer;
use super::tickets::{NewSaid, Taken};
use super::writer::{Message, Reports};
use super::{Id, Store, StoreError, TimeUs, work};

/// A report that has come, checked against the caps.
#[derive(Debug, Clone)]
pub struct NewReport {
    pub device_key: i64,
    pub spool_id: Id,
    /// Counted up from 1 in each spool; of no meaning when `outcome` is `Thinned`.
    pub seq: u64,
    /// On the device's clock.
    pub reported_at: TimeUs,
    /// The same moment on the collector's clock.
    pub corrected_at: TimeUs,
    pub boot_id: Arc<str>,
    pub outcome: NewOutcome,
}

impl NewReport {
    /// It tells how work goes that somebody asked for, or somebody waits for what becomes of it.
    pub(super) fn is_urgent(&self) -> bool {
        matches!(
            self.outcome,
            NewOutcome::Committed(Body::Job(_) | Body::Said(_) | Body::Consent(_))
        )
    }
}

/// What is to become of a report.
#[derive(Debug, Clone)]
pub enum NewOutcome {
    Committed(Body),
    /// It broke a cap, a type or a table.
    Rejected {
        reason: String,
        /// Of the report as it came, 4 KiB at most.
        first_bytes: Vec<u8>,
    },
    /// Ranges of numbers that will never come, both ends included.
    Thinned(Vec<(u64, u64)>),
}

/// What a report says.
#[derive(Debug, Clone)]
pub enum Body {
    /// Values by the store's series numbers (`Store::name_series`), scaled.
    Sample(Vec<(u32, i64)>),
    Facts(Vec<FactChange>),
    Findings(v1::FindingChanges),
    Job(Vec<work::NewJobEvent>),
    Event(v1::AgentEvent),
    /// Boxed: it is rare, and larger than the others.
    Said(Box<NewSaid>),
    Consent(Box<ConsentAnswer>),
}

/// A change of one table, with the declaration that its rows follow.
#[derive(Debug, Clone)]
pub struct FactChange {
    pub declaration_id: Id,
    pub declaration: Arc<v1::TableDeclaration>,
    pub change: v1::TableChange,
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub device_key: i64,
    pub spool_id: Id,
    pub seq: u64,
    pub fate: RecordedFate,
    /// Tables whose copy here is not the device's: ask for them whole.
    pub want_tables: Vec<String>,
    /// Jobs that have come further by it.
    pub jobs: Vec<work::JobChange>,
    /// Findings that are new or have another status.
    pub findings_changed: bool,
    /// The ticket that has come by what somebody has said, or has changed by it.
    pub said: Option<Taken>,
    /// The ticket to whose question somebody has answered, and its version.
    pub answered: Option<(i64, i64)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordedFate {
    Committed,
    Rejected {
        reason: String,
    },
    Thinned,
    /// It was accounted for before; nothing was written.
    Known,
}

/// Nothing of these was written.
#[derive(Debug, thiserror::Error)]
#[error("reports are not recorded: {error}")]
pub struct NotRecorded {
    pub error: StoreError,
    /// As they were given; none: the store was closed.
    pub reports: Vec<NewReport>,
}

impl Store {
    /// Accounts for reports and writes what they say. Answers when all of it is committed, in the order given.
    ///
    /// # Errors
    /// Only the store's own: nothing of them was written, and they may come again.
    pub async fn record_reports(
        &self,
        reports: Vec<NewReport>,
    ) -> Result<Vec<Recorded>, NotRecorded> {
        let (reply, answer) = oneshot::channel();
        let gone = |error| NotRecorded {
            error,
            reports: Vec::new(),
        };
        self.hand_over(Message::Reports(Reports { reports, reply }))
            .await
            .map_err(gone)?;
        answer.await.map_err(|_| gone(StoreError::gone()))?
    }

    /// Which numbers of a spool are accounted for, in order, neighbours of one fate together.
    ///
    /// # Errors
    /// The store's own.
    pub async fn spool_ranges(
        &self,
        device_key: i64,
        spool_id: Id,
    ) -> Result<Vec<Range>, StoreError> {
        let mut on = self.reader().await?;
        ranges::load(&mut on, device_key, spool_id).await
    }

    /// A page of the ranges of all spools that a device has reported from, those of a spool together and in order.
    ///
    /// # Errors
    /// The store's own.
    pub async fn device_ranges(
        &self,
        device_key: i64,
        after: Option<RangeKey>,
        most: u32,
    ) -> Result<Vec<(Id, Range)>, StoreError> {
        let mut on = self.reader().await?;
        ranges::page(&mut on, device_key, after, most).await
    }
}
