//! A device that is only its key: it speaks to the agents' port as a real agent does, or as none should.
//!
//! Nothing of the agent is used here, so that the wire is held against the contract and not against itself.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Polled, Poll};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, anyhow, bail};
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, SanType};
use ring::rand::{SecureRandom as _, SystemRandom};
use sonde_proto::v1::agents_client::AgentsClient;
use sonde_proto::v1::{self, FromAgent, ToAgent, from_agent, to_agent};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::Resumption;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, version};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;
use tonic::body::Body;

use crate::program::PATIENCE;
use crate::world::World;

/// The name in every collector's certificate.
const COLLECTOR: &str = "collector.sonde.internal";
/// Messages that wait to be sent.
const OUTBOUND: usize = 64;
/// What is sent may be larger than the other side takes.
const ENCODE_BYTES: usize = 16 << 20;

/// The collector's port for agents, and the CA that it must show.
#[derive(Clone, Debug)]
pub struct Port {
    pub at: SocketAddr,
    /// Where connections come from.
    pub from: SocketAddr,
    pub authority: CertificateDer<'static>,
}

/// A device with its key and certificate.
#[derive(Clone, Debug)]
pub struct Peer {
    pub device_id: String,
    pub installation_id: [u8; 16],
    pub spool_id: [u8; 16],
    /// PKCS#8, DER.
    pub key: Vec<u8>,
    /// DER.
    pub certificate: Vec<u8>,
    /// Declarations, encoded; they are named in the hello and sent when they are asked for.
    pub declarations: Vec<Vec<u8>>,
}

/// A session that was welcomed.
#[derive(Debug)]
pub struct Session {
    pub welcome: v1::Welcome,
    outbound: mpsc::Sender<FromAgent>,
    inbound: Streaming<ToAgent>,
    _connection: Connection,
}

/// What became of a report.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    Committed,
    Rejected(String),
}

impl Port {
    /// Of a collector on this machine.
    pub fn of(world: &World) -> Result<Self> {
        let authority = CertificateDer::from_pem_file(world.data().join("authority.crt"));
        Ok(Self {
            at: world.bound().agents.parse()?,
            from: ([127, 0, 0, 1], 0).into(),
            authority: authority.map_err(|error| anyhow!("the CA's certificate: {error}"))?,
        })
    }

    /// A connection on which nothing was said.
    pub async fn tcp(&self) -> Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(self.from)?;
        Ok(timeout(PATIENCE, socket.connect(self.at)).await??)
    }

    /// TLS, as `peer` or as a stranger.
    pub async fn tls(&self, peer: Option<&Peer>) -> Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.authority.clone())?;
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&version::TLS13])?
            .with_root_certificates(roots);
        let mut config = match peer {
            Some(peer) => builder.with_client_auth_cert(
                vec![peer.certificate.clone().into()],
                PrivatePkcs8KeyDer::from(peer.key.clone()).into(),
            )?,
            None => builder.with_no_client_auth(),
        };
        config.resumption = Resumption::disabled();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let connector = TlsConnector::from(Arc::new(config));
        let tls = connector.connect(COLLECTOR.try_into()?, self.tcp().await?);
        Ok(timeout(PATIENCE, tls).await??)
    }

    async fn client(&self, peer: Option<&Peer>) -> Result<(AgentsClient<Transport>, Connection)> {
        let stream = TokioIo::new(self.tls(peer).await?);
        let (sender, connection) = http2::handshake(TokioExecutor::new(), stream).await?;
        let connection = Connection(tokio::spawn(async move {
            // Why it ended is told to whoever waits for an answer.
            connection.await.ok();
        }));
        let origin = format!("https://{COLLECTOR}").parse()?;
        let client = AgentsClient::with_origin(Transport(sender), origin)
            .max_encoding_message_size(ENCODE_BYTES);
        Ok((client, connection))
    }

    /// Enrols a new device with a key of its own. `token`: as it was handed out.
    pub async fn enrol(&self, token: &str) -> Result<Peer> {
        let secret = token.trim().split('.').nth(1).context("not a token")?;
        let key = KeyPair::generate()?;
        let request = CertificateParams::default().serialize_request(&key)?;
        let installation_id = random()?;
        let (mut client, _connection) = self.client(None).await?;
        let request = v1::EnrollRequest {
            token: secret.to_owned(),
            signing_request: request.der().to_vec().into(),
            installation_id: installation_id.to_vec().into(),
            machine: Some(machine(&installation_id)),
            agent_version: "0.1.0".into(),
        };
        let answer = timeout(PATIENCE, client.enroll(request)).await?;
        let answer = answer.map_err(refused)?.into_inner();
        Ok(Peer {
            device_id: answer.device_id,
            installation_id,
            spool_id: random()?,
            key: key.serialize_der(),
            certificate: answer.certificate.to_vec(),
            declarations: Vec::new(),
        })
    }

    /// Opens a session, says hello and answers what is asked until it is welcome.
    pub async fn session(&self, peer: &Peer) -> Result<Session> {
        let (mut client, connection) = self.client(Some(peer)).await?;
        let (outbound, receiver) = mpsc::channel(OUTBOUND);
        outbound
            .send(said(from_agent::Body::Hello(peer.hello())))
            .await?;
        let opened = timeout(PATIENCE, client.session(ReceiverStream::new(receiver))).await?;
        let mut session = Session {
            welcome: v1::Welcome::default(),
            outbound,
            inbound: opened.map_err(refused)?.into_inner(),
            _connection: connection,
        };
        loop {
            let heard = session.hear().await?;
            if let to_agent::Body::Welcome(welcome) = heard {
                session.welcome = welcome;
                return Ok(session);
            }
            let to_agent::Body::WantDeclarations(_) = heard else {
                bail!("instead of a welcome: {heard:?}");
            };
            let bodies = peer.declarations.iter().cloned().map(Into::into).collect();
            let declared = v1::Declared {
                bodies,
                ..v1::Declared::default()
            };
            session.say(from_agent::Body::Declared(declared)).await?;
        }
    }
}

impl Peer {
    /// The hello of a machine that has just begun to report.
    pub fn hello(&self) -> v1::Hello {
        let spool = v1::Spool {
            spool_id: self.spool_id.to_vec().into(),
            first_seq: 1,
        };
        let ids = self.declarations.iter();
        v1::Hello {
            installation_id: self.installation_id.to_vec().into(),
            machine: Some(machine(&self.installation_id)),
            agent_version: "0.1.0".into(),
            boot_id: "00000000-0000-4000-8000-000000000000".into(),
            clock: Some(clock()),
            declaration_ids: ids
                .map(|body| sonde_proto::declaration::id(body).to_vec().into())
                .collect(),
            spools: vec![spool],
            next_seq: 1,
            running_orders: Vec::new(),
            asks_consent: false,
        }
    }
}

impl Session {
    pub async fn say(&self, body: from_agent::Body) -> Result<()> {
        self.outbound
            .send(said(body))
            .await
            .map_err(|_| anyhow!("the session has ended"))
    }

    /// What the collector says next; an error when the session has ended, with its reason.
    pub async fn hear(&mut self) -> Result<to_agent::Body> {
        let heard = timeout(PATIENCE, self.inbound.message()).await?;
        let message = heard.map_err(refused)?;
        let message = message.context("the collector closed the session")?;
        message.body.context("an empty message")
    }

    /// Sends a report and waits for what becomes of it.
    pub async fn report(&mut self, seq: u64, body: v1::report::Body) -> Result<Fate> {
        self.say(from_agent::Body::Report(report(seq, body)))
            .await?;
        loop {
            let to_agent::Body::Answer(answer) = self.hear().await? else {
                continue;
            };
            if let Some(rejected) = answer.rejected.iter().find(|one| one.seq == seq) {
                return Ok(Fate::Rejected(rejected.reason.clone()));
            }
            let mut committed = answer.committed.iter();
            if committed.any(|range| (range.first..=range.last).contains(&seq)) {
                return Ok(Fate::Committed);
            }
        }
    }
}

/// A report made now.
pub fn report(seq: u64, body: v1::report::Body) -> v1::Report {
    v1::Report {
        seq,
        clock: Some(clock()),
        boot_id: String::new(),
        body: Some(body),
    }
}

impl Peer {
    /// The same device by a certificate of a CA that nobody knows.
    pub fn forged(&self) -> Result<Self> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = Issuer::new(params, KeyPair::generate()?);
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        let name = format!("sonde://device/{}", self.device_id);
        params.subject_alt_names = vec![SanType::URI(name.try_into()?)];
        let certificate = params.signed_by(&key, &authority)?;
        Ok(Self {
            key: key.serialize_der(),
            certificate: certificate.der().to_vec(),
            ..self.clone()
        })
    }
}

fn said(body: from_agent::Body) -> FromAgent {
    FromAgent { body: Some(body) }
}

fn machine(id: &[u8; 16]) -> v1::Machine {
    v1::Machine {
        hostname: format!("peer-{:02x}{:02x}", id[0], id[1]),
        os: "linux".into(),
        machine_id: id.iter().map(|byte| format!("{byte:02x}")).collect(),
        ..v1::Machine::default()
    }
}

fn clock() -> v1::Clock {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let wall_us = now.map_or(0, |now| now.as_micros() as i64);
    v1::Clock {
        wall_us,
        boot_us: wall_us % 1_000_000_000_000,
    }
}

fn random() -> Result<[u8; 16]> {
    let mut bytes = [0; 16];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| anyhow!("no random numbers"))?;
    Ok(bytes)
}

fn refused(status: tonic::Status) -> anyhow::Error {
    anyhow!("{:?}: {}", status.code(), status.message())
}

/// The task that drives a connection; it ends with this.
#[derive(Debug)]
struct Connection(JoinHandle<()>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[derive(Clone, Debug)]
struct Transport(SendRequest<Body>);

impl tower_service::Service<http::Request<Body>> for Transport {
    type Response = http::Response<hyper::body::Incoming>;
    type Error = hyper::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Polled<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(self.0.send_request(request))
    }
}
