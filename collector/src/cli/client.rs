//! One connection to a collector, for as many requests as the command needs.

mod address;
mod events;

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

pub(super) use address::Address;

use super::failure::Failure;
use super::profile::{Profile, Trust};
use super::trust::Pinned;
use crate::api::{PREFIX, WrittenProblem};

const CONNECT: Duration = Duration::from_secs(10);
/// Longest silence of a collector that was asked something: more than a request may wait for a job.
const ANSWER: Duration = Duration::from_secs(super::job::WAIT_S as u64 + 40);
const LOOK_FIRST: &str = "look whether it was done before you repeat it";
/// Largest answer that is read.
const ANSWER_BYTES: usize = 64 << 20;
/// Largest file that is taken.
const FILE_BYTES: usize = 1 << 30;

/// Requests to a collector, one after the other, over one connection; a new one where that has ended meanwhile.
pub(super) struct Client {
    address: Address,
    tls: Option<ClientConfig>,
    requests: SendRequest<Full<Bytes>>,
    authorization: String,
    lang: String,
    patience: Duration,
}

impl Client {
    /// Connects to the collector of a profile.
    pub(super) async fn connect(profile: &Profile, lang: &str) -> Result<Self, Failure> {
        let address = Address::parse(&profile.url)?;
        let config = match &profile.trust {
            Trust::Fingerprint(pin) => Some(pinned(&Pinned::new(Some(pin.clone())))?),
            Trust::Authority(pem) => Some(with_authority(pem)?),
            Trust::Loopback => None,
        };
        Self::over(&address, config, &profile.token, lang).await
    }

    /// Connects to look at the certificate: what `pinned` has seen is known afterwards.
    pub(super) async fn over(
        address: &Address,
        tls: Option<ClientConfig>,
        token: &str,
        lang: &str,
    ) -> Result<Self, Failure> {
        Ok(Self {
            requests: connection(address, tls.clone()).await?,
            address: address.clone(),
            tls,
            authorization: format!("Bearer {token}"),
            lang: lang.to_owned(),
            patience: ANSWER,
        })
    }

    /// Connects again: while a person reads and types, the collector ends what says nothing.
    pub(super) async fn afresh(&mut self) -> Result<(), Failure> {
        self.requests = connection(&self.address, self.tls.clone()).await?;
        Ok(())
    }

    pub(super) async fn get(&mut self, path: &str) -> Result<Value, Failure> {
        self.call(Method::GET, path, None).await
    }

    pub(super) async fn post(&mut self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.call(Method::POST, path, Some(body)).await
    }

    /// What the collector answers; nothing: null.
    pub(super) async fn call(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Failure> {
        let body = body.map(|body| Bytes::from(body.to_string()));
        let body = body.unwrap_or_default();
        let answer = self.carry(method, path, "application/json", body).await?;
        match answer.is_empty() {
            true => Ok(Value::Null),
            false => serde_json::from_slice(&answer)
                .map_err(|error| Failure::other(format!("the answer is not JSON: {error}"))),
        }
    }

    /// Sends a file, or nothing, and gives the answer as it comes.
    pub(super) async fn send_bytes(
        &mut self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<Bytes, Failure> {
        let kind = "application/octet-stream";
        self.carry(method, path, kind, body.into()).await
    }

    /// Takes a file as it comes. An answer that ends before its end is an error.
    pub(super) async fn download(
        &mut self,
        path: &str,
        to: &mut impl Write,
    ) -> Result<(), Failure> {
        let request = self.request(Method::GET, path, "application/octet-stream", Bytes::new())?;
        let patience = self.patience;
        let response = self.send(request).await?;
        let status = response.status();
        if !status.is_success() {
            return Err(refused(status, &self.read(response).await?));
        }
        let mut frames = Limited::new(response.into_body(), FILE_BYTES);
        loop {
            let frame = timeout(patience, frames.frame()).await;
            match frame.map_err(|_| silent(patience))? {
                None => return Ok(()),
                Some(Ok(frame)) => to.write_all(&frame.into_data().unwrap_or_default())?,
                Some(Err(error)) => return Err(broken(error.to_string())),
            }
        }
    }

    async fn carry(
        &mut self,
        method: Method,
        path: &str,
        kind: &str,
        body: Bytes,
    ) -> Result<Bytes, Failure> {
        let request = self.request(method, path, kind, body)?;
        let response = self.send(request).await?;
        let status = response.status();
        let body = self.read(response).await?;
        if status.is_success() {
            return Ok(body);
        }
        Err(refused(status, &body))
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: Bytes,
    ) -> Result<Request<Full<Bytes>>, Failure> {
        Request::builder()
            .method(method)
            .uri(format!("{PREFIX}{path}"))
            .header(header::HOST, self.address.to_string())
            .header(header::ACCEPT_LANGUAGE, &self.lang)
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::CONTENT_TYPE, kind)
            .body(Full::new(body))
            .map_err(|error| Failure::other(format!("{path}: {error}")))
    }

    async fn read(&self, response: Response<Incoming>) -> Result<Bytes, Failure> {
        let mut frames = Limited::new(response.into_body(), ANSWER_BYTES);
        let mut body = BytesMut::new();
        loop {
            let frame = timeout(self.patience, frames.frame()).await;
            match frame.map_err(|_| silent(self.patience))? {
                None => return Ok(body.freeze()),
                Some(Ok(frame)) => body.extend(frame.into_data().ok()),
                Some(Err(error)) => return Err(broken(error.to_string())),
            }
        }
    }

    /// Sends it; over a new connection where the present one ends before anything of it was sent.
    async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Failure> {
        let patience = self.patience;
        if self.requests.ready().await.is_err() {
            self.afresh().await?;
        }
        let sent = timeout(patience, self.requests.try_send_request(request)).await;
        let mut error = match sent.map_err(|_| silent(patience))? {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        let Some(unsent) = error.take_message() else {
            return Err(broken(error.into_error().to_string()));
        };
        self.afresh().await?;
        let sent = timeout(patience, self.requests.send_request(unsent)).await;
        let sent = sent.map_err(|_| silent(patience))?;
        sent.map_err(|error| broken(error.to_string()))
    }
}

/// Why the collector does not do it.
fn refused(status: StatusCode, body: &[u8]) -> Failure {
    match serde_json::from_slice::<WrittenProblem>(body) {
        Ok(problem) => Failure::Problem(Box::new(problem)),
        Err(_) => Failure::with_remedy(
            format!("the collector answered {status}"),
            "is there a Sonde collector at this address?",
        ),
    }
}

fn broken(why: String) -> Failure {
    Failure::with_remedy(
        format!("the connection to the collector broke: {why}"),
        LOOK_FIRST,
    )
}

fn silent(patience: Duration) -> Failure {
    Failure::with_remedy(
        format!(
            "the collector has not answered for {} s",
            patience.as_secs()
        ),
        LOOK_FIRST,
    )
}

async fn connection(
    address: &Address,
    tls: Option<ClientConfig>,
) -> Result<SendRequest<Full<Bytes>>, Failure> {
    let place = address.to_string();
    let unreachable = |why: String| {
        Failure::with_remedy(
            format!("cannot reach the collector at {place}: {why}"),
            "is it running, and is the address right?",
        )
    };
    let connecting = TcpStream::connect((address.host.as_str(), address.port));
    let stream = timeout(CONNECT, connecting)
        .await
        .map_err(|_| unreachable("no answer".into()))?
        .map_err(|error| unreachable(error.to_string()))?;
    stream.set_nodelay(true)?;
    let requests = match (address.tls, tls) {
        (true, Some(config)) => {
            let name = ServerName::try_from(address.host.clone())
                .map_err(|_| unreachable("the host's name is not valid".into()))?;
            let handshake = TlsConnector::from(Arc::new(config)).connect(name, stream);
            let stream = timeout(CONNECT, handshake)
                .await
                .map_err(|_| unreachable("no answer".into()))?
                .map_err(|error| not_trusted(&place, &error))?;
            speak(stream).await
        }
        (false, _) => speak(stream).await,
        (true, None) => return Err(unreachable("nothing to know it by".into())),
    };
    requests.map_err(|error| unreachable(error.to_string()))
}

async fn speak<S>(stream: S) -> hyper::Result<SendRequest<Full<Bytes>>>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let (requests, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // Its end shows at the next request.
    tokio::spawn(async move { connection.await.unwrap_or_default() });
    Ok(requests)
}

fn not_trusted(place: &str, error: &std::io::Error) -> Failure {
    Failure::with_remedy(
        format!("{place} is not the collector that was trusted at the first contact: {error}"),
        "if it was set up anew: sonde login URL --fingerprint, with what `sonde-collector serve` prints",
    )
}

fn config() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, Failure> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::other(error.to_string()))
}

/// Trusts what `pinned` trusts.
pub(super) fn pinned(pinned: &Arc<Pinned>) -> Result<ClientConfig, Failure> {
    let verifier: Arc<Pinned> = Arc::clone(pinned);
    Ok(config()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}

/// Trusts certificates of these authorities.
pub(super) fn with_authority(pem: &str) -> Result<ClientConfig, Failure> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate
            .map_err(|error| Failure::other(format!("the authority's file: {error:?}")))?;
        roots
            .add(certificate)
            .map_err(|error| Failure::other(format!("the authority's file: {error}")))?;
    }
    if roots.is_empty() {
        return Err(Failure::other("the authority's file holds no certificate"));
    }
    Ok(config()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// Text as a part of an address.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// Plain HTTP on a port of this machine.
    async fn listening() -> (TcpListener, Address) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let address = Address::parse(&format!("http://127.0.0.1:{port}")).unwrap();
        (listener, address)
    }

    /// Reads the head of a request.
    async fn head(stream: &mut TcpStream) {
        let mut read = Vec::new();
        while !read.ends_with(b"\r\n\r\n") {
            read.push(stream.read_u8().await.unwrap());
        }
    }

    #[tokio::test]
    async fn a_connection_that_was_ended_while_somebody_typed_is_made_anew() {
        let (listener, address) = listening().await;
        let answers = async {
            for answer in ["1", "2"] {
                let (mut stream, _) = listener.accept().await.unwrap();
                head(&mut stream).await;
                let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{answer}");
                stream.write_all(answer.as_bytes()).await.unwrap();
                // The second is held until it is read.
                if answer.ends_with('2') {
                    return stream;
                }
                drop(stream);
            }
            unreachable!()
        };
        let asks = async {
            let mut client = Client::over(&address, None, "", "").await.unwrap();
            assert_eq!(client.get("/a").await.unwrap(), 1);
            assert_eq!(client.get("/b").await.unwrap(), 2);
        };
        let (stream, ()) = tokio::join!(answers, asks);
        drop(stream);
    }

    #[tokio::test]
    async fn a_collector_that_says_nothing_is_not_waited_for_for_ever() {
        let (listener, address) = listening().await;
        let asks = async {
            let mut client = Client::over(&address, None, "", "").await.unwrap();
            client.patience = Duration::from_millis(1);
            client.get("/a").await
        };
        let (accepted, answer) = tokio::join!(listener.accept(), asks);
        let Err(Failure::Other { what, .. }) = answer else {
            panic!("{answer:?}");
        };
        assert_eq!(what, "the collector has not answered for 0 s");
        drop(accepted);
    }

    #[test]
    fn a_hostile_name_is_one_part_of_an_address() {
        for hostile in crate::hostile::texts() {
            let path = format!("/policies/{}/x", escape(&hostile));
            crate::hostile::assert_inert(&path);
            let breaks = |c: char| !c.is_ascii_alphanumeric() && !"-._~%/".contains(c);
            assert!(!path.contains(breaks), "{path}");
            assert_eq!(path.split('/').count(), 4, "{path}");
        }
    }

    #[test]
    fn names_cannot_leave_their_part_of_the_address() {
        assert_eq!(escape("a/../b?c#d é"), "a%2F..%2Fb%3Fc%23d%20%C3%A9");
    }
}
