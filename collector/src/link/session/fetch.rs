//! What comes on a channel: answers too large for the session, each until it has come, and live metrics.

use sonde_proto::v1::{self, job_event, to_agent};
use tonic::Status;

use super::super::channel::{Brings, Expected};
use super::{Session, body, enrol};
use crate::store::Id;
use crate::store::reports::{Body, NewOutcome, NewReport};

/// A job says in this report that it holds its answer back.
pub(super) fn holds_back(report: &NewReport) -> bool {
    let NewOutcome::Committed(Body::Job(events)) = &report.outcome else {
        return false;
    };
    let is_held = |event: &job_event::Event| matches!(event, job_event::Event::Held(_));
    events
        .iter()
        .filter_map(|event| event.event.event.as_ref())
        .any(is_held)
}

impl Session {
    /// Opens a channel for each answer that waits on the device and does not come yet.
    pub(super) async fn fetch_held(&mut self) -> Result<(), Status> {
        let held = self.link.store.held_jobs(self.device_key).await;
        let held = held.map_err(enrol::store_status)?;
        self.fetching.retain(|job| held.contains(job));
        for job in held {
            if !self.fetching.insert(job) {
                continue;
            }
            self.ask_channel(job, Brings::Answer).await?;
        }
        Ok(())
    }

    /// Opens a channel for live metrics, if somebody looks and none is open.
    pub(super) async fn open_live(&mut self) -> Result<(), Status> {
        if self.in_conflict {
            return Ok(());
        }
        match self.link.registry.looks.unserved(self.device_key) {
            Some(job) => self.ask_channel(job, Brings::Live).await,
            None => Ok(()),
        }
    }

    async fn ask_channel(&self, job: Id, brings: Brings) -> Result<(), Status> {
        let expected = Expected {
            device_id: self.device_id.clone(),
            device_key: self.device_key,
            job,
            brings,
            clock_offset_us: self.intake.anchor().offset_us(),
            handle: self.handle.clone(),
        };
        let looks = &self.link.registry.looks;
        let channel_id = self.link.channels.expect(expected, looks);
        self.say(body(to_agent::Body::OpenChannel(v1::OpenChannel {
            channel_id: channel_id.0.to_vec().into(),
            order_id: job.0.to_vec().into(),
        })))
        .await
    }
}
