//! From an address to a connection over which the collector has proved who it is.
//!
//! The name is resolved and its addresses race, IPv6 and IPv4 in turn (RFC 8305, with one delay for all); when none
//! answers, the addresses that led there before are tried. An HTTP proxy is asked with CONNECT (RFC 9110 §9.3.6).

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{self, ClientConfig};

/// One address may take so long; the whole of a dial, twice.
const CONNECT: Duration = Duration::from_secs(10);
/// The next address joins the race after this.
const NEXT_ADDRESS: Duration = Duration::from_millis(250);
const HANDSHAKE: Duration = Duration::from_secs(10);
/// A proxy's answer, at most.
const PROXY_ANSWER_BYTES: usize = 8192;
/// Addresses that take part in one race.
const RACERS: usize = 16;
/// The name in every collector's certificate: agents trust one CA, whatever address leads there.
pub const COLLECTOR_NAME: &str = "collector.sonde.internal";

/// Where a collector is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Name or address, without brackets.
    pub host: String,
    pub port: u16,
}

#[derive(Debug, thiserror::Error)]
pub enum DialError {
    #[error("'{0}' is not an address of a collector; it looks like https://collector.example:7443")]
    Address(String),
    #[error("the name {host} does not resolve")]
    Resolve { host: String, source: io::Error },
    #[error("{host} port {port} cannot be reached")]
    Unreachable {
        host: String,
        port: u16,
        source: io::Error,
    },
    #[error("the proxy's address is not understood; it looks like http://proxy.example:3128")]
    ProxyAddress,
    #[error("the proxy {proxy} does not let us through to {host}: {answer}")]
    Proxy {
        proxy: String,
        host: String,
        answer: String,
    },
    #[error(
        "{at} shows a certificate that this collector's authority did not issue: another server, or a proxy that \
         inspects TLS; it must let this connection through untouched"
    )]
    Inspected { at: String },
    #[error("{at} refuses the connection: {reason}")]
    Tls { at: String, reason: String },
}

impl Target {
    /// From `https://host:port`, `https://[v6]:port` or `host:port`.
    pub fn parse(text: &str) -> Result<Self, DialError> {
        let wrong = || DialError::Address(text.to_owned());
        let rest = text
            .strip_prefix("https://")
            .unwrap_or(text)
            .trim_end_matches('/');
        let (host, port) = rest.rsplit_once(':').ok_or_else(wrong)?;
        let host = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host);
        let plain = !host.is_empty()
            && host
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-._:%".contains(c));
        let port = port
            .parse()
            .ok()
            .filter(|port| *port != 0)
            .ok_or_else(wrong)?;
        if plain {
            Ok(Self {
                host: host.to_owned(),
                port,
            })
        } else {
            Err(wrong())
        }
    }

    /// `host:port`, with brackets where they are needed.
    pub fn authority(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

/// The proxy for `target`, if any: the configured one, else what the environment says (`https_proxy`, `no_proxy`).
pub fn proxy_for(
    target: &Target,
    configured: Option<&str>,
    environment: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    let either = |name: &str| environment(name).or_else(|| environment(&name.to_ascii_uppercase()));
    let proxy = match configured {
        Some("") => None,
        Some(proxy) => Some(proxy.to_owned()),
        None if excluded(&target.host, &either("no_proxy").unwrap_or_default()) => None,
        None => either("https_proxy"),
    };
    let proxy = proxy?;
    let bare = proxy
        .strip_prefix("http://")
        .unwrap_or(&proxy)
        .trim_end_matches('/');
    (!bare.is_empty()).then(|| bare.to_owned())
}

/// Whether a list such as that of `no_proxy` has `host`, or the domain that it is in.
pub(crate) fn excluded(host: &str, no_proxy: &str) -> bool {
    no_proxy
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .any(|entry| {
            let entry = entry.trim_start_matches('.');
            entry == "*"
                || host == entry
                || host
                    .strip_suffix(entry)
                    .is_some_and(|rest| rest.ends_with('.'))
        })
}

/// Connects and proves the collector. `known`: addresses that led there before. Gives the address that answered.
pub async fn dial(
    target: &Target,
    proxy: Option<&str>,
    known: &[String],
    tls: Arc<ClientConfig>,
) -> Result<(TlsStream<TcpStream>, SocketAddr), DialError> {
    let (stream, address) = match proxy {
        Some(proxy) => through(proxy, target).await?,
        None => direct(target, known).await?,
    };
    let at = match proxy {
        Some(proxy) => format!("{} through the proxy {proxy}", target.authority()),
        None => target.authority(),
    };
    let name = ServerName::try_from(COLLECTOR_NAME).map_err(|error| DialError::Tls {
        at: at.clone(),
        reason: error.to_string(),
    })?;
    let handshake = timeout(HANDSHAKE, TlsConnector::from(tls).connect(name, stream)).await;
    let stream = handshake
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
        .map_err(|error| tls_error(at, &error))?;
    Ok((stream, address))
}

fn tls_error(at: String, error: &io::Error) -> DialError {
    use rustls::{CertificateError, Error};
    match error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Error>())
    {
        Some(Error::InvalidCertificate(
            CertificateError::UnknownIssuer
            | CertificateError::BadSignature
            | CertificateError::InvalidPurpose,
        )) => DialError::Inspected { at },
        Some(other) => DialError::Tls {
            at,
            reason: other.to_string(),
        },
        None => DialError::Tls {
            at,
            reason: error.to_string(),
        },
    }
}

async fn direct(target: &Target, known: &[String]) -> Result<(TcpStream, SocketAddr), DialError> {
    let resolved = timeout(
        CONNECT,
        tokio::net::lookup_host((target.host.as_str(), target.port)),
    )
    .await;
    let resolved = resolved.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    let remembered = || known.iter().filter_map(|address| address.parse().ok());
    let (first, unresolved) = match resolved {
        Ok(addresses) => (in_turn(addresses.collect()), None),
        Err(error) => (Vec::new(), Some(error)),
    };
    let rest: Vec<SocketAddr> = remembered()
        .filter(|address| !first.contains(address))
        .collect();
    let mut failure = unresolved.map(|source| DialError::Resolve {
        host: target.host.clone(),
        source,
    });
    for round in [first, rest] {
        if round.is_empty() {
            continue;
        }
        match race(round).await {
            Ok(reached) => return Ok(reached),
            Err(source) => {
                failure = failure.or_else(|| {
                    Some(DialError::Unreachable {
                        host: target.host.clone(),
                        port: target.port,
                        source,
                    })
                });
            }
        }
    }
    let nothing = || DialError::Resolve {
        host: target.host.clone(),
        source: io::ErrorKind::NotFound.into(),
    };
    Err(failure.unwrap_or_else(nothing))
}

/// IPv6 and IPv4 in turn, each in the resolver's order.
fn in_turn(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let (six, four): (Vec<_>, Vec<_>) = addresses.into_iter().partition(SocketAddr::is_ipv6);
    let longest = six.len().max(four.len());
    (0..longest)
        .flat_map(|i| [six.get(i), four.get(i)])
        .flatten()
        .copied()
        .collect()
}

async fn race(addresses: Vec<SocketAddr>) -> io::Result<(TcpStream, SocketAddr)> {
    let mut racers = JoinSet::new();
    for (place, address) in addresses.into_iter().take(RACERS).enumerate() {
        racers.spawn(async move {
            sleep(NEXT_ADDRESS * place as u32).await;
            let connected = timeout(CONNECT, TcpStream::connect(address)).await;
            let stream = connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
            stream.set_nodelay(true)?;
            Ok::<_, io::Error>((stream, address))
        });
    }
    let mut failure = io::Error::from(io::ErrorKind::NotFound);
    while let Some(raced) = racers.join_next().await {
        match raced {
            Ok(Ok(reached)) => return Ok(reached),
            Ok(Err(error)) => failure = error,
            Err(error) => failure = io::Error::other(error),
        }
    }
    Err(failure)
}

async fn through(proxy: &str, target: &Target) -> Result<(TcpStream, SocketAddr), DialError> {
    // It may hold a password: it is not repeated before it was understood.
    let itself = Target::parse(proxy).map_err(|_| DialError::ProxyAddress)?;
    let refused = |answer: String| DialError::Proxy {
        proxy: proxy.to_owned(),
        host: target.host.clone(),
        answer,
    };
    let (mut stream, address) = direct(&itself, &[])
        .await
        .map_err(|error| refused(error.to_string()))?;
    let authority = target.authority();
    let request = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
    let answer = timeout(CONNECT, async {
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") && answer.len() < PROXY_ANSWER_BYTES {
            answer.push(stream.read_u8().await?);
        }
        Ok::<_, io::Error>(answer)
    });
    let answer = answer
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
        .map_err(|error| refused(error.to_string()))?;
    let status = String::from_utf8_lossy(&answer)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned();
    if status
        .split_whitespace()
        .nth(1)
        .is_some_and(|code| code.starts_with('2'))
    {
        Ok((stream, address))
    } else {
        Err(refused(
            sonde_proto::text::clean(&status, 200, false).into_owned(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, u16)>) {
        let target = Target::parse(text).ok();
        assert_eq!(
            target
                .as_ref()
                .map(|target| (target.host.as_str(), target.port)),
            expected,
            "{text}"
        );
    }

    #[test]
    fn an_address_needs_host_and_port() {
        check(
            "https://collector.example:7443",
            Some(("collector.example", 7443)),
        );
        check("https://[::1]:7443/", Some(("::1", 7443)));
        check("10.0.0.1:1", Some(("10.0.0.1", 1)));
        check("https://collector.example", None);
        check("https://:7443", None);
        check("https://a b:7443", None);
        check("host:0", None);
    }

    #[track_caller]
    fn check_proxy(host: &str, configured: Option<&str>, no_proxy: &str, expected: Option<&str>) {
        let target = Target {
            host: host.into(),
            port: 1,
        };
        let environment = |name: &str| match name {
            "HTTPS_PROXY" => Some("http://proxy:3128/".to_owned()),
            "no_proxy" => Some(no_proxy.to_owned()),
            _ => None,
        };
        assert_eq!(
            proxy_for(&target, configured, environment).as_deref(),
            expected
        );
    }

    #[test]
    fn the_configured_proxy_goes_before_the_environments() {
        check_proxy("a.example", None, "", Some("proxy:3128"));
        check_proxy(
            "a.example",
            Some("http://mine:1"),
            "example",
            Some("mine:1"),
        );
        check_proxy("a.example", Some(""), "", None);
        check_proxy("a.example", None, "b.example, .example", None);
        check_proxy("aexample", None, "example", Some("proxy:3128"));
    }

    #[test]
    fn both_families_take_part_in_turn() {
        let parse = |text: &str| text.parse::<SocketAddr>().unwrap();
        let all = ["1.1.1.1:1", "2.2.2.2:1", "[::1]:1"].map(parse).to_vec();
        assert_eq!(
            in_turn(all),
            ["[::1]:1", "1.1.1.1:1", "2.2.2.2:1"].map(parse)
        );
    }
}
