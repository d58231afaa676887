//! What a job holds back: an answer too large for the session, until the collector opens a channel for it.

use prost::Message as _;
use prost::bytes::Bytes;
use sonde_proto::caps;
use sonde_proto::v1::{self, JobEvent, Outcome, job_event::Event};

use super::super::{Done, Driver, DriverError, channel, unless_it_breaks};
use super::{End, Jobs, OrderId, Running};
use crate::clock;
use crate::session::BootUs;
use crate::texts;

/// An answer that was not fetched within this is dropped, and its job has failed: ten minutes.
const HELD_US: i64 = 600_000_000;

/// An answer that waits, and how its job ends once it was fetched.
pub(super) struct Held {
    data: Bytes,
    end: End,
    until: BootUs,
    is_on_its_way: bool,
}

impl Running {
    /// Whether `events` are more than the session carries.
    pub(super) fn is_too_large(events: &[Event]) -> bool {
        events.iter().map(Event::encoded_len).sum::<usize>() > caps::MESSAGE_BYTES
    }

    /// Holds `events` back, and says so. An answer that is too large even for that is dropped: the job has failed.
    pub(super) fn hold(&mut self, id: OrderId, events: Vec<Event>, end: End) -> Result<(), End> {
        let now = clock::now();
        let n_events = events.len() as u32;
        let mut data = Vec::new();
        for (number, event) in (self.n_events + 2..).zip(events) {
            let event = JobEvent {
                order_id: id.to_vec().into(),
                number,
                at_us: now.wall_us,
                event: Some(event),
            };
            data.extend(event.encode_length_delimited_to_vec());
            if data.len() > caps::HELD_BYTES {
                return Err(End {
                    message: Some(texts::message("answer_too_large")),
                    ..End::of(Outcome::Failed)
                });
            }
        }
        self.say(
            id,
            Event::Held(v1::JobHeld {
                bytes: data.len() as u64,
            }),
        );
        self.n_events += n_events;
        self.held = Some(Held {
            data: data.into(),
            end,
            until: now.boot_us + HELD_US,
            is_on_its_way: false,
        });
        Ok(())
    }
}

impl Jobs {
    /// When the next answer has waited too long.
    pub(in crate::driver) fn next_drop(&self) -> Option<BootUs> {
        let held = self.open.values().filter_map(|job| job.held.as_ref());
        held.filter(|held| !held.is_on_its_way)
            .map(|held| held.until)
            .min()
    }

    /// Jobs whose answer has waited too long.
    fn dropped(&self, now: BootUs) -> Vec<OrderId> {
        let is_late = |held: &Held| !held.is_on_its_way && held.until <= now;
        let late = self
            .open
            .iter()
            .filter(|(_, job)| job.held.as_ref().is_some_and(is_late));
        late.map(|(id, _)| *id).collect()
    }
}

impl Driver {
    /// The collector wants what a job holds back.
    pub(in crate::driver) fn open_channel(&mut self, open: &v1::OpenChannel) {
        let Ok(id) = OrderId::try_from(&open.order_id[..]) else {
            return;
        };
        if self.looks(&id) {
            return self.open_live(open.channel_id.clone());
        }
        let held = self
            .jobs
            .open
            .get_mut(&id)
            .and_then(|job| job.held.as_mut());
        let (Some(held), Some(connection)) =
            (held.filter(|held| !held.is_on_its_way), &self.connection)
        else {
            return;
        };
        held.is_on_its_way = true;
        let sending = channel::send(
            connection.client(),
            open.channel_id.clone(),
            held.data.clone(),
        );
        self.tasks.spawn(async move {
            let sent = unless_it_breaks(sending, |why| Err(tonic::Status::internal(why)));
            Done::Sent {
                id,
                sent: sent.await,
            }
        });
    }

    /// The collector has what a job held back, or has not and will ask again.
    pub(in crate::driver) fn sent(
        &mut self,
        id: OrderId,
        sent: Result<(), tonic::Status>,
    ) -> Result<(), DriverError> {
        let Some(job) = self.jobs.open.get_mut(&id) else {
            return Ok(());
        };
        if let Err(status) = sent {
            tracing::info!(reason = status.message(), "a channel broke");
            if let Some(held) = &mut job.held {
                held.is_on_its_way = false;
            }
            return Ok(());
        }
        match job.held.take() {
            Some(held) => self.end_job(id, held.end),
            None => Ok(()),
        }
    }

    /// Gives up answers that nobody fetches.
    pub(in crate::driver) fn drop_held(&mut self, now: BootUs) -> Result<(), DriverError> {
        for id in self.jobs.dropped(now) {
            let end = End {
                message: Some(texts::message("not_fetched")),
                ..End::of(Outcome::Failed)
            };
            self.end_job(id, end)?;
        }
        Ok(())
    }
}
