//! A web server of the test's own: one answer for whoever asks, plain and over TLS.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Result, anyhow};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::{ServerConfig, ServerConnection, Stream};

/// Bytes of a question's head that are read.
const HEAD_BYTES: u64 = 8 << 10;

/// Whoever issues certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    pub fn new(name: &str) -> Result<Self> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate()?;
        let pem = params.self_signed(&key)?.pem();
        Ok(Self {
            issuer: Issuer::new(params, key),
            pem,
        })
    }

    /// Its own certificate, as a bundle has it.
    pub fn pem(&self) -> String {
        self.pem.clone()
    }

    /// What a server shows that has a certificate of this authority's, from 2020 to the begin of a year.
    pub fn issue(&self, name: &str, until: i32) -> Result<Arc<ServerConfig>> {
        const TO_2020: Duration = Duration::from_secs(1_577_836_800);
        self.issue_from(name, TO_2020, until)
    }

    /// The same for one that begins so long after 1970 UTC.
    pub fn issue_from(&self, name: &str, from: Duration, until: i32) -> Result<Arc<ServerConfig>> {
        let mut params = CertificateParams::new(vec![name.to_owned()])?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = rcgen::date_time_ymd(1970, 1, 1) + from;
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let key = KeyPair::generate()?;
        let leaf = params.signed_by(&key, &self.issuer)?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf.der().clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )
            .map_err(|error| anyhow!("a server's certificate: {error}"))?;
        Ok(Arc::new(config))
    }
}

/// A running server; it ends with its value.
pub struct Web {
    pub plain: SocketAddr,
    pub safe: SocketAddr,
    shared: Arc<Mutex<State>>,
    serving: Vec<JoinHandle<()>>,
}

struct State {
    /// What follows the version, without the end of the head.
    answer: String,
    shown: Arc<ServerConfig>,
    is_over: bool,
}

fn state(shared: &Mutex<State>) -> MutexGuard<'_, State> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Web {
    pub fn start(at: IpAddr, shown: Arc<ServerConfig>) -> Result<Self> {
        let any = SocketAddr::new(at, 0);
        let mut web = Self {
            plain: any,
            safe: any,
            shared: Arc::new(Mutex::new(State {
                answer: "200 OK".into(),
                shown,
                is_over: true,
            })),
            serving: Vec::new(),
        };
        web.goes_on()?;
        Ok(web)
    }

    /// What it answers from now on: `302 Found\r\nLocation: …`.
    pub fn answers(&self, answer: &str) {
        state(&self.shared).answer = answer.to_owned();
    }

    /// What it shows from now on.
    pub fn shows(&self, shown: Arc<ServerConfig>) -> Result<()> {
        state(&self.shared).shown = shown;
        Ok(())
    }

    /// Nobody listens there any more.
    pub fn stops(&mut self) -> Result<()> {
        state(&self.shared).is_over = true;
        for (serving, at) in self.serving.drain(..).zip([self.plain, self.safe]) {
            // The one that is waited for.
            TcpStream::connect(at)?;
            let ended = serving.join();
            ended.map_err(|_| anyhow!("the web server broke"))?;
        }
        Ok(())
    }

    /// Listens again where it did.
    pub fn goes_on(&mut self) -> Result<()> {
        state(&self.shared).is_over = false;
        let plain = TcpListener::bind(self.plain)?;
        let safe = TcpListener::bind(self.safe)?;
        (self.plain, self.safe) = (plain.local_addr()?, safe.local_addr()?);
        self.serving = [(plain, false), (safe, true)]
            .map(|(listener, is_safe)| {
                let shared = self.shared.clone();
                std::thread::spawn(move || serve(&listener, is_safe, &shared))
            })
            .into();
        Ok(())
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.stops().ok();
    }
}

fn serve(listener: &TcpListener, is_safe: bool, shared: &Arc<Mutex<State>>) {
    for stream in listener.incoming().flatten() {
        let (answer, shown) = match &*state(shared) {
            State { is_over: true, .. } => return,
            State { answer, shown, .. } => (answer.clone(), shown.clone()),
        };
        // Who hangs up knows why.
        std::thread::spawn(move || match is_safe {
            true => safely(stream, shown, &answer).ok(),
            false => respond(stream, &answer).ok(),
        });
    }
}

fn safely(mut stream: TcpStream, shown: Arc<ServerConfig>, answer: &str) -> Result<()> {
    let mut tls = ServerConnection::new(shown)?;
    respond(Stream::new(&mut tls, &mut stream), answer)?;
    tls.send_close_notify();
    tls.complete_io(&mut stream)?;
    Ok(())
}

fn respond(mut stream: impl Read + Write, answer: &str) -> Result<()> {
    let mut head = BufReader::new((&mut stream).take(HEAD_BYTES));
    let mut line = String::new();
    while head.read_line(&mut line)? > 2 {
        line.clear();
    }
    write!(
        stream,
        "HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )?;
    Ok(stream.flush()?)
}
