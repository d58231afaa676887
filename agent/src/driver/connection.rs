//! One connection to the collector: dialled, proved, and read by a task of its own.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sonde_proto::series::Encoder;
use sonde_proto::v1::{FromAgent, ToAgent, from_agent};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::names::Names;
use crate::config::Config;
use crate::dial::{self, DialError, Target};
use crate::host::Collector;
use crate::identity::Identity;
use crate::link::{self, Client, Link};
use crate::state::State;
use crate::trust::{Correction, session_tls};

/// Messages that wait to be sent: the session's window and what goes beside it.
const OUTBOUND: usize = 256;
/// Messages that came and wait to be heard.
const INBOUND: usize = 16;

/// The collector answers the call within this.
const CALL: Duration = Duration::from_secs(15);
/// What is still to be sent at the end has so long.
const DRAIN: Duration = Duration::from_secs(2);

/// What the connection brought.
pub(super) enum FromCollector {
    Message(ToAgent),
    Ended(String),
}

/// An open session.
pub(super) struct Connection {
    outbound: mpsc::Sender<FromAgent>,
    inbound: mpsc::Receiver<FromCollector>,
    reader: JoinHandle<()>,
    /// The connection ends with it.
    link: Link,
    address: String,
    time_only: bool,
    /// Samples go out relative to those before.
    pub(super) encoder: Encoder,
    pub(super) names: Names,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Dial(#[from] DialError),
    #[error("HTTP/2")]
    Http(#[from] hyper::Error),
    #[error("{}", .0.message())]
    Refused(#[from] Status),
    #[error("the collector did not answer")]
    Silent,
    #[error("the agent failed at it: {0}")]
    Broke(String),
}

impl Failure {
    /// Logs it; gives it with its causes.
    pub(super) fn log(&self) -> String {
        let chain = chain(self);
        tracing::warn!(error = chain, "the collector cannot be reached");
        chain
    }
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

/// What dialling needs beside the identity.
pub(super) struct Connector {
    target: Target,
    proxy: Option<String>,
    correction: Correction,
}

impl Connector {
    pub(super) fn new(
        config: &Config,
        state: &State,
        correction: Correction,
    ) -> Result<Self, DialError> {
        let target = Target::parse(&state.identity.collector)?;
        let proxy = dial::proxy_for(&target, config.proxy.as_deref(), |name| {
            std::env::var(name).ok()
        });
        Ok(Self {
            target,
            proxy,
            correction,
        })
    }

    /// Where it dials to, for the checks.
    pub(super) fn collector(&self, identity: &Identity) -> Collector {
        let known = identity.addresses.iter();
        Collector {
            host: self.target.host.clone(),
            port: self.target.port,
            known: known.filter_map(|address| address.parse().ok()).collect(),
            proxy: self.proxy.clone(),
        }
    }

    /// A connection with the present identity.
    pub(super) fn dial(
        &self,
        identity: &Identity,
    ) -> Result<
        impl Future<Output = Result<Connection, Failure>> + 'static + use<>,
        tokio_rustls::rustls::Error,
    > {
        let time_only = Arc::new(AtomicBool::new(false));
        let tls = Arc::new(session_tls(identity, &self.correction, &time_only)?);
        let (target, proxy, known) = (
            self.target.clone(),
            self.proxy.clone(),
            identity.addresses.clone(),
        );
        Ok(async move {
            let (stream, address) = dial::dial(&target, proxy.as_deref(), &known, tls).await?;
            let link = link::over(stream).await?;
            let address = if proxy.is_some() {
                String::new()
            } else {
                address.to_string()
            };
            open(link, address, time_only.load(Ordering::Relaxed)).await
        })
    }
}

async fn open(link: Link, address: String, time_only: bool) -> Result<Connection, Failure> {
    let (outbound, receiver) = mpsc::channel(OUTBOUND);
    let mut client = link.client.clone();
    let call = timeout(CALL, client.session(ReceiverStream::new(receiver))).await;
    let mut stream = call.map_err(|_| Failure::Silent)??.into_inner();
    let (sender, inbound) = mpsc::channel(INBOUND);
    let reader = tokio::spawn(async move {
        loop {
            let (came, is_last) = match stream.message().await {
                Ok(Some(message)) => (FromCollector::Message(message), false),
                Ok(None) => (
                    FromCollector::Ended("the collector closed it".to_owned()),
                    true,
                ),
                Err(status) => (FromCollector::Ended(status.message().to_owned()), true),
            };
            if sender.send(came).await.is_err() || is_last {
                return;
            }
        }
    });
    Ok(Connection {
        outbound,
        inbound,
        reader,
        link,
        address,
        time_only,
        encoder: Encoder::default(),
        names: Names::default(),
    })
}

impl Connection {
    /// Where it leads; empty through a proxy.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// For channels beside the session.
    pub(super) fn client(&self) -> Client {
        self.link.client.clone()
    }

    /// Only the validity of the collector's certificate failed: ask for the time, nothing else.
    pub(super) fn is_time_only(&self) -> bool {
        self.time_only
    }

    /// False: the link is dead, or does not keep up.
    pub(super) fn send(&self, body: from_agent::Body) -> bool {
        self.outbound
            .try_send(FromAgent { body: Some(body) })
            .is_ok()
    }

    /// Lets what was said go out.
    pub(super) async fn drain(mut self) {
        // The session ends when nothing can be said any more.
        let (closed, _) = mpsc::channel(1);
        drop(std::mem::replace(&mut self.outbound, closed));
        let end =
            async { while let Some(FromCollector::Message(_)) = self.inbound.recv().await {} };
        if timeout(DRAIN, end).await.is_err() {
            tracing::debug!("the collector did not close the session in time");
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

/// The next message; never, without a connection.
pub(super) async fn next(connection: &mut Option<Connection>) -> FromCollector {
    match connection {
        Some(connection) => connection
            .inbound
            .recv()
            .await
            .unwrap_or_else(|| FromCollector::Ended("the reader is gone".to_owned())),
        None => std::future::pending().await,
    }
}
