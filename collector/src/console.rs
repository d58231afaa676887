//! The people's port: HTTP/1.1 with TLS, or without on a loopback address.

mod in_time;

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use http::HeaderMap;
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

use crate::link::gate::{Caps, Gate};

/// Connections of people and programs at a time; more wait to be taken.
const CONNECTIONS: usize = 4096;
/// Connections from one address, unless it is a trusted proxy's; more are closed.
const PER_ADDRESS: usize = 512;
const HANDSHAKE: Duration = Duration::from_secs(10);
/// A request's header comes within this.
const HEADER: Duration = Duration::from_secs(10);
/// A request's body comes within this.
const BODY: Duration = Duration::from_secs(30);
/// What a proxy says in of where a request comes from.
const FORWARDED_FOR: &str = "x-forwarded-for";
/// What a proxy says in how it was asked.
const FORWARDED_PROTO: &str = "x-forwarded-proto";
/// After a failed accept, for want of descriptors mostly.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

/// Where a request comes from: its connection, or what a trusted proxy says.
#[derive(Clone, Copy, Debug)]
pub struct Client(pub IpAddr);

/// Whether a request has come, and its answer goes, over TLS: to here, or to a trusted proxy.
#[derive(Clone, Copy, Debug)]
pub struct IsPrivate(pub bool);

/// Takes connections until `ending` turns true; those that are open then finish their request.
pub async fn serve(
    listener: TcpListener,
    tls: Option<ServerConfig>,
    trusted_proxies: &[IpAddr],
    router: Router,
    ending: watch::Receiver<bool>,
) {
    take(listener, tls, trusted_proxies, router, ending, PER_ADDRESS).await;
}

async fn take(
    listener: TcpListener,
    tls: Option<ServerConfig>,
    trusted_proxies: &[IpAddr],
    router: Router,
    mut ending: watch::Receiver<bool>,
    per_address: usize,
) {
    let acceptor = tls.map(|tls| TlsAcceptor::from(Arc::new(tls)));
    let trusted: Arc<[IpAddr]> = trusted_proxies.iter().map(IpAddr::to_canonical).collect();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let gate = Gate::new(Caps {
        connections: CONNECTIONS,
        strangers: CONNECTIONS,
        strangers_per_address: per_address,
        ..Caps::default()
    });
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
        let peer = Peer {
            address: address.ip().to_canonical(),
            trusted: trusted.clone(),
            has_tls: acceptor.is_some(),
        };
        // Behind a proxy everybody has its address.
        let pass = match peer.is_proxy() {
            true => None,
            false => match gate.enter(peer.address) {
                Some(pass) => Some(pass),
                None => continue,
            },
        };
        let (acceptor, router, ending) = (acceptor.clone(), router.clone(), ending.clone());
        tokio::spawn(async move {
            if let Err(error) = connection(stream, peer, acceptor, router, ending).await {
                tracing::debug!(%error, "a connection broke");
            }
            drop((place, pass));
        });
    }
}

async fn connection(
    stream: TcpStream,
    peer: Peer,
    acceptor: Option<TlsAcceptor>,
    router: Router,
    ending: watch::Receiver<bool>,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    match acceptor {
        None => talk(stream, peer, router, ending).await,
        Some(acceptor) => {
            let handshake = timeout(HANDSHAKE, acceptor.accept(stream)).await;
            let stream = handshake.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
            talk(stream, peer, router, ending).await
        }
    }
}

async fn talk<S>(
    stream: S,
    peer: Peer,
    router: Router,
    mut ending: watch::Receiver<bool>,
) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = router.map_request(move |mut request: Request<hyper::body::Incoming>| {
        let client = Client(peer.client(request.headers()));
        let is_private = IsPrivate(peer.is_private(request.headers()));
        request.extensions_mut().insert(client);
        request.extensions_mut().insert(is_private);
        request.map(|body| Body::new(in_time::InTime::new(body, BODY)))
    });
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

/// The other end of a connection.
#[derive(Clone)]
struct Peer {
    address: IpAddr,
    trusted: Arc<[IpAddr]>,
    has_tls: bool,
}

impl Peer {
    fn is_proxy(&self) -> bool {
        self.trusted.contains(&self.address)
    }

    fn is_private(&self, headers: &HeaderMap) -> bool {
        let said = headers.get(FORWARDED_PROTO);
        self.has_tls || self.is_proxy() && said.is_some_and(|said| said == "https")
    }

    /// Where a request with these headers comes from: the last address that a trusted proxy names and that is no
    /// trusted proxy itself. What stands before it is what anybody may have written.
    fn client(&self, headers: &HeaderMap) -> IpAddr {
        if !self.is_proxy() {
            return self.address;
        }
        let said = headers.get_all(FORWARDED_FOR).iter();
        let named: Vec<&str> = said
            .flat_map(|value| value.to_str().unwrap_or_default().split(','))
            .collect();
        let mut client = self.address;
        for name in named.into_iter().rev() {
            let Ok(address) = name.trim().parse::<IpAddr>() else {
                break;
            };
            client = address.to_canonical();
            if !self.trusted.contains(&client) {
                break;
            }
        }
        client
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[track_caller]
    fn check(peer: &str, forwarded_for: &[&str], expected: &str) {
        let peer = Peer {
            address: peer.parse().unwrap(),
            trusted: ["10.0.0.1", "10.0.0.2"]
                .map(|ip| ip.parse().unwrap())
                .into(),
            has_tls: false,
        };
        let mut headers = HeaderMap::new();
        for value in forwarded_for {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        assert_eq!(peer.client(&headers).to_string(), expected);
    }

    #[test]
    fn only_a_trusted_proxy_says_where_a_request_comes_from() {
        check("192.0.2.1", &["198.51.100.7"], "192.0.2.1");
        check("10.0.0.1", &[], "10.0.0.1");
        check("10.0.0.1", &["198.51.100.7"], "198.51.100.7");
        check("10.0.0.1", &["1.2.3.4, 198.51.100.7"], "198.51.100.7");
        check(
            "10.0.0.1",
            &["1.2.3.4", "198.51.100.7, 10.0.0.2"],
            "198.51.100.7",
        );
        check("10.0.0.1", &["1.2.3.4, rubbish"], "10.0.0.1");
        check("10.0.0.1", &["::ffff:198.51.100.7"], "198.51.100.7");
    }

    #[tokio::test]
    async fn one_address_does_not_take_all_places() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (ending, watch) = watch::channel(false);
        let most = 4;
        let server = tokio::spawn(async move {
            take(listener, None, &[], Router::new(), watch, most).await;
        });
        let mut inside = Vec::new();
        for _ in 0..most {
            inside.push(TcpStream::connect(address).await.unwrap());
        }
        let mut one_more = TcpStream::connect(address).await.unwrap();
        let closed = timeout(HEADER / 2, one_more.read_u8()).await;
        assert!(closed.expect("it is closed at once").is_err());
        let first = inside.first_mut().unwrap();
        first.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
        assert_eq!(first.read_u8().await.unwrap(), b'H');
        drop(ending);
        server.abort();
    }
}
