//! Channels: what is too large for a session, on a stream of its own of the same connection.
//!
//! A session asks for one and names it here; the device opens it; what comes is kept as it comes, and credit is given
//! back for what is kept. A channel that breaks is asked for again.

mod live;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prost::bytes::{Buf as _, BytesMut};
use sonde_proto::caps;
use sonde_proto::v1::{
    ChannelFromAgent, ChannelToAgent, JobEvent, channel_from_agent, channel_to_agent,
};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tonic::{Status, Streaming};

use super::looks::Looks;
use super::registry::{Command, Handle};
use super::{Link, enrol};
use crate::bus::Live;
use crate::clock::now_us;
use crate::store::work::NewJobEvent;
use crate::store::{DeviceId, Id};

/// A device opens the channel that it was asked for within this.
const OPENED: Duration = Duration::from_secs(15);
/// More comes within this, while there is credit.
const MORE: Duration = Duration::from_secs(30);
/// A channel that broke is asked for again after this.
const AGAIN: Duration = Duration::from_secs(5);
/// One of live metrics.
const LIVE_AGAIN: Duration = Duration::from_secs(1);
/// Sent and not yet kept, at most.
const CREDIT_BYTES: u64 = 256 << 10;

type Outbound = mpsc::Sender<Result<ChannelToAgent, Status>>;

/// What a channel is to bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Brings {
    /// What a job holds back.
    Answer,
    /// What who looks is told.
    Live,
}

/// A channel that a session asked for.
#[derive(Debug)]
pub(super) struct Expected {
    pub(super) device_id: DeviceId,
    pub(super) device_key: i64,
    pub(super) job: Id,
    pub(super) brings: Brings,
    /// Device's clock less ours.
    pub(super) clock_offset_us: i64,
    pub(super) handle: Handle,
}

impl Expected {
    /// It was not opened, or has ended.
    fn ask_again(&self, channel: Id, looks: &Looks) {
        self.handle.tell(match self.brings {
            Brings::Answer => Command::Fetch(self.job),
            Brings::Live => {
                looks.closed(self.device_key, channel);
                Command::Look
            }
        });
    }
}

/// Channels that were asked for and are not open yet. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Channels(Arc<Mutex<HashMap<Id, Expected>>>);

impl Channels {
    /// A new channel's id. One that is not opened in time is forgotten, and asked for again.
    pub(super) fn expect(&self, expected: Expected, looks: &Looks) -> Id {
        let id = Id::random();
        if expected.brings == Brings::Live {
            looks.asked(expected.device_key, id);
        }
        let looks = looks.clone();
        self.lock().insert(id, expected);
        let channels = self.clone();
        tokio::spawn(async move {
            sleep(OPENED).await;
            let late = channels.lock().remove(&id);
            if let Some(late) = late {
                late.ask_again(id, &looks);
            }
        });
        id
    }

    /// The channel of this id, for the device it was asked of.
    fn take(&self, id: Id, device_id: &str) -> Option<Expected> {
        let mut channels = self.lock();
        let is_its = channels.get(&id)?.device_id.as_str() == device_id;
        if is_its { channels.remove(&id) } else { None }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Id, Expected>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes what a channel carries. Ok: all of it is kept, and the device may forget it.
pub(super) async fn run(
    link: Link,
    device_id: &str,
    mut inbound: Streaming<ChannelFromAgent>,
    outbound: Outbound,
) -> Result<(), Status> {
    let late = |_| Status::deadline_exceeded("the channel was not named in time");
    let first = timeout(OPENED, inbound.message()).await.map_err(late)??;
    let Some(channel_from_agent::Body::Opened(opened)) = first.and_then(|first| first.body) else {
        return Err(Status::invalid_argument("a channel begins with its id"));
    };
    let (id, expected) = Id::from_slice(&opened.channel_id)
        .ok()
        .and_then(|id| Some((id, link.channels.take(id, device_id)?)))
        .ok_or_else(|| Status::not_found("no such channel was asked for"))?;
    let carried = match expected.brings {
        Brings::Answer => keep(&link, &expected, inbound, &outbound).await,
        Brings::Live => live::tell(&link, expected.device_key, id, inbound, &outbound).await,
    };
    if let Err(status) = &carried {
        tracing::warn!(job.id = %expected.job, reason = status.message(), "a channel broke");
    }
    let again = match expected.brings {
        Brings::Answer => carried.is_err().then_some(AGAIN),
        // Somebody may have begun to look as it ended.
        Brings::Live => Some(LIVE_AGAIN),
    };
    if let Some(again) = again {
        tokio::spawn(async move {
            sleep(again).await;
            expected.ask_again(id, &link.registry.looks);
        });
    }
    carried
}

async fn keep(
    link: &Link,
    expected: &Expected,
    mut inbound: Streaming<ChannelFromAgent>,
    outbound: &Outbound,
) -> Result<(), Status> {
    give(outbound, CREDIT_BYTES).await?;
    let mut content = BytesMut::new();
    let mut n_bytes = 0;
    loop {
        let late = |_| Status::deadline_exceeded("nothing more came");
        let message = timeout(MORE, inbound.message()).await.map_err(late)??;
        match message.and_then(|message| message.body) {
            Some(channel_from_agent::Body::Data(data)) => {
                n_bytes += data.len();
                if n_bytes > caps::HELD_BYTES {
                    return Err(Status::resource_exhausted(format!(
                        "a channel carries {} bytes at most",
                        caps::HELD_BYTES
                    )));
                }
                content.extend_from_slice(&data);
                record(link, expected, whole_events(&mut content)?).await?;
                give(outbound, data.len() as u64).await?;
            }
            Some(channel_from_agent::Body::End(_)) if content.is_empty() => return Ok(()),
            Some(channel_from_agent::Body::End(_)) | None => {
                return Err(Status::data_loss(
                    "the channel ends in the middle of an event",
                ));
            }
            Some(channel_from_agent::Body::Opened(_)) => {
                return Err(Status::invalid_argument("a channel is named once"));
            }
        }
    }
}

/// Takes the events that are whole from the front of `content`, cleaned and within the caps.
fn whole_events(content: &mut BytesMut) -> Result<Vec<JobEvent>, Status> {
    let mut events = Vec::new();
    while let Some(mut event) = next_message::<JobEvent>(content, caps::MESSAGE_BYTES)? {
        caps::admit_event(&mut event)
            .map_err(|error| Status::invalid_argument(error.to_string()))?;
        events.push(event);
    }
    Ok(events)
}

/// Takes the message at the front of `content`, behind its length as a varint; `None`: it is not whole yet.
fn next_message<M: prost::Message + Default>(
    content: &mut BytesMut,
    most_bytes: usize,
) -> Result<Option<M>, Status> {
    let garbled = |error: prost::DecodeError| Status::invalid_argument(error.to_string());
    let mut ahead = &content[..];
    // A length is a varint of at most 10 bytes; fewer may be only the first part of it.
    let length = match prost::decode_length_delimiter(&mut ahead) {
        Ok(length) => length,
        Err(_) if content.len() < 10 => return Ok(None),
        Err(error) => return Err(garbled(error)),
    };
    if length > most_bytes {
        return Err(Status::invalid_argument(format!(
            "a message here has {most_bytes} bytes at most"
        )));
    }
    if ahead.len() < length {
        return Ok(None);
    }
    let message = M::decode(&ahead[..length]).map_err(garbled)?;
    let taken = content.len() - ahead.len() + length;
    content.advance(taken);
    Ok(Some(message))
}

async fn record(link: &Link, expected: &Expected, events: Vec<JobEvent>) -> Result<(), Status> {
    let job = expected.job.0;
    if events.iter().any(|event| event.order_id[..] != job[..]) {
        return Err(Status::invalid_argument("an event of another job"));
    }
    let now = now_us();
    let dated = |event: JobEvent| NewJobEvent {
        at: event
            .at_us
            .saturating_sub(expected.clock_offset_us)
            .clamp(0, now),
        event,
    };
    let events: Vec<NewJobEvent> = events.into_iter().map(dated).collect();
    if events.is_empty() {
        return Ok(());
    }
    let changes = link
        .store
        .record_job_events(expected.device_key, events)
        .await
        .map_err(enrol::store_status)?;
    for change in changes {
        link.bus.tell(Live::Job(change));
    }
    Ok(())
}

async fn give(outbound: &Outbound, bytes: u64) -> Result<(), Status> {
    let credit = ChannelToAgent {
        body: Some(channel_to_agent::Body::CreditBytes(bytes)),
    };
    let given = outbound.send(Ok(credit)).await;
    given.map_err(|_| Status::cancelled("the device is gone"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost::Message as _;
    use sonde_proto::v1::{JobStarted, job_event};

    fn event(number: u32) -> JobEvent {
        JobEvent {
            order_id: vec![1; 16].into(),
            number,
            at_us: 7,
            event: Some(job_event::Event::Started(JobStarted {})),
        }
    }

    #[test]
    fn events_are_taken_as_soon_as_they_are_whole() {
        let sent: Vec<JobEvent> = (1..40).map(event).collect();
        let bytes: Vec<u8> = sent
            .iter()
            .flat_map(|event| event.encode_length_delimited_to_vec())
            .collect();
        for size in [1, 7, 33, bytes.len()] {
            let mut content = BytesMut::new();
            let mut taken = Vec::new();
            for piece in bytes.chunks(size) {
                content.extend_from_slice(piece);
                taken.extend(whole_events(&mut content).unwrap());
            }
            assert_eq!(
                (taken, content.len()),
                (sent.clone(), 0),
                "pieces of {size}"
            );
        }
    }

    #[test]
    fn what_is_no_event_ends_the_channel() {
        let mut endless = BytesMut::from(&[0xff; 12][..]);
        assert!(whole_events(&mut endless).is_err());
        let mut large = BytesMut::from(&[0xff, 0xff, 0xff, 0x7f][..]);
        assert!(whole_events(&mut large).is_err());
        let mut empty = BytesMut::from(&[0][..]);
        assert!(whole_events(&mut empty).is_err());
    }
}
