//! The people's port, spoken to by hand: what stands in an answer's head, which the `sonde` command does not show.

use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

use crate::program::{PATIENCE, talk};
use crate::world::World;

/// A name in the console's own certificate.
const NAME: &str = "localhost";

/// What the collector answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.body).with_context(|| self.body.clone())
    }
}

/// What is sent with a request, and by whom.
#[derive(Clone, Copy, Debug)]
pub enum Said<'a> {
    /// Fetched, by nobody.
    Nothing,
    /// A form, by nobody.
    Form(&'a str),
    /// With these lines in the request's head; without a body it is fetched.
    With(&'a str, Option<&'a Value>),
    /// By whoever has the token; without a body it is fetched.
    Json(&'a str, Option<&'a Value>),
}

/// One request on a connection of its own. `body`: what is posted; nothing: it is fetched. An error: no whole answer
/// came.
pub fn ask(world: &World, token: &str, path: &str, body: Option<&Value>) -> Result<Answer> {
    exchange(world, path, Said::Json(token, body))
}

/// The same with these lines in the request's head, and a body.
pub fn ask_with(world: &World, fields: &str, path: &str, body: Option<&Value>) -> Result<Answer> {
    exchange(world, path, Said::With(fields, body))
}

/// The same with or without a credential.
pub fn exchange(world: &World, path: &str, said: Said<'_>) -> Result<Answer> {
    let authority = CertificateDer::from_pem_file(world.data().join("authority.crt"))
        .map_err(|error| anyhow!("the CA's certificate: {error}"))?;
    let mut roots = RootCertStore::empty();
    roots.add(authority)?;
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let place = world.bound().console.trim_start_matches("https://");
    let (method, head, text) = match said {
        Said::Nothing => ("GET", String::new(), String::new()),
        Said::Form(form) => (
            "POST",
            "Content-Type: application/x-www-form-urlencoded\r\n".to_owned(),
            form.to_owned(),
        ),
        Said::With(fields, body) => (
            if body.is_some() { "POST" } else { "GET" },
            format!("{fields}Content-Type: application/json\r\n"),
            body.map(Value::to_string).unwrap_or_default(),
        ),
        Said::Json(token, body) => (
            if body.is_some() { "POST" } else { "GET" },
            format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"),
            body.map(Value::to_string).unwrap_or_default(),
        ),
    };
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {place}\r\nConnection: close\r\n{head}Content-Length: {}\r\n\r\n{text}",
        text.len()
    );
    let answer = talk(async {
        let asked = async {
            let stream = TcpStream::connect(place).await?;
            let connector = TlsConnector::from(Arc::new(config));
            let mut stream = connector.connect(NAME.try_into()?, stream).await?;
            stream.write_all(request.as_bytes()).await?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await?;
            anyhow::Ok(String::from_utf8(answer)?)
        };
        timeout(PATIENCE, asked).await.context("no answer")?
    })?;
    read(&answer).with_context(|| answer.clone())
}

fn read(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let answer = Answer {
        status,
        headers,
        body: body.to_owned(),
    };
    let length = answer.header("content-length")?.parse::<usize>().ok()?;
    (body.len() == length).then_some(answer)
}
