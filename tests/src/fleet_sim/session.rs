//! One open session of a simulated device.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use sonde_agent::dial::{COLLECTOR_NAME, Target};
use sonde_agent::link::{self, Link};
use sonde_agent::{facts, wire};
use sonde_proto::declaration;
use sonde_proto::series::Encoder;
use sonde_proto::v1::{
    self, FromAgent, Hello, ToAgent, Welcome, declaration::Body, from_agent, to_agent,
};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;

/// How long the other side may take for anything.
const PATIENCE: Duration = Duration::from_secs(60);
/// Messages that wait to be sent.
const OUTBOUND: usize = 80;

/// What the real agent declares: bodies under their ids.
static DECLARED: LazyLock<Vec<(declaration::DeclarationId, Vec<u8>)>> = LazyLock::new(|| {
    let tables = facts::ALL
        .iter()
        .map(|table| declaration::encode(Body::Table(wire::table(table))));
    tables
        .chain([declaration::encode(Body::Catalogue(wire::catalogue()))])
        .collect()
});

#[derive(Debug)]
pub struct Session {
    outbound: mpsc::Sender<FromAgent>,
    inbound: Streaming<ToAgent>,
    _link: Link,
    pub encoder: Encoder,
}

/// A connection from the local address `source`, proved.
pub async fn dial(target: &Target, source: u8, tls: ClientConfig) -> Result<TlsStream<TcpStream>> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(
        IpAddr::V4(Ipv4Addr::new(127, 0, 0, source)),
        0,
    ))?;
    let to: SocketAddr = format!("{}:{}", target.host, target.port).parse()?;
    let stream = timeout(PATIENCE, socket.connect(to)).await??;
    stream.set_nodelay(true)?;
    let name = ServerName::try_from(COLLECTOR_NAME)?;
    let shaken = timeout(
        PATIENCE,
        TlsConnector::from(Arc::new(tls)).connect(name, stream),
    )
    .await;
    Ok(shaken??)
}

/// A whole handshake and nothing else: the other side has accepted it when its first byte comes.
pub async fn handshake(target: &Target, source: u8, tls: ClientConfig) -> Result<()> {
    let mut stream = dial(target, source, tls).await?;
    timeout(PATIENCE, stream.read_u8()).await??;
    Ok(())
}

/// The ids of everything that a device declares.
pub fn declaration_ids() -> Vec<prost::bytes::Bytes> {
    DECLARED.iter().map(|(id, _)| id.to_vec().into()).collect()
}

impl Session {
    /// Says hello over `stream` and waits for the welcome.
    pub async fn open(stream: TlsStream<TcpStream>, hello: Hello) -> Result<(Self, Welcome)> {
        let link = link::over(stream).await?;
        let (outbound, receiver) = mpsc::channel(OUTBOUND);
        outbound.try_send(message(from_agent::Body::Hello(hello)))?;
        let mut client = link.client.clone();
        let call = timeout(PATIENCE, client.session(ReceiverStream::new(receiver))).await?;
        let inbound = call.map_err(|status| anyhow!("{}", status.message()))?;
        let mut session = Self {
            outbound,
            inbound: inbound.into_inner(),
            _link: link,
            encoder: Encoder::default(),
        };
        loop {
            let came = session.next().await?;
            if let to_agent::Body::WantDeclarations(want) = &came {
                session.declare(want).await?;
            } else if let to_agent::Body::Welcome(welcome) = came {
                return Ok((session, welcome));
            } else {
                bail!("instead of a welcome came {came:?}");
            }
        }
    }

    pub async fn say(&self, body: from_agent::Body) -> Result<()> {
        self.outbound
            .send(message(body))
            .await
            .map_err(|_| anyhow!("the link is gone"))
    }

    /// The next message of the collector.
    pub async fn next(&mut self) -> Result<to_agent::Body> {
        let came = timeout(PATIENCE, self.inbound.message()).await;
        let came = came.context("the collector is silent")?;
        came.map_err(|status| anyhow!("{}", status.message()))?
            .and_then(|message| message.body)
            .context("the collector closed the session")
    }

    /// The same, as long as it takes.
    pub async fn hear(&mut self) -> Result<to_agent::Body> {
        let came = self.inbound.message().await;
        came.map_err(|status| anyhow!("{}", status.message()))?
            .and_then(|message| message.body)
            .context("the collector closed the session")
    }

    /// Sends the declarations that are asked for.
    pub async fn declare(&self, want: &v1::WantDeclarations) -> Result<()> {
        let wanted = DECLARED
            .iter()
            .filter(|(id, _)| want.ids.iter().any(|wanted| wanted[..] == id[..]));
        for declared in declaration::in_messages(wanted.map(|(_, body)| body.clone().into())) {
            self.say(from_agent::Body::Declared(declared)).await?;
        }
        Ok(())
    }
}

fn message(body: from_agent::Body) -> FromAgent {
    FromAgent { body: Some(body) }
}
