//! What the collector is measured beside: the same connection (TLS, HTTP/2, gRPC, one stream per device) with nothing
//! behind it. It keeps no record, and commits whatever comes.

use std::pin::Pin;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use futures::{Stream, StreamExt as _};
use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, IsCa, Issuer, KeyPair,
};
use sonde_agent::dial::COLLECTOR_NAME;
use sonde_proto::v1::agents_server::{Agents, AgentsServer};
use sonde_proto::v1::{
    Answer, ChannelFromAgent, ChannelToAgent, EnrollRequest, EnrollResponse, FromAgent, SeqRange,
    ToAgent, Welcome, from_agent, to_agent,
};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{
    CertificateDer, CertificateSigningRequestDer, PrivateKeyDer, PrivatePkcs8KeyDer,
};
use tokio_rustls::rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use tokio_rustls::rustls::{RootCertStore, ServerConfig, version};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

const OUTBOUND: usize = 16;
/// As the collector has it.
const WINDOW_BYTES: u32 = 128 << 10;

/// A CA made for the run.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
}

impl Authority {
    fn make() -> Result<Self> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let certificate = params.self_signed(&key)?.der().clone();
        Ok(Self {
            issuer: Issuer::new(params, key),
            certificate,
        })
    }

    fn issue(&self, request: &[u8]) -> Result<CertificateDer<'static>> {
        let der = CertificateSigningRequestDer::from(request);
        let request = CertificateSigningRequestParams::from_der(&der)?;
        let params = CertificateParams::default();
        Ok(params
            .signed_by(&request.public_key, &self.issuer)?
            .der()
            .clone())
    }

    /// As the collector has it: TLS 1.3, client certificates of the CA or none, no resumption.
    fn tls(&self) -> Result<ServerConfig> {
        let key = KeyPair::generate()?;
        let params = CertificateParams::new([COLLECTOR_NAME.to_owned()])?;
        let leaf = params.signed_by(&key, &self.issuer)?.der().clone();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone())?;
        let provider = Arc::new(default_provider());
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
                .allow_unauthenticated()
                .build()?;
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&version::TLS13])?
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![leaf, self.certificate.clone()], key)?;
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(config)
    }

    /// SHA-256 of the certificate, hexadecimal.
    fn fingerprint(&self) -> String {
        let digest = ring::digest::digest(&ring::digest::SHA256, &self.certificate);
        digest
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

#[derive(Clone)]
struct Bare {
    authority: Arc<Authority>,
}

/// Serves on a port of its own until the process ends; its address and an enrolment token go to `tell`.
pub async fn serve(tell: impl FnOnce(String, String)) -> Result<()> {
    let authority = Arc::new(Authority::make()?);
    let acceptor = TlsAcceptor::from(Arc::new(authority.tls()?));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let token = format!("sonde1.bare.{}", authority.fingerprint());
    tell(listener.local_addr()?.to_string(), token);
    let bare = Bare { authority };
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (acceptor, bare) = (acceptor.clone(), bare.clone());
        tokio::spawn(async move {
            let Ok(stream) = acceptor.accept(stream).await else {
                return;
            };
            let serving = http2::Builder::new(TokioExecutor::new())
                .timer(TokioTimer::new())
                .initial_stream_window_size(WINDOW_BYTES)
                .initial_connection_window_size(WINDOW_BYTES)
                .serve_connection(
                    TokioIo::new(stream),
                    TowerToHyperService::new(AgentsServer::new(bare)),
                );
            // How a device goes is its own affair.
            serving.await.ok();
        });
    }
}

type Outbound<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

#[tonic::async_trait]
impl Agents for Bare {
    type SessionStream = Outbound<ToAgent>;
    type ChannelStream = Outbound<ChannelToAgent>;

    async fn enroll(
        &self,
        request: Request<EnrollRequest>,
    ) -> Result<Response<EnrollResponse>, Status> {
        let issued = self
            .authority
            .issue(&request.into_inner().signing_request)
            .context("the signing request");
        let certificate = issued.map_err(|error| Status::invalid_argument(error.to_string()))?;
        Ok(Response::new(EnrollResponse {
            device_id: "bare".into(),
            certificate: certificate.to_vec().into(),
            authority: self.authority.certificate.to_vec().into(),
            collector_time_us: 0,
            not_before_us: 0,
            not_after_us: 0,
            code_key: Vec::new().into(),
        }))
    }

    async fn session(
        &self,
        request: Request<Streaming<FromAgent>>,
    ) -> Result<Response<Self::SessionStream>, Status> {
        let (sender, receiver) = mpsc::channel(OUTBOUND);
        let mut inbound = request.into_inner();
        tokio::spawn(async move {
            while let Ok(Some(message)) = inbound.message().await {
                let body = match message.body {
                    Some(from_agent::Body::Hello(_)) => to_agent::Body::Welcome(Welcome::default()),
                    Some(from_agent::Body::Report(report)) => to_agent::Body::Answer(Answer {
                        committed: vec![SeqRange {
                            first: report.seq,
                            last: report.seq,
                        }],
                        ..Answer::default()
                    }),
                    Some(_) | None => continue,
                };
                if sender.send(Ok(ToAgent { body: Some(body) })).await.is_err() {
                    return;
                }
            }
        });
        Ok(Response::new(ReceiverStream::new(receiver).boxed()))
    }

    async fn channel(
        &self,
        _: Request<Streaming<ChannelFromAgent>>,
    ) -> Result<Response<Self::ChannelStream>, Status> {
        Err(Status::unimplemented("nothing is behind it"))
    }
}
