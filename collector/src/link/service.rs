//! What one connection may ask for.

use std::pin::Pin;
use std::time::Duration;

use futures::{Stream, StreamExt as _};
use sonde_proto::v1::agents_server::Agents as Service;
use sonde_proto::v1::{
    ChannelFromAgent, ChannelToAgent, EnrollRequest, EnrollResponse, FromAgent, ToAgent,
};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use super::{Link, Peer, channel, enrol, session};

/// Messages on their way to a device, beyond what HTTP/2 takes.
const OUTBOUND: usize = 16;

/// The service as one peer sees it.
pub(super) struct Agents {
    pub(super) link: Link,
    pub(super) peer: Peer,
    pub(super) calls: Calls,
}

/// How many sessions are open on one connection. Clones share the count.
#[derive(Clone, Default)]
pub(super) struct Calls(watch::Sender<usize>);

/// One of them; it ends when it is dropped.
struct Call(Calls);

impl Calls {
    fn begin(&self) -> Call {
        self.0.send_modify(|n| *n += 1);
        Call(self.clone())
    }

    /// Ready when no session was open for so long.
    pub(super) async fn unused_for(&self, limit: Duration) {
        let mut n_open = self.0.subscribe();
        loop {
            // It cannot fail: who counts is here.
            n_open.wait_for(|n| *n == 0).await.ok();
            if timeout(limit, n_open.wait_for(|n| *n > 0)).await.is_err() {
                return;
            }
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.0.0.send_modify(|n| *n -= 1);
    }
}

type Outbound<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

#[tonic::async_trait]
impl Service for Agents {
    type SessionStream = Outbound<ToAgent>;
    type ChannelStream = Outbound<ChannelToAgent>;

    async fn enroll(
        &self,
        request: Request<EnrollRequest>,
    ) -> Result<Response<EnrollResponse>, Status> {
        let enrolled = enrol::enrol(&self.link, request.into_inner()).await;
        if let Err(status) = &enrolled {
            tracing::info!(reason = status.message(), "an enrolment was refused");
        }
        enrolled.map(Response::new)
    }

    async fn session(
        &self,
        request: Request<Streaming<FromAgent>>,
    ) -> Result<Response<Self::SessionStream>, Status> {
        let certificate = self.peer.certificate.clone().ok_or_else(no_certificate)?;
        let (sender, receiver) = mpsc::channel(OUTBOUND);
        let (link, call) = (self.link.clone(), self.calls.begin());
        tokio::spawn(async move {
            let _open = call;
            let outbound = sender.clone();
            if let Err(status) = session::run(link, certificate, request.into_inner(), sender).await
                && outbound.send(Err(status)).await.is_err()
            {
                tracing::trace!("the device is gone already");
            }
        });
        Ok(Response::new(ReceiverStream::new(receiver).boxed()))
    }

    async fn channel(
        &self,
        request: Request<Streaming<ChannelFromAgent>>,
    ) -> Result<Response<Self::ChannelStream>, Status> {
        let certificate = self.peer.certificate.clone().ok_or_else(no_certificate)?;
        let (sender, receiver) = mpsc::channel(OUTBOUND);
        let link = self.link.clone();
        tokio::spawn(async move {
            let outbound = sender.clone();
            let device_id = &certificate.device_id;
            if let Err(status) = channel::run(link, device_id, request.into_inner(), sender).await
                && outbound.send(Err(status)).await.is_err()
            {
                tracing::trace!("the device is gone already");
            }
        });
        Ok(Response::new(ReceiverStream::new(receiver).boxed()))
    }
}

fn no_certificate() -> Status {
    Status::unauthenticated("show the certificate of an enrolled device")
}
