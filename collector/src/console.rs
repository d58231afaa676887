//! The people's port: HTTP/1.1 with TLS, or without on a loopback address.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

/// Connections of people and programs at a time; more wait to be taken.
const CONNECTIONS: usize = 4096;
const HANDSHAKE: Duration = Duration::from_secs(10);
/// A request's header comes within this.
const HEADER: Duration = Duration::from_secs(10);
/// After a failed accept, for want of descriptors mostly.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

/// Takes connections until `ending` turns true; those that are open then finish their request.
pub async fn serve(
    listener: TcpListener,
    tls: Option<ServerConfig>,
    router: Router,
    mut ending: watch::Receiver<bool>,
) {
    let acceptor = tls.map(|tls| TlsAcceptor::from(Arc::new(tls)));
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else {
            return;
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = wanted(&mut ending) => return,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "cannot take a connection");
                sleep(ACCEPT_AGAIN).await;
                continue;
            }
        };
        let (acceptor, router, ending) = (acceptor.clone(), router.clone(), ending.clone());
        tokio::spawn(async move {
            if let Err(error) = connection(stream, address, acceptor, router, ending).await {
                tracing::debug!(%error, "a connection broke");
            }
            drop(place);
        });
    }
}

async fn connection(
    stream: TcpStream,
    address: SocketAddr,
    acceptor: Option<TlsAcceptor>,
    router: Router,
    ending: watch::Receiver<bool>,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    match acceptor {
        None => talk(stream, address, router, ending).await,
        Some(acceptor) => {
            let handshake = timeout(HANDSHAKE, acceptor.accept(stream)).await;
            let stream = handshake.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
            talk(stream, address, router, ending).await
        }
    }
}

async fn talk<S>(
    stream: S,
    address: SocketAddr,
    router: Router,
    mut ending: watch::Receiver<bool>,
) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = router.map_request(
        move |mut request: axum::extract::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(ConnectInfo(address));
            request.map(axum::body::Body::new)
        },
    );
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut connection = std::pin::pin!(connection);
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = wanted(&mut ending) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    served.map_err(io::Error::other)
}

/// Ready when the collector goes down.
async fn wanted(ending: &mut watch::Receiver<bool>) {
    // An error says that whoever could say so is gone: the same.
    drop(ending.wait_for(|ending| *ending).await);
}
