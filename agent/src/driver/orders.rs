//! Orders on this device: taken once, run with limits, reported to their end.

mod apart;
mod doing;
mod events;
mod held;
mod interrupted;
mod run;
mod safeguard;
mod take;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};

use prost::bytes::Bytes;
use sonde_proto::v1::{self, JobEvent, Outcome, job_event::Event};
use tokio::sync::{mpsc, oneshot, watch};

use super::watch::Checked;
use super::{Done, Driver, DriverError, unless_it_breaks};
use crate::blocks::BlocksError;
use crate::clock;
use crate::journal::{Entry, Journal, OrderId, State as Progress};
use crate::policy::Policy;
use crate::session::{BootUs, Session};
use crate::spool::Spool;
use crate::state::State;
use crate::{texts, wire};
use doing::Doing;
use events::report;
use held::Held;
use run::Task;

/// Jobs that run at a time.
const RUNNING: usize = 4;
/// Jobs that wait for one of these to end.
const WAITING: usize = 32;
/// Refused orders that are remembered while the journal has no room for them.
const REFUSED: usize = 1024;
/// Events of a job that only reads wait so long for its result, and are told with it.
const TOGETHER_US: i64 = 200_000;
/// Number of the event that closes a job after the agent died.
const AFTER_CRASH: u32 = 1 << 20;

/// What a running job says.
pub(super) struct Worked {
    id: OrderId,
    events: Vec<Event>,
    /// Findings that are the device's as well as the job's, and whether they verify an action.
    checked: Option<(Checked, bool)>,
    /// What it waits for.
    ask: Option<safeguard::Ask>,
    end: Option<End>,
}

impl Worked {
    /// The end of a job that the agent itself failed at. Whether what `acts` has acted, nobody knows.
    fn broke(id: OrderId, acts: bool, why: &str) -> Self {
        let outcome = if acts {
            Outcome::Unknown
        } else {
            Outcome::Failed
        };
        Self {
            id,
            events: Vec::new(),
            checked: None,
            ask: None,
            end: Some(End {
                message: Some(texts::reason("job_broke", &why)),
                ..End::of(outcome)
            }),
        }
    }
}

/// How a job ended.
pub(super) struct End {
    outcome: Outcome,
    message: Option<v1::Message>,
    /// What takes the change back, as the journal keeps it; empty: nothing does.
    undo: Vec<u8>,
}

impl End {
    /// Without a reason, and without a way back.
    fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            message: None,
            undo: Vec::new(),
        }
    }

    pub(super) fn because(outcome: Outcome, message: Option<v1::Message>) -> Self {
        Self {
            message,
            ..Self::of(outcome)
        }
    }
}

struct Running {
    order: Bytes,
    cancel: watch::Sender<bool>,
    /// Events that were not reported yet. What only reads is told of with its result, unless that takes long.
    unsent: Vec<JobEvent>,
    unsent_since: Option<BootUs>,
    n_events: u32,
    changes_something: bool,
    accepted_us: i64,
    /// Of the order, by the collector's clock.
    expires_us: i64,
    /// The order whose change this one takes back.
    undoes: Option<OrderId>,
    /// Its answer, when that waits for a channel. The job keeps its place among those that run.
    held: Option<Held>,
    /// For the receipt.
    doing: Doing,
}

impl Running {
    fn say(&mut self, id: OrderId, event: Event) {
        let now = clock::now();
        self.doing.hear(&event);
        self.n_events += 1;
        self.unsent_since.get_or_insert(now.boot_us);
        self.unsent.push(JobEvent {
            order_id: id.to_vec().into(),
            number: self.n_events,
            at_us: now.wall_us,
            event: Some(event),
        });
    }

    /// Spools what was said.
    fn flush(
        &mut self,
        boot_id: &str,
        spool: &mut Spool,
        session: &mut Session,
    ) -> Result<(), BlocksError> {
        self.unsent_since = None;
        report(std::mem::take(&mut self.unsent), boot_id, spool, session)
    }
}

/// Orders that were taken and have not ended.
pub(super) struct Jobs {
    policy: Policy,
    open: HashMap<OrderId, Running>,
    waiting: VecDeque<(OrderId, Task)>,
    n_running: usize,
    /// Refused while the journal was full, the newest last.
    refused: VecDeque<OrderId>,
    /// Those that wait for the collector to be heard anew; one for each running job at most.
    unheard: Vec<oneshot::Sender<()>>,
    /// Interrupted before it was; they are to be taken back.
    unproven: Vec<(OrderId, Entry)>,
    sender: mpsc::UnboundedSender<Worked>,
    /// Bounded by the jobs' own caps: a plan's steps and its output.
    receiver: mpsc::UnboundedReceiver<Worked>,
}

impl Jobs {
    pub(super) fn new(policy: Policy) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        Self {
            policy,
            open: HashMap::new(),
            waiting: VecDeque::new(),
            n_running: 0,
            refused: VecDeque::new(),
            unheard: Vec::new(),
            unproven: Vec::new(),
            sender,
            receiver,
        }
    }

    pub(super) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The journal has no room for the order; it is not taken in this run of the agent either.
    fn remember_refused(&mut self, id: OrderId) {
        if self.refused.len() >= REFUSED {
            self.refused.pop_front();
        }
        self.refused.push_back(id);
    }

    /// What a job says next; never, when none runs.
    pub(super) async fn next(&mut self) -> Worked {
        match self.receiver.recv().await {
            Some(worked) => worked,
            None => std::future::pending().await,
        }
    }

    pub(super) fn running(&self) -> Vec<Bytes> {
        self.open.keys().map(|id| id.to_vec().into()).collect()
    }

    /// When an event has waited long enough for its job's result.
    pub(super) fn next_flush(&self) -> Option<BootUs> {
        let since = self.open.values().filter_map(|job| job.unsent_since).min();
        since.map(|since| since + TOGETHER_US)
    }

    /// Reports events that have waited long enough.
    pub(super) fn flush_late(
        &mut self,
        now: BootUs,
        boot_id: &str,
        spool: &mut Spool,
        session: &mut Session,
    ) -> Result<(), BlocksError> {
        for job in self.open.values_mut() {
            if job
                .unsent_since
                .is_some_and(|since| since + TOGETHER_US <= now)
            {
                job.flush(boot_id, spool, session)?;
            }
        }
        Ok(())
    }
}

impl Driver {
    /// Starts what waits, as far as there is room.
    pub(super) fn start_jobs(&mut self) -> Result<(), DriverError> {
        while self.jobs.n_running < RUNNING {
            let Some((id, task)) = self.jobs.waiting.pop_front() else {
                break;
            };
            let Some(job) = self.jobs.open.get_mut(&id) else {
                continue;
            };
            let corrected_us = clock::now()
                .wall_us
                .saturating_add(self.correction.offset_us());
            // It waited for others, or the machine slept.
            if job.expires_us <= corrected_us {
                self.jobs.n_running += 1;
                let end = End {
                    message: Some(texts::message("order_expired")),
                    ..End::of(Outcome::Expired)
                };
                return self.end_job(id, end);
            }
            job.doing.begin();
            if job.changes_something {
                let entry = Entry {
                    order: job.order.to_vec(),
                    state: Progress::Started.into(),
                    accepted_us: job.accepted_us,
                    ..Entry::default()
                };
                if !begin(
                    &mut self.state.journal,
                    id,
                    &entry,
                    job.undoes,
                    corrected_us,
                )? {
                    self.jobs.n_running += 1;
                    let end = End {
                        message: Some(texts::message("nothing_to_undo")),
                        ..End::of(Outcome::Refused)
                    };
                    return self.end_job(id, end);
                }
            }
            job.say(id, Event::Started(v1::JobStarted {}));
            if job.changes_something {
                job.flush(
                    self.collected.boot_id(),
                    &mut self.state.spool,
                    &mut self.session,
                )?;
            }
            let cancel = job.cancel.subscribe();
            self.jobs.n_running += 1;
            let (sender, acts) = (self.jobs.sender.clone(), job.changes_something);
            let host = self.host.metered(&job.doing.meter);
            let work = run::run(id, task, host, cancel, sender.clone());
            self.tasks.spawn_local(async move {
                // When the driver is gone, the journal says what became of the job.
                unless_it_breaks(work, |why| drop(sender.send(Worked::broke(id, acts, &why))))
                    .await;
                Done::Quiet
            });
        }
        Ok(())
    }

    /// Stops a job: one that waits at once, one that runs when its program is gone.
    pub(super) fn cancel(&mut self, id: &Bytes) -> Result<(), DriverError> {
        let Ok(id) = OrderId::try_from(&id[..]) else {
            return Ok(());
        };
        if let Some(at) = self
            .jobs
            .waiting
            .iter()
            .position(|(waiting, _)| *waiting == id)
        {
            self.jobs.waiting.remove(at);
            return self.end_job_apart(id, cancelled("cancelled_before"));
        }
        if self.looks(&id) {
            return self.cancel_look(id);
        }
        match self.jobs.open.get(&id) {
            Some(job) if job.held.is_some() => self.end_job(id, cancelled("cancelled")),
            Some(job) => {
                job.cancel.send_replace(true);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// What a job said is reported; an answer too large for that is held back.
    pub(super) fn job_said(&mut self, mut worked: Worked) -> Result<(), DriverError> {
        if let Some(ask) = worked.ask.take() {
            return self.asked(worked.id, ask);
        }
        if let Some((mut checked, verifies)) = worked.checked.take() {
            let changed = self.checked(&mut checked)?;
            if changed && worked.end.is_none() {
                self.state.spool.sync()?;
            }
            worked
                .events
                .extend(events::found(checked.findings, verifies));
        }
        let Worked {
            id, events, end, ..
        } = worked;
        let Some(job) = self.jobs.open.get_mut(&id) else {
            return Ok(());
        };
        let end = match end {
            Some(end) if !job.changes_something && Running::is_too_large(&events) => {
                job.hold(id, events, end).err()
            }
            end => {
                for event in events {
                    job.say(id, event);
                }
                end
            }
        };
        match end {
            Some(end) => self.end_job(id, end),
            None => Ok(job.flush(
                self.collected.boot_id(),
                &mut self.state.spool,
                &mut self.session,
            )?),
        }
    }

    /// A job's events are safe before its end is journalled, and that before anything else; then the next one starts.
    fn end_job(&mut self, id: OrderId, end: End) -> Result<(), DriverError> {
        let corrected_us = self.corrected_us(clock::now());
        let Some(mut job) = self.jobs.open.remove(&id) else {
            return Ok(());
        };
        self.jobs.n_running -= 1;
        let receipt = job.doing.entry(end.message.as_ref());
        let ended_us = clock::now().wall_us;
        let begun_us = Some(receipt.started_us).filter(|begun| (1..=ended_us).contains(begun));
        job.say(
            id,
            Event::Ended(v1::JobEnded {
                outcome: end.outcome.into(),
                message: end.message,
                can_undo: !end.undo.is_empty(),
                wall_us: begun_us.map(|begun| ended_us - begun),
                cpu_us: receipt.cpu_us,
            }),
        );
        let State { spool, journal, .. } = &mut self.state;
        job.flush(self.collected.boot_id(), spool, &mut self.session)?;
        spool.sync()?;
        let entry = Entry {
            order: job.order.to_vec(),
            state: Progress::Ended.into(),
            outcome: end.outcome.into(),
            accepted_us: job.accepted_us,
            ended_us,
            undo: end.undo,
            ..receipt
        };
        if job.changes_something {
            journal.record(id, &entry, corrected_us)?;
        } else {
            // A crash would make it end once more, as interrupted; the collector has its end already.
            journal.record_lazily(id, &entry, corrected_us)?;
        }
        self.start_jobs()
    }
}

/// Journals that a job which changes something begins. What it takes back can be taken back once: false when another
/// undo has begun before it, and nothing is written.
fn begin(
    journal: &mut Journal,
    id: OrderId,
    entry: &Entry,
    undoes: Option<OrderId>,
    corrected_us: i64,
) -> Result<bool, BlocksError> {
    let Some(undone) = undoes else {
        journal.record(id, entry, corrected_us)?;
        return Ok(true);
    };
    let Some(before) = journal
        .entry(&undone)?
        .filter(|entry| !entry.undo.is_empty())
    else {
        return Ok(false);
    };
    // One sync for both.
    journal.record_lazily(id, entry, corrected_us)?;
    let undo = Vec::new();
    journal.record(undone, &Entry { undo, ..before }, corrected_us)?;
    Ok(true)
}

pub(super) fn cancelled(why: &'static str) -> End {
    End {
        message: Some(texts::message(why)),
        ..End::of(Outcome::Cancelled)
    }
}

/// Of the wire, for an action's message.
fn said(message: &crate::finding::Message) -> v1::Message {
    wire::message(message.clone())
}
