//! Work orders: authorise → keep → dispatch → track. One place for everybody who asks a device for something.

mod brakes;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

use crate::store::accounts::Account;
use crate::store::devices::Device;
use crate::store::work::{CancelOutcome, JobChange, NewOrder, Origin};
use crate::store::{Id, Store, StoreError, TimeUs};

use brakes::Brakes;
pub use brakes::{DEVICES_PER_REQUEST, ORDERS_PER_MINUTE, TooMany};

/// How long an order waits for a device that is not connected, unless the caller says otherwise: one day.
pub const EXPIRY_US: i64 = 86_400 * 1_000_000;
/// The longest it may wait.
pub const LONGEST_EXPIRY_US: i64 = sonde_proto::caps::ORDER_LIFE_US;
/// Changes that a slow listener may lag behind before it has to read anew.
const BUS_CAPACITY: usize = 4_096;

/// What a device is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Request {
    /// Ids; empty: all.
    Checks { checks: Vec<String> },
    Action {
        action: String,
        version: u32,
        phase: Phase,
        parameters: Vec<Parameter>,
        consent: Option<Consent>,
        /// For undo: id of the job whose change is taken back.
        undo_of: Option<String>,
    },
    Table {
        table: String,
        parameters: Vec<Parameter>,
        /// 0: the table's own cap.
        most_rows: u32,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Plan,
    Apply,
    Undo,
}

/// A parameter whose type was checked against its declaration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    pub name: String,
    pub value: ParameterValue,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterValue {
    Integer(i64),
    Real(f64),
    Text(String),
    Truth(bool),
    TimeUs(i64),
}

/// The user's agreement, as a technician recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    pub recorded_by: String,
    /// "by telephone".
    pub given: String,
    pub at_us: TimeUs,
}

/// How an order is to be treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// From now on, microseconds.
    pub expires_in_us: i64,
}

/// An order that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    pub job: Id,
    pub expires_at: TimeUs,
    /// The device is not connected: the order waits for it.
    pub queued: bool,
}

/// Why a device is not asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    #[error(transparent)]
    TooMany(#[from] TooMany),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Something that has changed and that people may be looking at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Live {
    Job(JobChange),
    Ticket {
        number: i64,
        version: i64,
    },
    /// Findings, facts or presence.
    Device {
        device_key: i64,
    },
}

/// Handle to all work; clones share it.
#[derive(Clone)]
pub struct Work {
    store: Store,
    bus: broadcast::Sender<Live>,
    brakes: Arc<Brakes>,
}

impl Request {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Checks { .. } => "checks",
            Self::Action { .. } => "action",
            Self::Table { .. } => "table",
        }
    }

    /// What is run, in a line.
    pub fn title(&self) -> String {
        match self {
            Self::Checks { checks } if checks.is_empty() => "all checks".into(),
            Self::Checks { checks } => checks.join(", "),
            Self::Action { action, phase, .. } => {
                let phase = match phase {
                    Phase::Plan => "plan",
                    Phase::Apply => "apply",
                    Phase::Undo => "undo",
                };
                format!("{action} {phase}")
            }
            Self::Table { table, .. } => format!("table {table}"),
        }
    }
}

impl Work {
    pub fn new(store: Store) -> Self {
        let (bus, _) = broadcast::channel(BUS_CAPACITY);
        Self {
            store,
            bus,
            brakes: Arc::new(Brakes::default()),
        }
    }

    /// Asks a device for something on behalf of a ticket: keeps the order, then hands it out.
    ///
    /// # Errors
    /// [`SubmitError`]
    pub async fn submit(
        &self,
        by: &Account,
        ticket: i64,
        device: &Device,
        request: Request,
        options: Options,
        now: TimeUs,
    ) -> Result<Submitted, SubmitError> {
        self.brakes.take(by.account_key, now)?;
        let request_json = serde_json::to_string(&request)
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        let order = NewOrder {
            id: Id::random(),
            device_key: device.device_key,
            origin: Origin::Ticket(ticket),
            kind: request.kind(),
            title: request.title(),
            request: request_json,
            requested_by: by.name.clone(),
            issued_at: now,
            expires_at: now + options.expires_in_us.clamp(1, LONGEST_EXPIRY_US),
            bound: None,
        };
        let submitted = Submitted {
            job: order.id,
            expires_at: order.expires_at,
            queued: device.connected_at.is_none(),
        };
        self.store.submit_order(order).await?;
        self.announce(Live::Ticket {
            number: ticket,
            version: 0,
        });
        Ok(submitted)
    }

    /// Somebody wants a job to stop.
    ///
    /// # Errors
    /// Not found: the job.
    pub async fn cancel(
        &self,
        job: Id,
        by: &Account,
        now: TimeUs,
    ) -> Result<CancelOutcome, StoreError> {
        self.store.cancel_job(job, &by.name, now).await
    }

    /// Everything that changes from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Live> {
        self.bus.subscribe()
    }

    /// Tells who listens.
    pub fn announce(&self, change: Live) {
        // Nobody may be listening.
        drop(self.bus.send(change));
    }
}
