//! Live metrics: sampled each second while somebody looks, sent on a channel, kept nowhere.

use prost::Message as _;
use prost::bytes::Bytes;
use sonde_proto::caps;
use sonde_proto::series::Encoder;
use sonde_proto::v1::{
    self, ChannelEnd, ChannelOpened, Outcome, channel_from_agent::Body, channel_to_agent,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::channel::{OUTBOUND, say};
use super::orders::{End, cancelled};
use super::{Done, Driver, DriverError, unless_it_breaks};
use crate::clock;
use crate::host::own_cpu_us;
use crate::journal::OrderId;
use crate::link::Client;
use crate::looks::{Looks, Over};
use crate::metrics::{self, Book, Sampler};
use crate::session::BootUs;
use crate::{texts, wire};

/// Samples that wait for the way to the collector; what comes when they do is left out, and counted.
const WAITING: usize = 2;

/// Who looks, and what they are shown.
#[derive(Default)]
pub(super) struct Live {
    looks: Looks,
    /// While a channel takes them.
    sampling: Option<Sampling>,
}

struct Sampling {
    frames: mpsc::Sender<Frame>,
    sampler: Sampler,
    book: Book,
    /// Series that the channel has been told of.
    n_named: usize,
    n_missed: u32,
}

/// One sample on its way to the channel.
struct Frame {
    at_us: i64,
    named: Vec<v1::Series>,
    values: Vec<(u32, i64)>,
    n_missed: u32,
}

impl Live {
    pub(super) fn due(&self) -> Option<BootUs> {
        self.looks.due()
    }
}

impl Sampling {
    fn new(frames: mpsc::Sender<Frame>) -> Self {
        Self {
            frames,
            sampler: Sampler::new(),
            book: Book::new(),
            n_named: 0,
            n_missed: 0,
        }
    }

    /// Reads what is cheap to read, and gives it to the channel if that has room.
    fn sample(&mut self, host: &crate::host::Host, at_us: i64) {
        let mut values = self.sampler.sample_of(metrics::LIVE, host, &mut self.book);
        values.retain(|(number, _)| (*number as usize) < caps::LIVE_SERIES);
        let series = self.book.all();
        let n_series = series.len().min(caps::LIVE_SERIES);
        let named = (self.n_named..n_series).map(|number| v1::Series {
            number: number as u32,
            ..wire::series(&series[number])
        });
        let frame = Frame {
            at_us,
            named: named.collect(),
            values,
            n_missed: self.n_missed,
        };
        match self.frames.try_send(frame) {
            Ok(()) => (self.n_named, self.n_missed) = (n_series, 0),
            Err(_) => self.n_missed = self.n_missed.saturating_add(1),
        }
    }
}

impl Driver {
    /// Somebody begins to look.
    pub(super) fn begin_look(&mut self, id: OrderId, most_us: i64) -> Result<(), DriverError> {
        let now = clock::now().boot_us;
        if self.live.looks.begin(id, most_us, now).is_err() {
            let message = Some(texts::message("too_many_look"));
            return self.end_job_apart(id, End::because(Outcome::Refused, message));
        }
        self.jobs.begin_apart(id);
        Ok(())
    }

    /// Whether an order is one that looks, and has not ended.
    pub(super) fn looks(&self, id: &OrderId) -> bool {
        self.live.looks.is_open(id)
    }

    /// Somebody looks no more.
    pub(super) fn cancel_look(&mut self, id: OrderId) -> Result<(), DriverError> {
        self.end_look(id, cancelled("cancelled"))
    }

    fn end_look(&mut self, id: OrderId, end: End) -> Result<(), DriverError> {
        if self.live.looks.end(&id) {
            // The channel ends with who gives to it.
            self.live.sampling = None;
        }
        self.end_job_apart(id, end)
    }

    /// The collector fetches the samples.
    pub(super) fn open_live(&mut self, channel_id: Bytes) {
        let Some(connection) = &self.connection else {
            return;
        };
        tracing::info!(
            n_looks = self.live.looks.n_open(),
            "live metrics are fetched"
        );
        let (frames, receiver) = mpsc::channel(WAITING);
        let channel = self.live.looks.opened(clock::now().boot_us);
        self.live.sampling = Some(Sampling::new(frames));
        let sending = send(connection.client(), channel_id, receiver);
        self.tasks.spawn(async move {
            let ended = unless_it_breaks(sending, |why| Err(Status::internal(why))).await;
            Done::LiveEnded { channel, ended }
        });
    }

    /// A channel takes no samples any more.
    pub(super) fn live_ended(&mut self, channel: u64, ended: Result<(), Status>) {
        if let Err(status) = ended {
            tracing::info!(reason = status.message(), "live metrics go no further");
        }
        if self.live.looks.closed(channel, clock::now().boot_us) {
            self.live.sampling = None;
        }
    }

    /// Takes a sample if one is due, and ends what has lasted long enough.
    pub(super) fn show_live(&mut self, now: clock::Moment) -> Result<(), DriverError> {
        for (id, over) in self.live.looks.over(now.boot_us) {
            let end = match over {
                Over::Time => End::because(Outcome::Succeeded, None),
                Over::Unfetched => cancelled("unfetched"),
            };
            self.end_look(id, end)?;
        }
        if !self.live.looks.take_due(now.boot_us) {
            return Ok(());
        }
        let at_us = self.corrected_us(now);
        let before = own_cpu_us();
        if let Some(sampling) = &mut self.live.sampling {
            sampling.sample(&self.host, at_us);
        }
        let took_us = own_cpu_us().saturating_sub(before);
        let n_looks = self.live.looks.n_open() as u64;
        for id in self.live.looks.ids() {
            self.jobs.took(id, took_us / n_looks.max(1));
        }
        Ok(())
    }
}

impl Frame {
    fn encode(self, encoder: &mut Encoder) -> Bytes {
        let sample = v1::LiveSample {
            at_us: self.at_us,
            sample: Some(encoder.encode(self.named, &self.values)),
            n_missed: self.n_missed,
        };
        sample.encode_length_delimited_to_vec().into()
    }
}

/// Sends samples on the channel, as the collector gives credit, until there are no more.
async fn send(
    mut client: Client,
    channel_id: Bytes,
    mut frames: mpsc::Receiver<Frame>,
) -> Result<(), Status> {
    let (outbound, receiver) = mpsc::channel(OUTBOUND);
    say(&outbound, Body::Opened(ChannelOpened { channel_id })).await?;
    let mut inbound = client
        .channel(ReceiverStream::new(receiver))
        .await?
        .into_inner();
    let mut encoder = Encoder::default();
    let mut credit: usize = 0;
    let mut data = Bytes::new();
    loop {
        while credit > 0 && !data.is_empty() {
            let piece = data.split_to(data.len().min(credit).min(caps::PIECE_BYTES));
            credit -= piece.len();
            say(&outbound, Body::Data(piece)).await?;
        }
        tokio::select! {
            message = inbound.message() => match message? {
                Some(message) => if let Some(channel_to_agent::Body::CreditBytes(more)) = message.body {
                    credit = credit.saturating_add(more.try_into().unwrap_or(usize::MAX));
                },
                // Nobody looks there.
                None => return Ok(()),
            },
            frame = frames.recv(), if data.is_empty() => match frame {
                Some(frame) => data = frame.encode(&mut encoder),
                None => return say(&outbound, Body::End(ChannelEnd {})).await,
            },
        }
    }
}
