//! Live metrics on a channel: each sample is told to who looks as it comes, and kept nowhere.

use prost::bytes::BytesMut;
use sonde_proto::caps;
use sonde_proto::v1::{ChannelFromAgent, LiveSample, channel_from_agent::Body};
use tokio::time::timeout;
use tonic::{Status, Streaming};

use super::super::Link;
use super::{MORE, Outbound, give, next_message};
use crate::link::looks::Told;
use crate::store::Id;

/// Sent and not yet told, at most: what waits on a slow way is some seconds old, no more.
const CREDIT_BYTES: u64 = 4 << 10;

/// Tells who looks at a device what its channel brings. Ok: nobody looks any more, or the device has ended it.
pub(super) async fn tell(
    link: &Link,
    device_key: i64,
    channel: Id,
    mut inbound: Streaming<ChannelFromAgent>,
    outbound: &Outbound,
) -> Result<(), Status> {
    give(outbound, CREDIT_BYTES).await?;
    let mut told = Told::default();
    let mut content = BytesMut::new();
    loop {
        let late = |_| Status::deadline_exceeded("no live sample came");
        let message = timeout(MORE, inbound.message()).await.map_err(late)??;
        match message.and_then(|message| message.body) {
            Some(Body::Data(data)) => {
                content.extend_from_slice(&data);
                while let Some(live) = next_message::<LiveSample>(&mut content, caps::LIVE_BYTES)? {
                    let seen = told
                        .take(live)
                        .map_err(|wrong| Status::invalid_argument(wrong.to_string()))?;
                    if !link.registry.looks.tell(device_key, channel, seen) {
                        return Ok(());
                    }
                }
                give(outbound, data.len() as u64).await?;
            }
            Some(Body::End(_)) | None => return Ok(()),
            Some(Body::Opened(_)) => {
                return Err(Status::invalid_argument("a channel is named once"));
            }
        }
    }
}
