//! Addresses that a policy has a device try, in the form of URLs (RFC 3986): one parser for both ends of the wire.

use std::fmt::{self, Display};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Targets of one check of one device.
pub const MOST: usize = 20;
/// Characters of one target.
pub const LONGEST: usize = 200;
/// RFC 1035 §2.3.4
const LABEL_BYTES: usize = 63;
const NAME_BYTES: usize = 253;

/// What answers there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Tcp,
    Tls,
    Http,
    Https,
}

impl Scheme {
    const ALL: [Self; 4] = [Self::Tcp, Self::Tls, Self::Http, Self::Https];

    pub fn word(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// RFC 9110 §4.2; none: each service has its own.
    fn port(self) -> Option<u16> {
        match self {
            Self::Tcp | Self::Tls => None,
            Self::Http => Some(80),
            Self::Https => Some(443),
        }
    }

    /// Whether TLS is spoken first.
    pub fn is_tls(self) -> bool {
        matches!(self, Self::Tls | Self::Https)
    }

    /// Whether HTTP is spoken.
    pub fn is_http(self) -> bool {
        matches!(self, Self::Http | Self::Https)
    }
}

/// An address to be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    text: String,
    pub scheme: Scheme,
    /// Name or address, without brackets.
    pub host: String,
    pub port: u16,
    /// Path and query as HTTP asks for them; empty where HTTP is not spoken.
    pub path: String,
}

/// Why a text is no target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongTarget {
    #[error("it is longer than {LONGEST} characters")]
    Long,
    #[error(
        "it has a character that no address has: only ASCII without spaces, `#`, quotes, `<`, `>` and `\\`"
    )]
    Character,
    #[error("it begins with none of tcp://, tls://, http://, https://")]
    Scheme,
    #[error("a user or password does not belong into it")]
    User,
    #[error("{0:?} is neither a name nor an address; one of IPv6 stands in brackets")]
    Host(String),
    #[error("a port from 1 to 65535 has to follow the host")]
    Port,
    #[error("nothing may follow the port")]
    Path,
    #[error("it stands there twice")]
    Twice,
    #[error("there are more than {MOST}")]
    TooMany,
}

/// What every refusal of a target can go on with.
pub const REMEDY: &str = "write it as tcp://host:port, tls://host:port, http://host[:port]/path or https://host[:port]/path";

impl Target {
    /// From its text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, WrongTarget> {
        if text.chars().count() > LONGEST {
            return Err(WrongTarget::Long);
        }
        let is_plain = |b: u8| b.is_ascii_graphic() && !b"#\"'<>\\`^{|}".contains(&b);
        if !text.bytes().all(is_plain) {
            return Err(WrongTarget::Character);
        }
        let (scheme, rest) = Scheme::ALL
            .into_iter()
            .find_map(|scheme| {
                let rest = text.strip_prefix(scheme.word())?.strip_prefix("://")?;
                Some((scheme, rest))
            })
            .ok_or(WrongTarget::Scheme)?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err(WrongTarget::User);
        }
        let (host, port) = split(authority)?;
        let port = match port {
            Some(port) => number(port).ok_or(WrongTarget::Port)?,
            None => scheme.port().ok_or(WrongTarget::Port)?,
        };
        if !scheme.is_http() && !path.is_empty() {
            return Err(WrongTarget::Path);
        }
        let path = match scheme.is_http() {
            true if path.starts_with('/') => path.to_owned(),
            // RFC 9110 §4.2.3: an empty path is that of the root.
            true => format!("/{path}"),
            false => String::new(),
        };
        Ok(Self {
            text: text.to_owned(),
            scheme,
            host,
            port,
            path,
        })
    }

    /// All of a list; else where the first wrong one stands, and what is wrong with it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn all(texts: &[String]) -> Result<Vec<Self>, (usize, WrongTarget)> {
        if texts.len() > MOST {
            return Err((MOST, WrongTarget::TooMany));
        }
        let mut targets = Vec::with_capacity(texts.len());
        for (at, text) in texts.iter().enumerate() {
            let target = Self::parse(text).map_err(|wrong| (at, wrong))?;
            if targets.contains(&target) {
                return Err((at, WrongTarget::Twice));
            }
            targets.push(target);
        }
        Ok(targets)
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `host:port`, an address of IPv6 in brackets; without the port where it is the scheme's own.
    pub fn authority(&self) -> String {
        let host = match self.host.contains(':') {
            true => format!("[{}]", self.host),
            false => self.host.clone(),
        };
        match self.scheme.port() == Some(self.port) {
            true => host,
            false => format!("{host}:{}", self.port),
        }
    }
}

impl Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Host and port of an authority, the host without brackets.
pub(crate) fn split(authority: &str) -> Result<(String, Option<&str>), WrongTarget> {
    let wrong = |host: &str| WrongTarget::Host(host.to_owned());
    if let Some(rest) = authority.strip_prefix('[') {
        let (host, rest) = rest.split_once(']').ok_or_else(|| wrong(authority))?;
        host.parse::<Ipv6Addr>().map_err(|_| wrong(host))?;
        let port = match rest {
            "" => None,
            rest => Some(rest.strip_prefix(':').ok_or(WrongTarget::Port)?),
        };
        return Ok((host.to_owned(), port));
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    match is_host(host) && !port.is_some_and(|port| port.contains(':')) {
        true => Ok((host.to_ascii_lowercase(), port)),
        false => Err(wrong(authority)),
    }
}

/// A name of DNS, or an address of IPv4: what is made of digits and dots alone is no name.
pub(crate) fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        (1..=LABEL_BYTES).contains(&label.len()) && label.bytes().all(is_plain)
    };
    let is_numeric = host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    host.len() <= NAME_BYTES
        && host.split('.').all(is_label)
        && (!is_numeric || host.parse::<Ipv4Addr>().is_ok())
}

pub(crate) fn number(port: &str) -> Option<u16> {
    let is_number = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    let port = port.parse().ok().filter(|_| is_number)?;
    (port != 0).then_some(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let said = match Target::parse(text) {
            Ok(of) => format!("{} {} {} {}", of.scheme.word(), of.host, of.port, of.path),
            Err(wrong) => wrong.to_string(),
        };
        assert_eq!(said.trim_end(), expected, "{text}");
    }

    #[test]
    fn each_scheme_has_its_form() {
        check("tcp://db.example:5432", "tcp db.example 5432");
        check("tls://192.0.2.7:636", "tls 192.0.2.7 636");
        check("http://Example.ORG", "http example.org 80 /");
        check("http://h:8080/a?b=c", "http h 8080 /a?b=c");
        check("https://h?b", "https h 443 /?b");
        check("https://[2001:db8::1]/@x", "https 2001:db8::1 443 /@x");
        check("tcp://[::1]:22", "tcp ::1 22");
    }

    #[test]
    fn what_is_no_target_is_refused_with_its_reason() {
        let port = "a port from 1 to 65535 has to follow the host";
        for text in [
            "tcp://h",
            "tls://h:",
            "tcp://h:0",
            "tcp://h:+1",
            "tcp://h:65536",
            "tcp://[::1]22",
        ] {
            check(text, port);
        }
        let scheme = "it begins with none of tcp://, tls://, http://, https://";
        for text in [
            "",
            "h:80",
            "ftp://h/",
            "file:///etc/passwd",
            "HTTP://h",
            "https:/h",
        ] {
            check(text, scheme);
        }
        check(
            "http://me:secret@h/",
            "a user or password does not belong into it",
        );
        check("tcp://h:1/x", "nothing may follow the port");
        let character = "it has a character that no address has: only ASCII without spaces, `#`, quotes, `<`, `>` and `\\`";
        for text in [
            "http://a b/",
            "http://h/\r\nX: y",
            "http://h/#x",
            "http://hé/",
            "http://h/\0",
        ] {
            check(text, character);
        }
        let host = |host: &str| {
            format!("{host:?} is neither a name nor an address; one of IPv6 stands in brackets")
        };
        for text in ["", "1.2.3", "a..b", "2001:db8::1", "300.1.1.1", "a%b", "*"] {
            check(&format!("http://{text}/"), &host(text));
        }
        check("http://[::g]/", &host("::g"));
        check(
            &format!("http://h/{}", "x".repeat(LONGEST)),
            "it is longer than 200 characters",
        );
        assert!(Target::parse(&format!("http://h/{}", "x".repeat(LONGEST - 9))).is_ok());
    }

    #[test]
    fn a_list_is_bounded_and_has_each_once() {
        let of = |n: usize| {
            (1..=n)
                .map(|port| format!("tcp://h:{port}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(Target::all(&of(MOST)).map(|all| all.len()), Ok(MOST));
        assert_eq!(
            Target::all(&of(MOST + 1)),
            Err((MOST, WrongTarget::TooMany))
        );
        let twice = ["tcp://h:1".to_owned(), "tcp://h:1".to_owned()];
        assert_eq!(Target::all(&twice), Err((1, WrongTarget::Twice)));
        assert_eq!(
            Target::all(&["x".to_owned()]),
            Err((0, WrongTarget::Scheme))
        );
    }

    #[test]
    fn the_authority_is_as_http_names_it() {
        let of = |text| Target::parse(text).map(|target| target.authority());
        assert_eq!(of("http://h:80/").as_deref(), Ok("h"));
        assert_eq!(of("https://[::1]:80/").as_deref(), Ok("[::1]:80"));
        assert_eq!(of("tcp://h:80").as_deref(), Ok("h:80"));
    }
}
