//! Where an endpoint is: its address, taken apart and judged before it is kept.

use http::Uri;

use crate::desk::Refusal;
use crate::wording::{Wording, wording};

/// Longest address, characters.
pub(crate) const URL_LENGTH: usize = 2_000;

/// An address that messages are posted to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// A name, or an address without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: bool,
    /// With its query.
    pub(crate) path: String,
}

impl Target {
    /// `https://host[:port]/path`, or `http` where that is allowed.
    ///
    /// # Errors
    /// What is wrong with it, and what would be right.
    pub(crate) fn of(url: &str, plain_allowed: bool) -> Result<Self, Refusal> {
        let wrong = |why: Wording| {
            Refusal::new("url", wording!("{}: {}", ?url, why))
                .remedy(wording!("write it as https://tickets.example/hooks/sonde"))
        };
        if url.chars().count() > URL_LENGTH {
            let reason = wording!("more than {} characters", URL_LENGTH);
            return Err(Refusal::new("url", reason));
        }
        let is_plain = |c: char| c.is_ascii_graphic();
        let uri: Uri = match url.chars().all(is_plain) {
            true => url
                .parse()
                .map_err(|_| wrong(wording!("it is not an address")))?,
            false => {
                return Err(wrong(wording!(
                    "it has other characters than an address has"
                )));
            }
        };
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if plain_allowed => false,
            Some("http") => {
                return Err(wrong(wording!("it is not encrypted")).remedy(wording!(
                    "write https, or allow it in the collector's configuration: webhook_http = true"
                )));
            }
            _ => return Err(wrong(wording!("it does not begin with https://"))),
        };
        let authority = uri.authority().map(http::uri::Authority::as_str);
        if authority.is_some_and(|authority| authority.contains('@')) {
            return Err(wrong(wording!("a name or a password does not stand in it")));
        }
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        if host.is_empty() {
            return Err(wrong(wording!("it names no host")));
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self {
            host: host.to_ascii_lowercase(),
            port: uri.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            tls,
            path: path.to_owned(),
        })
    }

    /// As `Host` has it.
    pub(crate) fn authority(&self) -> String {
        let host = match self.host.contains(':') {
            true => format!("[{}]", self.host),
            false => self.host.clone(),
        };
        match (self.tls, self.port) {
            (true, 443) | (false, 80) => host,
            (_, port) => format!("{host}:{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: &str) {
        let shown = match Target::of(url, false) {
            Ok(target) => format!(
                "{} {} {} {}",
                target.host,
                target.port,
                target.authority(),
                target.path
            ),
            Err(refusal) => refusal.reason.to_string(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn an_address_is_taken_apart() {
        check("https://a.example", "a.example 443 a.example /");
        check(
            "https://A.example:8443/x?y=1",
            "a.example 8443 a.example:8443 /x?y=1",
        );
        check("https://[fd00::1]/x", "fd00::1 443 [fd00::1] /x");
        let plain = Target::of("http://a.example/", true).unwrap();
        assert_eq!((plain.tls, plain.port), (false, 80));
    }

    #[test]
    fn what_is_no_address_for_messages_is_refused() {
        check(
            "http://a.example",
            "\"http://a.example\": it is not encrypted",
        );
        check(
            "ftp://a.example",
            "\"ftp://a.example\": it does not begin with https://",
        );
        check("/x", "\"/x\": it does not begin with https://");
        check(
            "https://u:p@a.example",
            "\"https://u:p@a.example\": a name or a password does not stand in it",
        );
        check(
            "https://é.example",
            "\"https://é.example\": it has other characters than an address has",
        );
        check(
            "https://a\r\nHost:b",
            "\"https://a\\r\\nHost:b\": it has other characters than an address has",
        );
        check(
            &format!("https://a/{}", "x".repeat(2_000)),
            "more than 2000 characters",
        );
    }
}
