//! Whether an order is taken: judged, authorised by the local policy, journalled.

use prost::bytes::Bytes;
use sonde_proto::v1::{self, JobEvent, Outcome, WorkOrder, job_event::Event};
use tokio::sync::watch;

use super::super::{Driver, DriverError};
use super::doing::{self, Doing};
use super::{Running, Task, WAITING, report};
use crate::blocks::BlocksError;
use crate::clock::{self, Moment};
use crate::journal::{self, Entry, Grant, OrderId, State as Progress};
use crate::orders::{Context, Wrong, judge};
use crate::policy::Consent;
use crate::texts;

impl Driver {
    /// An order has come. It is taken once; one that is known already is being run, or has ended.
    pub(in crate::driver) fn ordered(&mut self, bytes: &Bytes) -> Result<(), DriverError> {
        let now = clock::now();
        let corrected_us = self.corrected_us(now);
        let context = Context {
            device_id: &self.state.identity.device_id,
            installation_id: &self.state.identity.installation_id,
            now_us: corrected_us,
        };
        let (id, order) = match judge(bytes, &context) {
            Ok(judged) => judged,
            Err((Some(id), wrong)) if !self.knows(&id, &[]) => {
                tracing::warn!(%wrong, "an order is not taken");
                // On another day the clock may say otherwise; the rest is wrong for good.
                let bytes = (wrong == Wrong::Expired).then_some(bytes);
                return self.refuse(id, bytes, wrong.outcome(), wrong.message(), now);
            }
            Err((_, wrong)) => {
                tracing::warn!(%wrong, "an order is not taken");
                return Ok(());
            }
        };
        if self.knows(&id, &order.nonce) {
            return Ok(());
        }
        let agreed = self.agreed(&order, now)?;
        let authorised = if self.jobs.waiting.len() < WAITING {
            self.authorise(&order, agreed.as_ref().map(|agreed| agreed.consent()))
        } else {
            Err(texts::message("busy"))
        };
        match authorised {
            Ok((task, undoes)) => {
                if let Some(Agreed::ByUser(grant)) = agreed
                    && task.changes_something()
                    && (!grant.for_ticket || task.is_control())
                {
                    // Before it is taken: what a crash leaves used up was never used twice.
                    self.state.journal.use_up(grant, &id)?;
                }
                let taken = Taken {
                    bytes: bytes.clone(),
                    expires_us: order.expires_us,
                    task,
                    undoes,
                };
                self.accept(id, taken, now, corrected_us)
            }
            Err(message) => self.refuse(id, Some(bytes), Outcome::Refused, message, now),
        }
    }

    /// The order was taken or refused before.
    fn knows(&self, id: &OrderId, nonce: &[u8]) -> bool {
        self.state.journal.knows(id, nonce) || self.jobs.refused.contains(id)
    }

    /// How the user has agreed to an order, as far as this device knows that: what they have answered here, it has kept.
    fn agreed(&mut self, order: &WorkOrder, now: Moment) -> Result<Option<Agreed>, DriverError> {
        let consent = match &order.work {
            Some(v1::work_order::Work::Action(action)) => action.consent.as_ref(),
            Some(_) | None => None,
        };
        Ok(match consent {
            None => None,
            Some(consent) if consent.question_id.is_empty() && consent.by_user => {
                Some(Agreed::OnPage)
            }
            Some(consent) if consent.question_id.is_empty() => Some(Agreed::ToTechnician),
            Some(consent) => {
                let journal = &mut self.state.journal;
                let grant = journal.agreed(&consent.question_id, order.ticket, now.wall_us)?;
                grant.map(Agreed::ByUser)
            }
        })
    }

    fn authorise(
        &mut self,
        order: &WorkOrder,
        consent: Option<Consent>,
    ) -> Result<(Task, Option<OrderId>), v1::Message> {
        let undoes = match &order.work {
            Some(v1::work_order::Work::Action(action)) if action.phase() == v1::Phase::Undo => {
                action.undo_of[..].try_into().ok()
            }
            Some(_) | None => None,
        };
        let undone = match undoes {
            Some(undone) => self.state.journal.entry(&undone).ok().flatten(),
            None => None,
        };
        Task::authorise(
            &self.host,
            order,
            undone.as_ref(),
            &self.jobs.policy,
            consent,
            self.watch.against(),
        )
        .map(|task| (task, undoes))
    }

    /// Reports the order's end. `order`: as it came, where it might be judged otherwise another time; it is journalled
    /// first, so that no later session runs it.
    fn refuse(
        &mut self,
        id: OrderId,
        order: Option<&Bytes>,
        outcome: Outcome,
        message: v1::Message,
        now: Moment,
    ) -> Result<(), DriverError> {
        let corrected_us = self.corrected_us(now);
        let mut entry = order.map(|order| entry(order, now));
        if let Some(entry) = &entry {
            match self.state.journal.record(id, entry, corrected_us) {
                Ok(()) => {}
                Err(BlocksError::Full { .. }) => self.jobs.remember_refused(id),
                Err(error) => return Err(error.into()),
            }
        }
        let reason = doing::short(Some(&message));
        let ended = v1::JobEnded {
            outcome: outcome.into(),
            message: Some(message),
            ..v1::JobEnded::default()
        };
        let event = JobEvent {
            order_id: id.to_vec().into(),
            number: 1,
            at_us: now.wall_us,
            event: Some(Event::Ended(ended)),
        };
        let boot_id = self.collected.boot_id();
        report(
            vec![event],
            boot_id,
            &mut self.state.spool,
            &mut self.session,
        )?;
        self.state.spool.sync()?;
        // A crash before this reports once more that the order did not run.
        if let Some(entry) = entry
            .as_mut()
            .filter(|_| self.state.journal.knows(&id, &[]))
        {
            entry.state = Progress::Ended.into();
            entry.outcome = outcome.into();
            entry.ended_us = now.wall_us;
            entry.reason = reason;
            entry.version = journal::VERSION;
            self.state.journal.record_lazily(id, entry, corrected_us)?;
        }
        Ok(())
    }

    fn accept(
        &mut self,
        id: OrderId,
        order: Taken,
        now: Moment,
        corrected_us: i64,
    ) -> Result<(), DriverError> {
        match self
            .state
            .journal
            .record(id, &entry(&order.bytes, now), corrected_us)
        {
            Ok(()) => {}
            Err(BlocksError::Full { .. }) => {
                self.jobs.remember_refused(id);
                let message = texts::message("journal_full");
                return self.refuse(id, None, Outcome::Refused, message, now);
            }
            Err(error) => return Err(error.into()),
        }
        let (cancel, _) = watch::channel(false);
        let mut job = Running {
            order: order.bytes,
            cancel,
            unsent: Vec::new(),
            unsent_since: None,
            n_events: 0,
            changes_something: order.task.changes_something(),
            accepted_us: now.wall_us,
            expires_us: order.expires_us,
            undoes: order.undoes,
            held: None,
            doing: Doing::default(),
        };
        job.say(id, Event::Accepted(v1::JobAccepted {}));
        if job.changes_something {
            job.flush(
                self.collected.boot_id(),
                &mut self.state.spool,
                &mut self.session,
            )?;
        }
        self.jobs.open.insert(id, job);
        if let Task::Live { most_us } = order.task {
            return self.begin_look(id, most_us);
        }
        self.jobs.waiting.push_back((id, order.task));
        self.start_jobs()
    }
}

/// How the user has agreed.
enum Agreed {
    /// On the device.
    ByUser(Grant),
    /// On their page of the collector, as that says.
    OnPage,
    /// As a technician says.
    ToTechnician,
}

impl Agreed {
    fn consent(&self) -> Consent {
        match self {
            Self::ByUser(_) | Self::OnPage => Consent::ByUser,
            Self::ToTechnician => Consent::RecordedByTechnician,
        }
    }
}

/// An order that is authorised.
struct Taken {
    bytes: Bytes,
    expires_us: i64,
    task: Task,
    undoes: Option<OrderId>,
}

/// An order that was taken and has not begun.
fn entry(order: &Bytes, now: Moment) -> Entry {
    Entry {
        order: order.to_vec(),
        state: Progress::Accepted.into(),
        accepted_us: now.wall_us,
        ..Entry::default()
    }
}
