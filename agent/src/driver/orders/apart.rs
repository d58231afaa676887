//! Jobs that take no place among those that run: the driver itself does what they ask.

use sonde_proto::v1::{self, job_event::Event};

use super::super::{Driver, DriverError};
use super::{End, Jobs};
use crate::journal::OrderId;

impl Jobs {
    /// What takes no place among those that run begins.
    pub(in crate::driver) fn begin_apart(&mut self, id: OrderId) {
        if let Some(job) = self.open.get_mut(&id) {
            job.doing.begin();
            job.say(id, Event::Started(v1::JobStarted {}));
        }
    }

    /// Processor time that was taken for a job.
    pub(in crate::driver) fn took(&self, id: &OrderId, cpu_us: u64) {
        if let Some(job) = self.open.get(id) {
            job.doing.meter.add(cpu_us);
        }
    }
}

impl Driver {
    /// Ends a job that has no place among those that run.
    pub(in crate::driver) fn end_job_apart(
        &mut self,
        id: OrderId,
        end: End,
    ) -> Result<(), DriverError> {
        self.jobs.n_running += 1;
        self.end_job(id, end)
    }
}
