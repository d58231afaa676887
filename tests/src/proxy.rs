//! An HTTP proxy on the way to the collector: it tunnels, refuses, or looks into what it should only carry.

use std::collections::HashSet;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Result, anyhow};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::{ServerConfig, ServerConnection};

/// What the proxy makes of a CONNECT.
#[derive(Clone, Debug)]
pub enum Manner {
    /// Carries it to the collector, whatever name was asked for.
    Tunnels,
    /// Answers with this status line.
    Answers(&'static str),
    /// Says that it carries it, and shows a certificate of its own authority.
    Inspects(Arc<ServerConfig>),
}

/// A running proxy; its connections end with it.
#[derive(Debug)]
pub struct Proxy {
    pub at: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    collector: SocketAddr,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    manner: Manner,
    /// What was asked for.
    asked: HashSet<String>,
    n_tunnels: usize,
    open: Vec<TcpStream>,
    is_over: bool,
}

impl Proxy {
    /// One in front of the collector.
    pub fn start(collector: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let at = listener.local_addr()?;
        let state = State {
            manner: Manner::Tunnels,
            asked: HashSet::new(),
            n_tunnels: 0,
            open: Vec::new(),
            is_over: false,
        };
        let shared = Arc::new(Shared {
            collector,
            state: Mutex::new(state),
        });
        let serving = shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if serving.state().is_over {
                    return;
                }
                let serving = serving.clone();
                // Who is refused or cut knows it by the connection's end.
                std::thread::spawn(move || serving.take(stream).ok());
            }
        });
        Ok(Self { at, shared })
    }

    /// From now on; what it carries is cut.
    pub fn becomes(&self, manner: Manner) {
        let mut state = self.shared.state();
        state.manner = manner;
        state.cut();
    }

    /// What was asked for: host and port.
    pub fn asked(&self) -> HashSet<String> {
        self.shared.state().asked.clone()
    }

    /// Connections that it has carried.
    pub fn n_tunnels(&self) -> usize {
        self.shared.state().n_tunnels
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.is_over = true;
        state.cut();
        drop(state);
        // The one that is waited for.
        TcpStream::connect(self.at).ok();
    }
}

impl State {
    fn cut(&mut self) {
        for stream in self.open.drain(..) {
            // It may be gone.
            stream.shutdown(Shutdown::Both).ok();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, mut stream: TcpStream) -> Result<()> {
        let mut head = BufReader::with_capacity(1, stream.try_clone()?).take(4096);
        let mut first = String::new();
        head.read_line(&mut first)?;
        let mut line = String::new();
        while head.read_line(&mut line)? > 2 {
            line.clear();
        }
        let asked = first
            .strip_prefix("CONNECT ")
            .and_then(|rest| rest.strip_suffix(" HTTP/1.1\r\n"));
        let Some(asked) = asked else {
            return Ok(stream.write_all(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")?);
        };
        let mut state = self.state();
        state.asked.insert(asked.to_owned());
        state.open.push(stream.try_clone()?);
        let manner = state.manner.clone();
        drop(state);
        match manner {
            Manner::Answers(status) => {
                stream.write_all(
                    format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").as_bytes(),
                )?;
            }
            Manner::Tunnels => self.carry(stream)?,
            Manner::Inspects(config) => {
                stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
                let mut tls = ServerConnection::new(config)?;
                while tls.is_handshaking() {
                    tls.complete_io(&mut stream)?;
                }
            }
        }
        Ok(())
    }

    fn carry(&self, mut stream: TcpStream) -> Result<()> {
        let mut collector = TcpStream::connect(self.collector)?;
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
        let mut state = self.state();
        state.n_tunnels += 1;
        state.open.push(collector.try_clone()?);
        drop(state);
        let (mut from, mut to) = (stream.try_clone()?, collector.try_clone()?);
        std::thread::spawn(move || {
            // Its end is the other direction's.
            io::copy(&mut from, &mut to).ok();
            to.shutdown(Shutdown::Both).ok();
        });
        io::copy(&mut collector, &mut stream).ok();
        stream.shutdown(Shutdown::Both).ok();
        Ok(())
    }
}

/// A proxy of a company that issues certificates for whatever its people visit.
pub fn inspecting(names: &[&str]) -> Result<Manner> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate()?;
    let authority = params.self_signed(&key)?;
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate()?;
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let leaf = CertificateParams::new(names)?.signed_by(&key, &issuer)?;
    let provider = Arc::new(ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(
            vec![leaf.der().clone(), authority.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .map_err(|error| anyhow!("the proxy's certificate: {error}"))?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(Manner::Inspects(Arc::new(config)))
}
