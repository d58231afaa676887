//! What one connection may ask for.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures::{Stream, StreamExt as _};
use sonde_proto::v1::agents_server::Agents as Service;
use sonde_proto::v1::{
    ChannelFromAgent, ChannelToAgent, EnrollRequest, EnrollResponse, FromAgent, ToAgent,
};
use tokio::sync::{Mutex, mpsc, watch};
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request, Response, Status, Streaming};

use super::{Link, Peer, channel, enrol, session};

/// Messages on their way to a device, beyond what HTTP/2 takes.
const OUTBOUND: usize = 16;

/// The service as one peer sees it.
pub(super) struct Agents {
    pub(super) link: Link,
    pub(super) peer: Peer,
    pub(super) calls: Calls,
    /// One enrolment at a time on a connection.
    pub(super) enrolling: Arc<Mutex<()>>,
}

/// What a connection's last words need to get out.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// The sessions of one connection. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Calls(watch::Sender<Open>);

#[derive(Default)]
struct Open {
    n_sessions: usize,
    /// The device is not to have this connection any longer.
    is_over: bool,
}

/// One of them; it ends when it is dropped.
struct Call(Calls);

impl Calls {
    fn begin(&self) -> Call {
        self.0.send_modify(|open| open.n_sessions += 1);
        Call(self.clone())
    }

    fn end(&self) {
        self.0.send_modify(|open| open.is_over = true);
    }

    /// Ready when no session was open for so long, or when the device is turned away.
    pub(super) async fn unused_for(&self, limit: Duration) -> Unused {
        let mut open = self.0.subscribe();
        loop {
            // It cannot fail: who counts is here.
            let idle = open.wait_for(|open| open.is_over || open.n_sessions == 0);
            if idle.await.is_ok_and(|open| open.is_over) {
                sleep(LAST_WORDS).await;
                return Unused::TurnedAway;
            }
            let used = open.wait_for(|open| open.is_over || open.n_sessions > 0);
            if timeout(limit, used).await.is_err() {
                return Unused::NoSession;
            }
        }
    }
}

/// Why a connection is not needed.
pub(super) enum Unused {
    NoSession,
    TurnedAway,
}

impl Drop for Call {
    fn drop(&mut self) {
        self.0.0.send_modify(|open| open.n_sessions -= 1);
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
        let Ok(_alone) = self.enrolling.try_lock() else {
            return Err(Status::resource_exhausted(
                "an enrolment of this connection is under way",
            ));
        };
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
            let outbound = sender.clone();
            if let Err(status) = session::run(link, certificate, request.into_inner(), sender).await
            {
                let is_turned_away = status.code() == Code::PermissionDenied;
                // Who is gone, or does not read, is told nothing.
                if timeout(LAST_WORDS, outbound.send(Err(Box::new(status))))
                    .await
                    .is_err()
                {
                    tracing::debug!("a device does not hear why its session ends");
                }
                if is_turned_away {
                    call.0.end();
                }
            }
        });
        let unboxed = |said: Result<Box<ToAgent>, Box<Status>>| match said {
            Ok(message) => Ok(*message),
            Err(status) => Err(*status),
        };
        Ok(Response::new(
            ReceiverStream::new(receiver).map(unboxed).boxed(),
        ))
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
