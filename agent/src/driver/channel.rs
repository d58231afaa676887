//! A channel: what is too large for the session, on a stream of its own of the same connection.

use prost::bytes::Bytes;
use sonde_proto::caps;
use sonde_proto::v1::{
    ChannelEnd, ChannelFromAgent, ChannelOpened, channel_from_agent::Body, channel_to_agent,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use crate::link::Client;

/// Messages on their way out.
pub(super) const OUTBOUND: usize = 2;

/// Sends `data` on the channel, as the collector gives credit. Done when the collector has kept everything.
pub(super) async fn send(
    mut client: Client,
    channel_id: Bytes,
    mut data: Bytes,
) -> Result<(), Status> {
    let (outbound, receiver) = mpsc::channel(OUTBOUND);
    say(&outbound, Body::Opened(ChannelOpened { channel_id })).await?;
    let mut inbound = client
        .channel(ReceiverStream::new(receiver))
        .await?
        .into_inner();
    let mut outbound = Some(outbound);
    let mut credit: usize = 0;
    while let Some(message) = inbound.message().await? {
        if let Some(channel_to_agent::Body::CreditBytes(more)) = message.body {
            credit = credit.saturating_add(more.try_into().unwrap_or(usize::MAX));
        }
        let Some(open) = &outbound else { continue };
        while credit > 0 && !data.is_empty() {
            let piece = data.split_to(data.len().min(credit).min(caps::PIECE_BYTES));
            credit -= piece.len();
            say(open, Body::Data(piece)).await?;
        }
        if data.is_empty() {
            say(open, Body::End(ChannelEnd {})).await?;
            outbound = None;
        }
    }
    match outbound {
        None => Ok(()),
        Some(_) => Err(Status::aborted(
            "the collector closed the channel too early",
        )),
    }
}

pub(super) async fn say(
    outbound: &mpsc::Sender<ChannelFromAgent>,
    body: Body,
) -> Result<(), Status> {
    let message = ChannelFromAgent { body: Some(body) };
    let said = outbound.send(message).await;
    said.map_err(|_| Status::cancelled("the channel is closed"))
}
