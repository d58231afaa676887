//! What becomes of a visit to a target that a policy names: its name, a connection, TLS, HTTP.

mod http;
mod tls;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use sonde_proto::target::{Scheme, Target};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use super::{Host, Proxy, Reached, Unavailable, Validity};

pub use http::Answer;
pub use tls::Distrust;
use tls::Trust;

/// For a name, and for the whole of a visit: a diagnosis takes less than 2 s.
const NAME: Duration = Duration::from_millis(700);
const WHOLE: Duration = Duration::from_millis(1500);
/// Addresses of one name that are tried.
const MOST_ADDRESSES: usize = 4;

/// What became of a visit, and what was seen on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// `name:port` of the proxy that was asked to lead there.
    pub proxy: Option<String>,
    /// That of the target, or of the proxy.
    pub address: Option<IpAddr>,
    /// What the target's own certificate says, where it can be read.
    pub certificate: Option<Validity>,
    /// From the question for its name to the end of the visit.
    pub after: Duration,
    /// The answer, where HTTP is spoken.
    pub came_to: Result<Option<Answer>, Gone>,
}

/// Why a visit came to no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Gone {
    NoName,
    /// Nobody answers for the name.
    Unresolved,
    NotReached(Reached),
    /// The proxy lets nobody through; the status that it gives (RFC 9110 §15).
    Barred {
        status: u16,
    },
    Distrusted(Distrust),
    /// Whom this machine trusts cannot be told.
    Untold(Unavailable),
    /// What answers speaks no TLS.
    NoTls,
    /// It breaks TLS off, or this end has to: with these words.
    Tls {
        why: String,
    },
    NoHttp,
    HungUp(Stage),
    Late(Stage),
}

/// How far it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Proxy,
    Tls,
    Http,
}

impl Host {
    /// Visits all of `targets` at once.
    pub async fn visit(&self, targets: &[Target]) -> Vec<Visit> {
        let until = Instant::now() + WHOLE;
        // Read once, and only for those who need it.
        let is_tls = targets.iter().any(|target| target.scheme.is_tls());
        let trust = is_tls.then(|| Trust::of(self));
        let visits = targets.iter().map(async |target| {
            let began = Instant::now();
            let proxy = self.proxy_toward(target);
            let mut visit = Visit {
                proxy: proxy.as_ref().map(Proxy::authority),
                address: None,
                certificate: None,
                after: Duration::ZERO,
                came_to: Ok(None),
            };
            let way = Way {
                host: self,
                target,
                proxy,
                until,
            };
            visit.came_to = way.go(trust.as_ref(), &mut visit).await;
            visit.after = began.elapsed();
            visit
        });
        futures::future::join_all(visits).await
    }
}

/// Of one visit.
struct Way<'a> {
    host: &'a Host,
    target: &'a Target,
    proxy: Option<Proxy>,
    until: Instant,
}

impl Way<'_> {
    async fn go(
        &self,
        trust: Option<&Result<Trust, Unavailable>>,
        visit: &mut Visit,
    ) -> Result<Option<Answer>, Gone> {
        let (target, until) = (self.target, self.until);
        let mut stream = self.connect(visit).await?;
        if target.scheme == Scheme::Https && self.proxy.is_some() {
            http::tunnel(&mut stream, target, until).await?;
        }
        let mut shaken = match trust.filter(|_| target.scheme.is_tls()) {
            Some(Ok(trust)) => {
                let (shaken, certificate) = trust.shake(stream, target, until).await;
                visit.certificate = certificate;
                shaken?
            }
            Some(Err(why)) => return Err(Gone::Untold(why.clone())),
            None if target.scheme.is_http() => {
                let is_proxied = self.proxy.is_some();
                let answer = http::ask(&mut stream, target, is_proxied, until).await?;
                return Ok(Some(answer));
            }
            None => return Ok(None),
        };
        match target.scheme.is_http() {
            true => http::ask(&mut shaken, target, false, until).await.map(Some),
            false => Ok(None),
        }
    }

    /// To the first of its addresses that answers, or the proxy's.
    async fn connect(&self, visit: &mut Visit) -> Result<TcpStream, Gone> {
        let (name, port) = match &self.proxy {
            Some(proxy) => (&proxy.host, proxy.port.unwrap_or_default()),
            None => (&self.target.host, self.target.port),
        };
        let addresses = tokio::time::timeout(NAME, self.host.addresses_of(name)).await;
        let addresses = match addresses {
            Ok(Ok(addresses)) if addresses.is_empty() => return Err(Gone::NoName),
            Ok(Ok(addresses)) => addresses,
            Ok(Err(_)) | Err(_) => return Err(Gone::Unresolved),
        };
        let left = self.until.saturating_duration_since(Instant::now());
        let tries = addresses.into_iter().take(MOST_ADDRESSES);
        let tries = tries.map(async |address| {
            let to = SocketAddr::new(address, port);
            (address, self.host.connect(to, left).await)
        });
        let mut tries: FuturesUnordered<_> = tries.collect();
        let mut failed: Option<Reached> = None;
        while let Some((address, tried)) = tries.next().await {
            match tried {
                Ok(stream) => {
                    visit.address = Some(address);
                    return Ok(stream);
                }
                Err(why) => {
                    if failed
                        .as_ref()
                        .is_none_or(|one| telling(one) < telling(&why))
                    {
                        visit.address = Some(address);
                        failed = Some(why);
                    }
                }
            }
        }
        Err(Gone::NotReached(failed.unwrap_or(Reached::Silent)))
    }
}

/// Of several addresses that failed, what is said most about: a machine without IPv6 has no way to half of them.
fn telling(of: &Reached) -> u8 {
    match of {
        Reached::Unreachable { .. } => 0,
        Reached::Silent => 1,
        Reached::Forbidden => 2,
        Reached::Refused | Reached::Connected => 3,
    }
}

/// In time, or late at this stage; an end of the connection is what it is.
async fn in_time<T>(
    what: impl Future<Output = std::io::Result<T>>,
    stage: Stage,
    until: Instant,
) -> Result<T, Gone> {
    match timeout_at(until, what).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(_)) => Err(Gone::HungUp(stage)),
        Err(_) => Err(Gone::Late(stage)),
    }
}

#[cfg(test)]
mod tests;
