//! Changes that may cut this device off: what takes them back is journalled before they are made, and done unless the
//! collector is heard on a new connection afterwards.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sonde_proto::v1::{self, Outcome};
use tokio::sync::oneshot;

use super::super::{Driver, DriverError};
use super::{Entry, OrderId, Progress, Worked};
use crate::actions::Refusal;
use crate::apply;
use crate::blocks::BlocksError;
use crate::clock;
use crate::finding::{Message, duration, name};
use crate::host::Host;
use crate::plan::Plan;
use crate::session::Input;
use crate::{texts, wire};

/// What a running job asks of the driver.
pub(super) enum Ask {
    /// To journal what takes its change back, before it is made.
    Keep {
        way_back: Plan,
        kept: oneshot::Sender<()>,
    },
    /// To make a new connection, and to tell when the collector has welcomed it.
    Prove { heard: oneshot::Sender<()> },
}

/// As the journal keeps it while the job runs.
#[derive(Serialize, Deserialize)]
pub(super) struct Safeguard {
    /// What a running kernel was told, a restart of the machine has taken back already.
    pub(super) boot_id: String,
    pub(super) way_back: Plan,
}

impl Safeguard {
    /// Of an order that had begun.
    pub(super) fn of(entry: &Entry) -> Option<Self> {
        let has_begun = entry.state() == Progress::Started;
        has_begun.then(|| serde_json::from_slice(&entry.undo).ok())?
    }
}

/// The job's half: the driver may be asked while the job runs.
pub(super) struct Asking<'a> {
    pub(super) id: OrderId,
    pub(super) sender: &'a tokio::sync::mpsc::UnboundedSender<Worked>,
}

impl Asking<'_> {
    fn ask(&self, ask: Ask) {
        // When the driver is gone, nobody answers.
        drop(self.sender.send(Worked {
            id: self.id,
            events: Vec::new(),
            checked: None,
            ask: Some(ask),
            end: None,
        }));
    }

    /// Whether the way back is journalled and synced.
    pub(super) async fn is_kept(&self, way_back: Plan) -> bool {
        let (kept, answer) = oneshot::channel();
        self.ask(Ask::Keep { way_back, kept });
        answer.await.is_ok()
    }

    /// Whether the collector is heard on a new connection within `wait`.
    pub(super) async fn is_heard(&self, wait: Duration) -> bool {
        let (heard, answer) = oneshot::channel();
        self.ask(Ask::Prove { heard });
        matches!(tokio::time::timeout(wait, answer).await, Ok(Ok(())))
    }
}

/// Takes a change back; how the job ends, and why.
pub(super) async fn take_back(
    host: &Host,
    way_back: &Plan,
    because: Message,
) -> (Outcome, v1::Message) {
    let back = apply::apply(host, way_back, &mut |_| {}, apply::never()).await;
    match back.outcome {
        apply::Outcome::Succeeded => (Outcome::Failed, wire::message(because)),
        apply::Outcome::Failed(why) | apply::Outcome::Unknown(why) => (
            Outcome::Unknown,
            texts::reason("not_taken_back", &Refusal(why)),
        ),
        // There is nothing to lack, and nobody to cancel it.
        apply::Outcome::Refused(why) => (Outcome::Unknown, texts::reason("not_taken_back", &why)),
        apply::Outcome::Cancelled => (Outcome::Unknown, texts::message("cancelled")),
    }
}

/// Why a change is taken back after `wait`.
pub(super) fn unheard(wait: Duration) -> Message {
    let wait = duration("wait", wait.as_micros() as i64);
    Message::new("unheard", vec![wait])
}

/// Why what was done of a change is taken back at once.
pub(super) fn failed(why: &Message) -> Message {
    let why = Refusal(why.clone()).to_string();
    Message::new("failed_and_taken_back", vec![name("why", why)])
}

impl Driver {
    pub(super) fn asked(&mut self, id: OrderId, ask: Ask) -> Result<(), DriverError> {
        match ask {
            Ask::Keep { way_back, kept } => {
                if self.keep(id, way_back)? {
                    // The job may have been given up.
                    kept.send(()).ok();
                }
            }
            Ask::Prove { heard } => {
                if self.connection.take().is_some() {
                    self.session.handle(self.seen.boot_us, Input::Disconnected);
                }
                self.jobs.unheard.push(heard);
            }
        }
        Ok(())
    }

    fn keep(&mut self, id: OrderId, way_back: Plan) -> Result<bool, DriverError> {
        let Some(job) = self.jobs.open.get(&id) else {
            return Ok(false);
        };
        let safeguard = Safeguard {
            boot_id: self.collected.boot_id().to_owned(),
            way_back,
        };
        let Ok(undo) = serde_json::to_vec(&safeguard) else {
            return Ok(false);
        };
        let entry = Entry {
            order: job.order.to_vec(),
            state: Progress::Started.into(),
            accepted_us: job.accepted_us,
            undo,
            ..Entry::default()
        };
        let corrected_us = self.corrected_us(clock::now());
        match self.state.journal.record(id, &entry, corrected_us) {
            Ok(()) => Ok(true),
            Err(BlocksError::Full { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The collector has welcomed a connection.
    pub(in crate::driver) fn heard(&mut self) {
        for heard in self.jobs.unheard.drain(..) {
            // Whoever waited may have waited long enough.
            heard.send(()).ok();
        }
    }
}
