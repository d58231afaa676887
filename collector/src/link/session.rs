//! One device's session, from its hello to its end.

mod begin;
mod declare;
mod fetch;
mod greet;
mod help;
mod renewal;
mod settle;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use prost::Message as _;
use sonde_proto::caps;
use sonde_proto::declaration::Pieces;
use sonde_proto::v1::{self, FromAgent, OrderedWork, ToAgent, from_agent, to_agent};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, sleep_until};
use tonic::{Status, Streaming};

use super::intake::Intake;
use super::registry::{Command, Ending, Handle};
use super::{Link, enrol};
use crate::bus::Live;
use crate::clock::now_us;
use crate::store::reports::{NewOutcome, NewReport, Recorded, RecordedFate};
use crate::store::work::Missing;
use crate::store::{DeviceId, Id, StoreError};
use crate::tls::DeviceCertificate;
use crate::work;

/// Reports that are committed together when they have come together.
const BATCH: usize = 64;
/// A device told to go away comes back no sooner; a fleet spreads over as much again.
const COME_BACK: Duration = Duration::from_secs(2);
/// A store that cannot commit is tried again after this,
const STORE_AGAIN: Duration = Duration::from_millis(500);
/// for so long;
const STORE_AWAY: Duration = Duration::from_secs(20);
/// then the device comes back no sooner than after this.
const STORE_BACK: Duration = Duration::from_secs(5);

pub(super) use begin::run;
use help::Asking;

type Inbound = Streaming<FromAgent>;
/// Small things: the room for many of them is there for every device.
type Outbound = mpsc::Sender<Result<Box<ToAgent>, Box<Status>>>;
type Digest = [u8; 32];

/// What a session holds while it is open.
struct Session {
    link: Link,
    certificate: Arc<DeviceCertificate>,
    device_id: DeviceId,
    /// Under which the reports are kept; a twin's is its own.
    device_key: i64,
    installation: Id,
    handle: Handle,
    intake: Intake,
    outbound: Outbound,
    /// Orders already sent in this session.
    handed_out: HashSet<Id>,
    /// Cancellations already sent.
    cancelled: HashSet<Id>,
    in_conflict: bool,
    probes: Vec<oneshot::Sender<()>>,
    /// Snapshots that were taken while the device was away are completed once it has reported.
    snapshots_due: bool,
    /// Jobs that the device did not name in its hello.
    missing: Option<Missing>,
    /// Declarations that were asked for and have not come.
    wanted: HashSet<Id>,
    /// Of a declaration that comes in several messages.
    pieces: Pieces,
    /// Jobs whose answer comes on a channel.
    fetching: HashSet<Id>,
    /// Name of its site.
    site: String,
    /// Of what the device was last told of its checks.
    schedule: Digest,
    /// What its users may still ask at once.
    asking: Asking,
}

/// Whether the session goes on.
enum Next {
    Stay,
    Leave,
}

impl Session {
    /// Takes messages and commands until one of them ends the session. What is done about them is boxed: a session
    /// that waits does not hold the room of one that works.
    async fn talk(
        &mut self,
        mut inbound: Inbound,
        mut commands: mpsc::Receiver<Command>,
    ) -> Result<(), Status> {
        let over = Instant::now() + self.link.settings.session;
        loop {
            let next = tokio::select! {
                biased;
                command = commands.recv() => match command {
                    Some(command) => Box::pin(self.obey(command)).await?,
                    None => Next::Leave,
                },
                message = inbound.message() => match message? {
                    Some(message) => Box::pin(self.take(message, &mut inbound)).await?,
                    None => Next::Leave,
                },
                () = sleep_until(over) => self.send_away(Duration::ZERO, "the session's time is over").await?,
            };
            if matches!(next, Next::Leave) {
                return Ok(());
            }
        }
    }

    async fn obey(&mut self, command: Command) -> Result<Next, Status> {
        match command {
            Command::Orders => self.hand_out().await?,
            Command::Probe(answer) => {
                self.probes.push(answer);
                self.say(body(to_agent::Body::Probe(v1::Probe { nonce: 0 })))
                    .await?;
            }
            Command::Fetch(again) => {
                self.fetching.remove(&again);
                self.fetch_held().await?;
            }
            Command::Look => self.open_live().await?,
            Command::AskConsent(question, reply) => {
                // Who asked may have stopped waiting.
                reply.send(self.asking.asks_consent).ok();
                if self.asking.asks_consent {
                    self.say(body(to_agent::Body::AskConsent(*question)))
                        .await?;
                }
            }
            Command::Policies => self.tell_schedule().await?,
            Command::Conflict => self.in_conflict = true,
            Command::End(Ending::Removed) => return Err(begin::removed()),
            Command::End(Ending::Split) => {
                return self.send_away(Duration::ZERO, "the device was split").await;
            }
            Command::End(Ending::Replaced) => return Ok(Next::Leave),
            Command::End(Ending::Shutdown) => {
                return self.send_away(COME_BACK, "the collector goes down").await;
            }
        }
        Ok(Next::Stay)
    }

    /// Tells the device what policies say of its checks, if that has changed.
    async fn tell_schedule(&mut self) -> Result<(), Status> {
        let schedule = self.schedule();
        let digest = digest(&schedule);
        if digest == self.schedule {
            return Ok(());
        }
        self.schedule = digest;
        self.say(body(to_agent::Body::Schedule(schedule))).await
    }

    fn schedule(&self) -> v1::Schedule {
        let policies = &self.link.policies;
        policies.of(self.device_id.as_str(), &self.site).schedule()
    }

    async fn send_away(&mut self, after: Duration, reason: &str) -> Result<Next, Status> {
        let hint = v1::Hint {
            reconnect_after_us: after.as_micros() as i64,
            reason: reason.to_owned(),
        };
        self.say(body(to_agent::Body::Hint(hint))).await?;
        Ok(Next::Leave)
    }

    /// Takes a message and those that have come with it, and commits their reports together.
    async fn take(&mut self, first: FromAgent, inbound: &mut Inbound) -> Result<Next, Status> {
        let mut reports = Vec::new();
        let mut thinned = Vec::new();
        let mut next = self.take_one(first, &mut reports, &mut thinned).await?;
        let mut broken = None;
        while matches!(next, Next::Stay) && reports.len() < BATCH {
            match inbound.message().now_or_never() {
                Some(Ok(Some(message))) => {
                    next = self.take_one(message, &mut reports, &mut thinned).await?
                }
                Some(Ok(None)) => next = Next::Leave,
                Some(Err(status)) => {
                    broken = Some(status);
                    break;
                }
                None => break,
            }
        }
        let recorded = self.record(reports, thinned).await?;
        match (broken, recorded) {
            (Some(status), _) => Err(status),
            (None, Next::Stay) => Ok(next),
            (None, Next::Leave) => Ok(Next::Leave),
        }
    }

    async fn take_one(
        &mut self,
        message: FromAgent,
        reports: &mut Vec<NewReport>,
        thinned: &mut Vec<v1::SeqRange>,
    ) -> Result<Next, Status> {
        match message.body {
            Some(from_agent::Body::Report(report)) => {
                self.name(self.intake.new_series(&report)).await?;
                let taken = self.intake.take(report, now_us());
                reports
                    .push(taken.map_err(|garbled| Status::invalid_argument(garbled.to_string()))?);
            }
            Some(from_agent::Body::Thinned(told)) if told.ranges.len() > caps::RANGES => {
                return Err(Status::invalid_argument(format!(
                    "{} ranges in one message, where {} are the most",
                    told.ranges.len(),
                    caps::RANGES
                )));
            }
            Some(from_agent::Body::Thinned(told)) => {
                reports.extend(self.intake.thinned(&told.ranges, now_us()));
                thinned.extend(told.ranges);
            }
            Some(from_agent::Body::Named(names)) => {
                self.intake
                    .name(&names.series)
                    .map_err(|garbled| Status::invalid_argument(garbled.to_string()))?;
                self.name(names.series).await?;
            }
            Some(from_agent::Body::Declared(declared)) => self.declare(declared).await?,
            Some(from_agent::Body::Renew(request)) => {
                let renewed = self.renew(request).await?;
                self.say(body(to_agent::Body::Renewed(renewed))).await?;
            }
            Some(from_agent::Body::Probed(_)) => {
                for probe in self.probes.drain(..) {
                    // Who asked may have stopped waiting.
                    probe.send(()).ok();
                }
            }
            Some(from_agent::Body::AskHelp(ask)) => self.help(ask).await?,
            Some(from_agent::Body::Leaving(_)) => return Ok(Next::Leave),
            Some(from_agent::Body::Hello(_) | from_agent::Body::AskTime(_)) => {
                return Err(Status::invalid_argument("a session begins once"));
            }
            // From a newer agent: nothing that this collector could do with it.
            None => {}
        }
        Ok(Next::Stay)
    }

    /// Commits reports, and tries again while the store cannot: what comes after them must not overtake them.
    /// `None`: it cannot for too long. The device still has them.
    async fn keep(&self, mut reports: Vec<NewReport>) -> Option<Vec<Recorded>> {
        let until = Instant::now() + STORE_AWAY;
        loop {
            match self.link.store.record_reports(reports).await {
                Ok(recorded) => return Some(recorded),
                Err(not) if not.reports.is_empty() || Instant::now() >= until => {
                    tracing::warn!(device.id = %self.device_id, error = %not.error, "reports are not committed");
                    return None;
                }
                Err(not) => reports = not.reports,
            }
            sleep(STORE_AGAIN).await;
        }
    }

    /// Commits, answers and tells whoever listens.
    async fn record(
        &mut self,
        reports: Vec<NewReport>,
        thinned: Vec<v1::SeqRange>,
    ) -> Result<Next, Status> {
        if reports.is_empty() {
            return Ok(Next::Stay);
        }
        // What was thinned has no clock of the device.
        let dated = |report: &&NewReport| !matches!(report.outcome, NewOutcome::Thinned(_));
        if let Some(last) = reports.iter().rfind(dated) {
            self.handle
                .hear(last.reported_at.saturating_sub(last.corrected_at));
        }
        let holds = reports.iter().any(fetch::holds_back);
        let Some(recorded) = self.keep(reports).await else {
            return self
                .send_away(STORE_BACK, "the store cannot keep reports now")
                .await;
        };
        let answer = answer(&recorded, thinned);
        self.say(body(to_agent::Body::Answer(answer))).await?;
        if std::mem::take(&mut self.snapshots_due) {
            tokio::spawn(settle::later(
                self.link.clone(),
                self.device_key,
                self.missing.take(),
            ));
        }
        for recorded in recorded {
            for table in recorded.want_tables {
                self.say(body(to_agent::Body::WantTable(v1::WantTable { table })))
                    .await?;
            }
            if recorded.findings_changed {
                self.link.bus.tell(Live::Device {
                    device_key: self.device_key,
                });
            }
            for job in recorded.jobs {
                self.link.bus.tell(Live::Job(job));
            }
            if let Some((number, version)) = recorded.answered {
                self.link.bus.tell(Live::Ticket { number, version });
            }
            if let Some(taken) = recorded.said {
                self.said_was_taken(taken);
            }
        }
        if holds {
            self.fetch_held().await?;
        }
        Ok(Next::Stay)
    }

    /// Sends what the store has for this device and was not sent in this session.
    async fn hand_out(&mut self) -> Result<(), Status> {
        if self.in_conflict {
            return Ok(());
        }
        let orders = self
            .link
            .store
            .orders_for_device_pending(self.device_key)
            .await
            .map_err(enrol::store_status)?;
        for order in orders {
            if self.handed_out.insert(order.id) {
                match work::bind(&self.link.store, &order, &self.device_id, self.installation).await
                {
                    Ok(bytes) => {
                        let ordered = OrderedWork {
                            order: bytes.into(),
                            signatures: Vec::new(),
                        };
                        self.say(body(to_agent::Body::Work(ordered))).await?;
                    }
                    Err(error) if error.is_unavailable() => {
                        self.handed_out.remove(&order.id);
                    }
                    Err(StoreError::Conflict { what }) => {
                        tracing::debug!(job.id = %order.id, %what, "an order is not handed out")
                    }
                    Err(error) => {
                        tracing::warn!(job.id = %order.id, %error, "an order cannot be handed out")
                    }
                }
            }
            if order.cancel_asked && self.cancelled.insert(order.id) {
                let cancel = v1::CancelWork {
                    order_id: order.id.0.to_vec().into(),
                };
                self.say(body(to_agent::Body::Cancel(cancel))).await?;
            }
        }
        Ok(())
    }

    async fn say(&self, message: ToAgent) -> Result<(), Status> {
        self.outbound
            .send(Ok(Box::new(message)))
            .await
            .map_err(|_| Status::cancelled("the device is gone"))
    }
}

fn digest(schedule: &v1::Schedule) -> Digest {
    crate::digest::sha256(&schedule.encode_to_vec())
}

fn answer(recorded: &[Recorded], thinned: Vec<v1::SeqRange>) -> v1::Answer {
    let mut answer = v1::Answer {
        committed: thinned,
        rejected: Vec::new(),
        collector_time_us: now_us(),
    };
    for one in recorded {
        match &one.fate {
            RecordedFate::Committed | RecordedFate::Known => match answer.committed.last_mut() {
                Some(range) if range.last.checked_add(1) == Some(one.seq) => range.last = one.seq,
                Some(_) | None => answer.committed.push(v1::SeqRange {
                    first: one.seq,
                    last: one.seq,
                }),
            },
            RecordedFate::Rejected { reason } => answer.rejected.push(v1::Rejected {
                seq: one.seq,
                reason: reason.clone(),
            }),
            // Answered with the ranges as they came.
            RecordedFate::Thinned => {}
        }
    }
    answer
}

fn body(body: to_agent::Body) -> ToAgent {
    ToAgent { body: Some(body) }
}
