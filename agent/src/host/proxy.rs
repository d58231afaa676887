//! Proxies that programs of the machine are told to use.

use sonde_proto::target::Target;

use super::{Host, os};
use crate::dial::excluded;

/// A proxy that programs of this machine are told to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Name or address, without brackets.
    pub host: String,
    /// Absent: each program has its own idea of it.
    pub port: Option<u16>,
    /// Files and programs that name it.
    pub sources: Vec<String>,
}

impl Proxy {
    /// From `http://user:password@host:port/`; what is secret is left out. Absent: it names none.
    pub fn parse(text: &str, source: &str) -> Option<Self> {
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        let rest = rest.split(['/', '?', '#']).next()?;
        let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
        let (host, port) = match rest.strip_prefix('[') {
            Some(rest) => {
                let (host, port) = rest.split_once(']')?;
                (host, port.strip_prefix(':'))
            }
            None => match rest.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (rest, None),
            },
        };
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:%".contains(c);
        (!host.is_empty() && host.chars().all(is_plain)).then(|| Self {
            host: host.to_owned(),
            port: port.and_then(|port| port.parse().ok()),
            sources: vec![source.to_owned()],
        })
    }

    /// `host:port`.
    pub fn authority(&self) -> String {
        let host = match self.host.contains(':') {
            true => format!("[{}]", self.host),
            false => self.host.clone(),
        };
        match self.port {
            Some(port) => format!("{host}:{port}"),
            None => host,
        }
    }
}

impl Host {
    /// The proxy by which programs of this machine come to a target, as the environment of the whole machine says it; only
    /// HTTP has proxies. Absent: they go there themselves.
    pub fn proxy_toward(&self, target: &Target) -> Option<Proxy> {
        if !target.scheme.is_http() {
            return None;
        }
        let variables = os::proxy_variables(self);
        let of = |name: &str| {
            let one = variables.iter().find(|(of, _, _)| of == name);
            one.map(|(_, value, source)| (value.as_str(), *source))
        };
        if of("no_proxy").is_some_and(|(hosts, _)| excluded(&target.host, hosts)) {
            return None;
        }
        let of_scheme = of(&format!("{}_proxy", target.scheme.word()));
        let (value, source) = of_scheme.or_else(|| of("all_proxy"))?;
        Proxy::parse(value, source).filter(|proxy| proxy.port.is_some())
    }

    /// Proxies that are set for the whole machine, and the agent's own; each once.
    pub fn proxies(&self) -> Vec<Proxy> {
        let mut proxies = os::proxies(self);
        if let Some(own) = self.collector().and_then(|collector| collector.proxy) {
            proxies.extend(Proxy::parse(&own, "sonde-agent"));
        }
        let mut merged = Vec::<Proxy>::new();
        for proxy in proxies {
            let is_it = |one: &&mut Proxy| (&one.host, one.port) == (&proxy.host, proxy.port);
            match merged.iter_mut().find(is_it) {
                Some(one) => one.sources.extend(proxy.sources),
                None => merged.push(proxy),
            }
        }
        for proxy in &mut merged {
            proxy.sources.dedup();
        }
        merged
    }
}

#[test]
fn a_proxy_is_parsed_without_its_secret() {
    let shown = |text| Proxy::parse(text, "x").map(|proxy| proxy.authority());
    assert_eq!(
        shown("http://me:secret@proxy.example:3128/").as_deref(),
        Some("proxy.example:3128")
    );
    assert_eq!(
        shown("[2001:db8::1]:8080").as_deref(),
        Some("[2001:db8::1]:8080")
    );
    assert_eq!(shown("socks5://192.0.2.1").as_deref(), Some("192.0.2.1"));
    assert_eq!(shown("http://$HOST:3128"), None);
    assert_eq!(shown(""), None);
}
