//! Where a collector listens, as people write it.

use http::Uri;

use super::super::failure::Failure;

/// Where a collector listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Address {
    pub(in super::super) host: String,
    pub(in super::super) port: u16,
    pub(in super::super) tls: bool,
}

impl std::fmt::Display for Address {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.host.contains(':') {
            true => write!(out, "[{}]:{}", self.host, self.port),
            false => write!(out, "{}:{}", self.host, self.port),
        }
    }
}

impl Address {
    /// One spelling of it: what is known of a collector is kept under that.
    pub(in super::super) fn url(&self) -> String {
        format!("http{}://{self}", if self.tls { "s" } else { "" })
    }

    /// `https://host:port`; plain `http` only for this very machine.
    pub(in super::super) fn parse(url: &str) -> Result<Self, Failure> {
        let wrong = |why: &str| {
            Failure::with_remedy(
                format!("{url}: {why}"),
                "write it as https://collector.example:8443",
            )
        };
        let uri: Uri = url.parse().map_err(|_| wrong("it is not an address"))?;
        let host = uri.host().ok_or_else(|| wrong("it names no host"))?;
        let host = host.trim_matches(['[', ']']).to_lowercase();
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1") => false,
            Some("http") => return Err(wrong("http is taken for this machine only")),
            _ => return Err(wrong("it begins with neither https:// nor http://")),
        };
        if !uri.path().trim_matches('/').is_empty() || uri.query().is_some() {
            return Err(wrong("it has a path"));
        }
        Ok(Self {
            host,
            port: uri.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            tls,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: &str) {
        let shown = match Address::parse(url) {
            Ok(address) => format!("{} {} {}", address.host, address.port, address.tls),
            Err(Failure::Other { what, .. }) => what,
            Err(Failure::Problem(_) | Failure::Closed) => panic!("{url}"),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        check("https://A.Example:8443/", "a.example 8443 true");
        let address = Address::parse("https://[::1]").unwrap();
        assert_eq!(address.url(), "https://[::1]:443");
        check("https://[::1]:8443", "::1 8443 true");
        check("http://127.0.0.1:80", "127.0.0.1 80 false");
        check(
            "http://a.example",
            "http://a.example: http is taken for this machine only",
        );
        check("https://a.example/x", "https://a.example/x: it has a path");
        check(
            "a.example",
            "a.example: it begins with neither https:// nor http://",
        );
    }
}
