//! The agents' port: an accept loop of its own, one HTTP/2 connection per device, one task per session.

mod channel;
pub(crate) mod consent;
mod declared;
mod enrol;
pub mod gate;
mod intake;
pub(crate) mod looks;
mod moment;
pub mod registry;
mod said;
mod service;
mod session;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use sonde_proto::caps;
use sonde_proto::v1::agents_server::AgentsServer;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::authority::Authority;
use crate::bus::Bus;
use crate::fleet::Policies;
use crate::store::Store;
use crate::tls::DeviceCertificate;
use channel::Channels;
pub use consent::Put;
use declared::Declared;
use gate::{Caps, Gate, Pass};
use registry::Registry;
use service::Calls;

/// A handshake takes no longer.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// A stranger has so long for its one call.
const STRANGER: Duration = Duration::from_secs(30);
/// A device's connection without a session is closed after this.
const NO_SESSION: Duration = Duration::from_secs(30);
/// A connection on which nothing was heard for this long is asked whether it is alive; devices report more often.
const KEEP_ALIVE: Duration = Duration::from_secs(60);
const KEEP_ALIVE_ANSWER: Duration = Duration::from_secs(20);
/// A session, and a channel for each job that wants one.
const STREAMS: u32 = 16;
const HEADER_BYTES: u32 = 16 << 10;
/// What one device may send before it is read.
const WINDOW_BYTES: u32 = 128 << 10;
/// After a failed accept, for want of descriptors mostly.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

/// What every connection shares.
#[derive(Clone)]
pub struct Link {
    pub store: Store,
    pub authority: Arc<Authority>,
    pub registry: Registry,
    pub bus: Bus,
    pub gate: Gate,
    pub policies: Policies,
    pub(crate) declared: Declared,
    channels: Channels,
    pub settings: Arc<Settings>,
}

/// What devices are told.
#[derive(Clone, Debug)]
pub struct Settings {
    pub report_every: Duration,
    pub session: Duration,
    /// Where people reach the collector's pages: "https://help.example". None: it has none for them.
    pub public_url: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            report_every: Duration::from_secs(15),
            session: Duration::from_secs(24 * 3600),
            public_url: None,
        }
    }
}

/// Who is at the other end of a connection.
#[derive(Clone, Debug)]
pub struct Peer {
    pub address: SocketAddr,
    /// From the certificate and from nowhere else; `None`: it showed none.
    pub certificate: Option<Arc<DeviceCertificate>>,
}

impl Link {
    pub fn new(store: Store, authority: Arc<Authority>, bus: Bus, settings: Settings) -> Self {
        Self {
            store,
            authority,
            registry: Registry::default(),
            bus,
            gate: Gate::new(Caps::default()),
            policies: Policies::default(),
            declared: Declared::default(),
            channels: Channels::default(),
            settings: Arc::new(settings),
        }
    }

    /// Takes connections until `ending` turns true.
    pub async fn serve(
        self,
        listener: TcpListener,
        tls: ServerConfig,
        mut ending: watch::Receiver<bool>,
    ) {
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = ending.wait_for(|ending| *ending) => return,
            };
            match accepted {
                Ok((stream, address)) => match self.gate.enter(address.ip()) {
                    Some(pass) => {
                        tokio::spawn(self.clone().connection(
                            stream,
                            address,
                            pass,
                            acceptor.clone(),
                        ));
                    }
                    None => drop(stream),
                },
                Err(error) => {
                    tracing::warn!(%error, "cannot take a connection");
                    sleep(ACCEPT_AGAIN).await;
                }
            }
        }
    }

    async fn connection(
        self,
        stream: TcpStream,
        address: SocketAddr,
        mut pass: Pass,
        acceptor: TlsAcceptor,
    ) {
        // What a handshake needs is given back before the session begins.
        let Some(stream) = Box::pin(shake_hands(stream, address, acceptor)).await else {
            return;
        };
        let shown = stream
            .get_ref()
            .1
            .peer_certificates()
            .and_then(|chain| chain.first());
        let certificate = shown.and_then(DeviceCertificate::read).map(Arc::new);
        if let Some(certificate) = &certificate
            && !pass.is_known(&certificate.device_id)
        {
            tracing::warn!(device.id = %certificate.device_id, "a device opens too many connections");
            return;
        }
        let calls = Calls::default();
        let service = service::Agents {
            link: self,
            peer: Peer {
                address,
                certificate: certificate.clone(),
            },
            calls: calls.clone(),
            enrolling: Arc::default(),
        };
        let service = AgentsServer::new(service)
            .max_decoding_message_size(caps::MESSAGE_BYTES)
            .max_encoding_message_size(caps::MESSAGE_BYTES);
        let serving = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .keep_alive_interval(KEEP_ALIVE)
            .keep_alive_timeout(KEEP_ALIVE_ANSWER)
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(HEADER_BYTES)
            .initial_stream_window_size(WINDOW_BYTES)
            .initial_connection_window_size(WINDOW_BYTES)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        // It is polled in one of several places, and would have room in each.
        let serving = Box::pin(serving);
        let served = match certificate {
            Some(certificate) => tokio::select! {
                served = serving => served,
                unused = calls.unused_for(NO_SESSION) => {
                    if matches!(unused, service::Unused::NoSession) {
                        tracing::warn!(
                            device.id = %certificate.device_id,
                            limit = ?NO_SESSION,
                            "a device holds a connection without a session"
                        );
                    }
                    return;
                }
            },
            None => timeout(STRANGER, serving).await.unwrap_or_else(|_| {
                tracing::debug!(%address, limit = ?STRANGER, "a stranger's time is over");
                Ok(())
            }),
        };
        if let Err(error) = served {
            tracing::debug!(%error, "a connection broke");
        }
    }
}

/// The secured stream; `None`: there is none.
async fn shake_hands(
    stream: TcpStream,
    address: SocketAddr,
    acceptor: TlsAcceptor,
) -> Option<TlsStream<TcpStream>> {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot set TCP_NODELAY");
    }
    match timeout(HANDSHAKE, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => Some(stream),
        Ok(Err(error)) => {
            tracing::debug!(%error, "a handshake failed");
            None
        }
        Err(_) => {
            tracing::debug!(%address, limit = ?HANDSHAKE, "a handshake was not finished in time");
            None
        }
    }
}
