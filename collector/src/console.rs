//! The people's port: HTTP/2 and HTTP/1.1 with TLS, or HTTP/1.1 without on a loopback address.

mod in_time;

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use http::HeaderMap;
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::link::gate::{Caps, Gate};
use crate::tls::HTTP_2;

/// Connections of people and programs at a time; more wait to be taken.
const CONNECTIONS: usize = 4096;
/// Connections from one address, unless it is a trusted proxy's; more are closed.
const PER_ADDRESS: usize = 512;
const HANDSHAKE: Duration = Duration::from_secs(10);
/// A request's header comes within this.
const HEADER: Duration = Duration::from_secs(10);
/// A request's body comes within this.
const BODY: Duration = Duration::from_secs(30);
/// Requests on one HTTP/2 connection at a time: a browser's tabs share it, and streams last.
const STREAMS: u32 = 100;
/// Headers of one request there, bytes.
const HEADERS_BYTES: u32 = 32 << 10;
/// Whoever is silent for so long on it is asked whether they are there, and has as long to answer.
const ASK_AFTER: Duration = Duration::from_secs(20);
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
            match stream.get_ref().1.alpn_protocol() == Some(HTTP_2) {
                true => talk_at_once(stream, peer, router, ending).await,
                false => talk(stream, peer, router, ending).await,
            }
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
    let service = router.map_request(move |request| peer.named(request));
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

/// The same over HTTP/2, where requests do not wait for each other.
async fn talk_at_once<S>(
    stream: S,
    peer: Peer,
    router: Router,
    mut ending: watch::Receiver<bool>,
) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = router.map_request(move |request| peer.named(request));
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(HEADERS_BYTES)
        .keep_alive_interval(ASK_AFTER)
        .keep_alive_timeout(ASK_AFTER)
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

    /// A request with what is known of where it comes from, and a body that comes in time.
    fn named(&self, mut request: Request<hyper::body::Incoming>) -> Request {
        let client = Client(self.client(request.headers()));
        let is_private = IsPrivate(self.is_private(request.headers()));
        request.extensions_mut().insert(client);
        request.extensions_mut().insert(is_private);
        request.map(|body| Body::new(in_time::InTime::new(body, BODY)))
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

    /// What a server with a certificate of its own takes, and a client that trusts it.
    fn both() -> (ServerConfig, rustls::ClientConfig) {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap().der().clone();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let private = rustls::pki_types::PrivatePkcs8KeyDer::from(key.serialize_der());
        let mut server = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], private.into())
            .unwrap();
        server.alpn_protocols = vec![HTTP_2.to_vec()];
        let mut roots = rustls::RootCertStore::empty();
        roots.add(certificate).unwrap();
        let mut client = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        client.alpn_protocols = vec![HTTP_2.to_vec()];
        (server, client)
    }

    #[tokio::test]
    async fn over_one_connection_a_request_that_lasts_holds_no_other_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (ending, watch) = watch::channel(false);
        let (server, client) = both();
        let (go_on, gone_on) = watch::channel(false);
        let router = Router::new()
            .route(
                "/lasts",
                axum::routing::get(async move || {
                    wanted(&mut gone_on.clone()).await;
                    "over"
                }),
            )
            .route(
                "/private",
                axum::routing::get(
                    async |axum::Extension(IsPrivate(is_private)): axum::Extension<IsPrivate>| {
                        is_private.to_string()
                    },
                ),
            );
        let serving = tokio::spawn(async move {
            serve(listener, Some(server), &[], router, watch).await;
        });
        let stream = TcpStream::connect(address).await.unwrap();
        let name = rustls::pki_types::ServerName::try_from("localhost").unwrap();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(client));
        let stream = connector.connect(name, stream).await.unwrap();
        let (requests, connection) = hyper::client::conn::http2::Builder::new(TokioExecutor::new())
            .handshake::<_, Body>(TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        let get = |path: &str| {
            let request = Request::get(format!("https://localhost{path}")).body(Body::empty());
            let sent = requests.clone().send_request(request.unwrap());
            async move {
                let body = Body::new(sent.await.unwrap().into_body());
                axum::body::to_bytes(body, 1 << 10).await.unwrap()
            }
        };
        let lasts = tokio::spawn(get("/lasts"));
        assert_eq!(get("/private").await, "true");
        // What is under way when the collector goes down comes to its end.
        ending.send_replace(true);
        serving.await.unwrap();
        go_on.send_replace(true);
        assert_eq!(lasts.await.unwrap(), "over");
    }
}
