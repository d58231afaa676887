//! Orders that a crash or a power cut interrupted.

use sonde_proto::v1::{self, JobEvent, Outcome, job_event::Event};

use super::super::{Driver, DriverError};
use super::safeguard::{Safeguard, take_back};
use super::{AFTER_CRASH, Entry, Jobs, OrderId, Progress, report};
use crate::blocks::BlocksError;
use crate::clock;
use crate::finding::Message;
use crate::session::Session;
use crate::state::State;
use crate::texts;

impl Jobs {
    /// Reports them; what can be taken back waits for that. None of them is run again.
    pub(in crate::driver) fn close_interrupted(
        &mut self,
        state: &mut State,
        boot_id: &str,
        session: &mut Session,
    ) -> Result<(), BlocksError> {
        for (id, entry, outcome) in state.journal.interrupted()? {
            if Safeguard::of(&entry).is_some() {
                self.unproven.push((id, entry));
                continue;
            }
            let message = texts::message(if outcome == Outcome::Unknown {
                "crashed_while_acting"
            } else {
                "crashed_before_acting"
            });
            Self::close(state, (id, entry), (outcome, message), boot_id, session)?;
        }
        Ok(())
    }

    /// Reports and journals the end of an order that the agent was interrupted at.
    fn close(
        state: &mut State,
        (id, mut entry): (OrderId, Entry),
        (outcome, message): (Outcome, v1::Message),
        boot_id: &str,
        session: &mut Session,
    ) -> Result<(), BlocksError> {
        let now = clock::now();
        entry.state = Progress::Ended.into();
        entry.outcome = outcome.into();
        entry.ended_us = now.wall_us;
        entry.undo = Vec::new();
        let ended = v1::JobEnded {
            outcome: outcome.into(),
            message: Some(message),
            ..v1::JobEnded::default()
        };
        let event = JobEvent {
            order_id: id.to_vec().into(),
            number: AFTER_CRASH,
            at_us: now.wall_us,
            event: Some(Event::Ended(ended)),
        };
        report(vec![event], boot_id, &mut state.spool, session)?;
        state.spool.sync()?;
        state.journal.record(id, &entry, now.wall_us)
    }
}

impl Driver {
    /// Takes back what the agent was about to prove when it was interrupted. Before anything is asked of the network.
    pub(in crate::driver) async fn take_back_interrupted(&mut self) -> Result<(), DriverError> {
        for (id, entry) in std::mem::take(&mut self.jobs.unproven) {
            let Some(Safeguard { boot_id, way_back }) = Safeguard::of(&entry) else {
                continue;
            };
            let (outcome, message) = if boot_id == self.collected.boot_id() {
                let because = Message::new("interrupted_unheard", vec![]);
                take_back(&self.host, &way_back, because).await
            } else {
                (Outcome::Failed, texts::message("restarted_unheard"))
            };
            let ended = (outcome, message);
            let boot_id = self.collected.boot_id();
            Jobs::close(
                &mut self.state,
                (id, entry),
                ended,
                boot_id,
                &mut self.session,
            )?;
        }
        Ok(())
    }
}
