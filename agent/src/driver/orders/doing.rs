//! What a job does and takes, for the device's own receipt of it.

use prost::Message as _;
use sonde_proto::v1::{self, job_event::Event};

use crate::clock;
use crate::history::{CHANGES, CHANGES_BYTES};
use crate::host::Meter;
use crate::journal::{self, Entry};

/// Of one job, from its order to its end.
#[derive(Debug, Default)]
pub(super) struct Doing {
    /// Device's clock; 0: it has not begun.
    started_us: i64,
    /// Of the programs that are started for it.
    pub(super) meter: Meter,
    planned: Vec<v1::PlanStep>,
    done: Vec<v1::Message>,
}

impl Doing {
    /// It begins now.
    pub(super) fn begin(&mut self) {
        self.started_us = clock::now().wall_us;
    }

    /// Takes note of what the job says.
    pub(super) fn hear(&mut self, event: &Event) {
        match event {
            Event::Plan(plan) => self.planned.clone_from(&plan.steps),
            Event::Step(step) if step.done => {
                let planned = self.planned.get(step.step as usize);
                let message = step.message.clone();
                let message = message.or_else(|| planned.and_then(|step| step.message.clone()));
                let taken: usize = self.done.iter().map(v1::Message::encoded_len).sum();
                self.done.extend(message.filter(|message| {
                    self.done.len() < CHANGES && taken + message.encoded_len() <= CHANGES_BYTES
                }));
            }
            Event::Accepted(_)
            | Event::Started(_)
            | Event::Step(_)
            | Event::Output(_)
            | Event::Findings(_)
            | Event::Rows(_)
            | Event::Held(_)
            | Event::Ended(_) => {}
        }
    }

    /// What the journal keeps of it. `reason`: why it ended as it did.
    pub(super) fn entry(&self, reason: Option<&v1::Message>) -> Entry {
        Entry {
            started_us: self.started_us,
            cpu_us: (self.started_us != 0).then(|| self.meter.cpu_us()),
            changed: self.done.clone(),
            reason: short(reason),
            version: journal::VERSION,
            ..Entry::default()
        }
    }
}

/// A reason, if the journal has room for it.
pub(super) fn short(reason: Option<&v1::Message>) -> Option<v1::Message> {
    let fits = |reason: &&v1::Message| reason.encoded_len() <= CHANGES_BYTES;
    reason.filter(fits).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_steps_that_were_done_are_changes() {
        let message = |id: &str| v1::Message {
            id: id.into(),
            arguments: vec![],
        };
        let step = |id: &str| v1::PlanStep {
            message: Some(message(id)),
            exact: vec![],
        };
        let ended = |step, done, message| {
            Event::Step(v1::JobStep {
                step,
                done,
                message,
            })
        };
        let mut doing = Doing::default();
        doing.hear(&Event::Plan(v1::JobPlan {
            steps: vec![step("first"), step("second"), step("third")],
            ..v1::JobPlan::default()
        }));
        assert_eq!(doing.entry(None).changed, []);
        doing.hear(&ended(0, true, None));
        doing.hear(&ended(1, true, Some(message("second in part"))));
        doing.hear(&ended(2, false, Some(message("why"))));
        doing.begin();
        doing.meter.add(7);
        let entry = doing.entry(Some(&message("because")));
        assert_eq!(entry.changed, [message("first"), message("second in part")]);
        assert_eq!((entry.cpu_us, entry.version), (Some(7), journal::VERSION));
        assert_eq!(entry.reason, Some(message("because")));
        for _ in 0..2 * CHANGES {
            doing.hear(&ended(0, true, None));
        }
        assert_eq!(doing.entry(None).changed.len(), CHANGES);
    }
}
