//! Posts one message: looks the name up once, judges every address, dials one that may be reached and no other, follows no
//! redirect, and reads nothing of an answer but its head.

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::reach::Reach;
use super::schedule::Answer;
use super::target::Target;

/// From the look-up to the head of the answer: the specification recommends 15 to 30 s.
const PATIENCE: Duration = Duration::from_secs(20);
/// For one of several addresses.
const DIAL: Duration = Duration::from_secs(5);
/// Addresses of a name that are tried.
const MOST_ADDRESSES: usize = 4;
/// Largest head of an answer, bytes.
const HEAD_BYTES: usize = 16 << 10;
/// Fields of it.
const MOST_FIELDS: usize = 64;

type Look =
    dyn Fn(String, u16) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> + Send + Sync;

/// Posts messages to where they may go.
#[derive(Clone)]
pub(crate) struct Postman {
    reach: Arc<Reach>,
    tls: Arc<ClientConfig>,
    look: Arc<Look>,
    patience: Duration,
}

impl Postman {
    /// One that waits so long for an answer.
    pub(crate) fn patient_for(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// One that trusts what this machine trusts, and `authority`.
    ///
    /// # Errors
    /// What is wrong with the authority's file.
    pub(crate) fn new(reach: Reach, authority: Option<&std::path::Path>) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        let native = rustls_native_certs::load_native_certs();
        for error in native.errors {
            tracing::warn!(%error, "some of this machine's authorities cannot be read");
        }
        roots.add_parsable_certificates(native.certs);
        if let Some(path) = authority {
            let wrong = |error: String| format!("{}: {error}", path.display());
            let certificates = CertificateDer::pem_file_iter(path)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(|error| wrong(error.to_string()))?;
            if certificates.is_empty() {
                return Err(wrong("it has no certificate in PEM".to_owned()));
            }
            for certificate in certificates {
                let added = roots.add(certificate);
                added.map_err(|error| wrong(error.to_string()))?;
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            reach: Arc::new(reach),
            tls: Arc::new(tls),
            look: Arc::new(|host, port| {
                Box::pin(async move {
                    let found = tokio::net::lookup_host((host, port)).await?;
                    Ok(found.collect())
                })
            }),
            patience: PATIENCE,
        })
    }

    /// Posts a body of a media type with these fields.
    pub(crate) async fn post(
        &self,
        target: &Target,
        media_type: &str,
        fields: &[(&'static str, String)],
        body: Bytes,
    ) -> Answer {
        match timeout(
            self.patience,
            self.try_post(target, media_type, fields, body),
        )
        .await
        {
            Ok(Ok(answer)) => answer,
            Ok(Err(why)) => Answer::None(why),
            Err(_) => Answer::None(format!("no answer within {} s", self.patience.as_secs())),
        }
    }

    async fn try_post(
        &self,
        target: &Target,
        media_type: &str,
        fields: &[(&'static str, String)],
        body: Bytes,
    ) -> Result<Answer, String> {
        let stream = self.dial(target).await?;
        if !target.tls {
            return exchange(stream, target, media_type, fields, body).await;
        }
        let name = ServerName::try_from(target.host.clone())
            .map_err(|_| format!("{} is no name for TLS", target.host))?;
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        let stream = connector.connect(name, stream).await;
        let stream = stream.map_err(|error| format!("TLS: {error}"))?;
        exchange(stream, target, media_type, fields, body).await
    }

    /// A connection to an address that the name leads to and that may be reached. What is judged is what is dialled: the name
    /// is not looked up again.
    async fn dial(&self, target: &Target) -> Result<TcpStream, String> {
        let found = (self.look)(target.host.clone(), target.port).await;
        let found = found.map_err(|error| format!("{}: {error}", target.host))?;
        let (good, bad): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|address| self.reach.may_dial(address.ip()));
        let mut last = match bad.first() {
            Some(bad) => format!(
                "{} is not a public address, and webhook_allow does not name it",
                bad.ip()
            ),
            None => format!("{} has no address", target.host),
        };
        for address in good.into_iter().take(MOST_ADDRESSES) {
            match timeout(DIAL, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => last = format!("{address}: {error}"),
                Err(_) => last = format!("{address}: no connection within {} s", DIAL.as_secs()),
            }
        }
        Err(last)
    }
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    target: &Target,
    media_type: &str,
    fields: &[(&'static str, String)],
    body: Bytes,
) -> Result<Answer, String> {
    let text = |error: hyper::Error| error.to_string();
    let (mut requests, connection) = http1::Builder::new()
        .max_buf_size(HEAD_BYTES)
        .max_headers(MOST_FIELDS)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(text)?;
    // It ends with what it belongs to, whatever it still reads.
    let connection = tokio::spawn(connection);
    let end = Ending(connection.abort_handle());
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(&target.path)
        .header(header::HOST, target.authority())
        .header(header::CONTENT_TYPE, media_type)
        .header(
            header::USER_AGENT,
            concat!("sonde/", env!("CARGO_PKG_VERSION")),
        )
        .header(header::CONNECTION, "close");
    for (name, value) in fields {
        let value = HeaderValue::from_str(value).map_err(|error| error.to_string())?;
        request = request.header(HeaderName::from_static(name), value);
    }
    let request = request.body(Full::new(body));
    let request = request.map_err(|error| error.to_string())?;
    let response = requests.send_request(request).await.map_err(text)?;
    let status = response.status();
    drop(end);
    Ok(match status.is_success() {
        true => Answer::Taken {
            status: status.as_u16(),
        },
        false => Answer::Status {
            status: status.as_u16(),
            retry_after: retry_after(response.headers()),
        },
    })
}

/// Ends a task when it goes.
struct Ending(tokio::task::AbortHandle);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// In seconds (RFC 9110, 10.2.3); a date is not looked at.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}
