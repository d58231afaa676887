//! Settings of the collector: one TOML file, read and judged before a port opens.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::endings::Patience;
use crate::webhooks::post::Postman;
use crate::webhooks::reach::{Range, Reach};

/// A year: no ticket waits longer to end by itself.
const LONGEST_HOURS: u32 = 8_760;

/// The commented default, as `serve --print-config` prints it.
pub const DEFAULT: &str = r#"# Settings of sonde-collector. Every key may be left out; what the command line says goes first.

# Where agents connect to. Port 0: any free one; the address is printed.
agents = "0.0.0.0:7443"

# Where people connect to: API and console, with TLS.
console = "127.0.0.1:8443"

# Reverse proxies (addresses) that are believed when they say in X-Forwarded-For where a request comes from.
trusted_proxies = []

# Plain HTTP instead, for a reverse proxy on the same machine. Only on a loopback address.
plain_console = false

# The console's certificate chain and key (PEM), read again when the files change. Default: one from the collector's
# own authority, whose fingerprint `serve` prints.
# certificate = "/etc/sonde/console.crt"
# key = "/etc/sonde/console.key"

# Names and addresses that the console's own certificate is for, beside localhost and the host name.
names = []

# Where the people who are helped reach the console from: it stands before the addresses of their pages. Default: the first of
# `names`, or the address in `console`; without it nobody gets a page from another machine.
# public_url = "https://help.example"

# "sqlite:PATH", "postgres://USER@HOST/NAME", or "@FILE" that holds one of these.
# Default: sonde.db in the data folder.
# store = "@/etc/sonde/store"

# How often devices report, and how long their sessions last.
report_every_seconds = 15
session_hours = 24

# A ticket that is proposed as solved is resolved when its requester does not answer for so long, and closed when it has
# stayed resolved for so long.
silence_hours = 72
close_after_hours = 168

# Webhooks are told at public addresses only. Ranges of others that they may be told at:
webhook_allow = []

# Whether a webhook may have an address with http, without TLS.
webhook_http = false

# Authorities (PEM) that webhooks' certificates are held against beside those of this machine.
# webhook_ca = "/etc/sonde/webhooks.pem"

# Log lines: "error", "warn", "info" or "debug"; as "text" or "json".
log = "info"
log_format = "text"
"#;

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub agents: SocketAddr,
    pub console: SocketAddr,
    pub trusted_proxies: Vec<IpAddr>,
    pub plain_console: bool,
    pub certificate: Option<PathBuf>,
    pub key: Option<PathBuf>,
    pub names: Vec<String>,
    pub public_url: Option<String>,
    pub store: Option<String>,
    pub report_every_seconds: u32,
    pub session_hours: u32,
    pub silence_hours: u32,
    pub close_after_hours: u32,
    pub webhook_allow: Vec<Range>,
    pub webhook_http: bool,
    pub webhook_ca: Option<PathBuf>,
    pub log: Level,
    pub log_format: Format,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    #[default]
    Text,
    Json,
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read {path}")]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path}: {}", .source.to_string().trim_end())]
    Parse {
        path: PathBuf,
        source: Box<toml::de::Error>,
    },
    #[error("{key}: {wrong}")]
    Value { key: &'static str, wrong: String },
}

impl Default for Config {
    fn default() -> Self {
        Self {
            agents: SocketAddr::from(([0, 0, 0, 0], 7443)),
            console: SocketAddr::from(([127, 0, 0, 1], 8443)),
            trusted_proxies: Vec::new(),
            plain_console: false,
            certificate: None,
            key: None,
            names: Vec::new(),
            public_url: None,
            store: None,
            report_every_seconds: 15,
            session_hours: 24,
            silence_hours: 72,
            close_after_hours: 168,
            webhook_allow: Vec::new(),
            webhook_http: false,
            webhook_ca: None,
            log: Level::default(),
            log_format: Format::default(),
        }
    }
}

impl Config {
    /// The settings in `path`; the defaults without one.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|source| ConfigError::Parse {
            path: path.to_owned(),
            source: Box::new(source),
        })
    }

    /// Refuses values that contradict each other or lie outside of what is possible.
    pub fn check(&self) -> Result<(), ConfigError> {
        let wrong = |key, wrong: &str| {
            Err(ConfigError::Value {
                key,
                wrong: wrong.to_owned(),
            })
        };
        if self.plain_console && !self.console.ip().is_loopback() {
            return wrong(
                "plain_console",
                "plain HTTP is for loopback addresses only; give `console` one, or leave TLS on",
            );
        }
        if self.certificate.is_some() != self.key.is_some() {
            return wrong("certificate", "`certificate` and `key` go together");
        }
        if let Some(url) = &self.public_url {
            let is_one = url
                .parse::<http::Uri>()
                .is_ok_and(|url| url.scheme().is_some() && url.authority().is_some());
            if !is_one || url.ends_with('/') || url.contains(['?', '#']) {
                return wrong("public_url", "write it like https://help.example");
            }
        }
        if !(1..=3600).contains(&self.report_every_seconds) {
            return wrong("report_every_seconds", "from 1 to 3600");
        }
        if !(1..=24).contains(&self.session_hours) {
            return wrong("session_hours", "from 1 to 24");
        }
        for (key, hours) in [
            ("silence_hours", self.silence_hours),
            ("close_after_hours", self.close_after_hours),
        ] {
            if !(1..=LONGEST_HOURS).contains(&hours) {
                return wrong(key, "from 1 to 8760");
            }
        }
        Ok(())
    }

    /// The store's address: as set, from the file that is named, or the data folder's own.
    pub fn store_url(&self, data: &Path) -> Result<String, ConfigError> {
        match self.store.as_deref() {
            None => Ok(format!("sqlite:{}", data.join("sonde.db").display())),
            Some(store) => match store.strip_prefix('@') {
                None => Ok(store.to_owned()),
                Some(file) => {
                    let path = PathBuf::from(file);
                    let text = std::fs::read_to_string(&path)
                        .map_err(|source| ConfigError::Read { path, source })?;
                    Ok(text.trim().to_owned())
                }
            },
        }
    }

    /// Where people reach their pages from other machines: as set; else under the first of the names, or the address, that
    /// the console has beside loopback. None: from this machine alone.
    pub(crate) fn page_url(&self, console: &str) -> Option<String> {
        if self.public_url.is_some() || self.console.ip().is_loopback() {
            return self.public_url.clone();
        }
        let (scheme, place) = console.split_once("://")?;
        let (_, port) = place.rsplit_once(':')?;
        match (self.names.first(), self.console.ip().is_unspecified()) {
            (Some(name), _) => Some(format!("{scheme}://{name}:{port}")),
            (None, false) => Some(console.to_owned()),
            (None, true) => None,
        }
    }

    pub fn report_every(&self) -> Duration {
        Duration::from_secs(self.report_every_seconds.into())
    }

    /// After how long a ticket ends by itself.
    pub(crate) fn patience(&self) -> Patience {
        let hours = |hours: u32| Duration::from_secs(u64::from(hours) * 3600);
        Patience {
            silence: hours(self.silence_hours),
            close_after: hours(self.close_after_hours),
        }
    }

    /// Where webhooks may be.
    pub(crate) fn reach(&self) -> Reach {
        Reach {
            allowed: self.webhook_allow.clone(),
        }
    }

    /// Who posts to webhooks.
    pub(crate) fn postman(&self) -> Result<Postman, ConfigError> {
        let postman = Postman::new(self.reach(), self.webhook_ca.as_deref());
        postman.map_err(|wrong| ConfigError::Value {
            key: "webhook_ca",
            wrong,
        })
    }

    pub fn session(&self) -> Duration {
        Duration::from_secs(u64::from(self.session_hours) * 3600)
    }
}

impl Level {
    /// As `tracing` names it.
    pub fn tracing(self) -> tracing::Level {
        match self {
            Self::Error => tracing::Level::ERROR,
            Self::Warn => tracing::Level::WARN,
            Self::Info => tracing::Level::INFO,
            Self::Debug => tracing::Level::DEBUG,
        }
    }
}

/// The address of a store from a command line, as it is.
///
/// # Errors
/// It has a password: every user of the machine can read what stands on a command line.
pub fn parse_store(text: &str) -> Result<String, String> {
    let rest = text.split_once("://").map_or("", |(_, rest)| rest);
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let user = place.rsplit_once('@').map_or("", |(user, _)| user);
    let asks = |part: &str| part.to_ascii_lowercase().starts_with("password=");
    match user.contains(':') || query.split('&').any(asks) {
        true => Err("a password does not stand on a command line; write the address into a file and name it: \
                     --store @FILE"
            .to_owned()),
        false => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_default_is_the_default() {
        let config: Config = toml::from_str(DEFAULT).unwrap();
        assert_eq!(config, Config::default());
        config.check().unwrap();
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let error = match toml::from_str::<Config>(text) {
            Ok(config) => config.check().unwrap_err().to_string(),
            Err(error) => error.message().to_owned(),
        };
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn a_wrong_value_is_named_by_its_key() {
        check(
            "plain_console = true\nconsole = \"0.0.0.0:80\"",
            "plain_console",
        );
        check("certificate = \"x\"", "certificate");
        check("report_every_seconds = 0", "report_every_seconds");
        for url in ["help.example", "https://help.example/", "https://a?b"] {
            check(&format!("public_url = \"{url}\""), "public_url");
        }
        check("session_hours = 25", "session_hours");
        check("colour = 1", "colour");
        check("webhook_allow = [\"10.0.0.1/8\"]", "beyond its length");
        check("trusted_proxies = [\"proxy\"]", "invalid IP address");
    }

    #[test]
    fn pages_are_where_people_reach_them() {
        let url = |text: &str, console: &str| {
            let config: Config = toml::from_str(text).unwrap();
            config.page_url(console).unwrap_or_default()
        };
        let all = "console = \"0.0.0.0:8443\"\n";
        let named = format!("{all}names = [\"help.lan\"]");
        assert_eq!(url("", "https://127.0.0.1:8443"), "");
        assert_eq!(url(all, "https://0.0.0.0:8443"), "");
        assert_eq!(url(&named, "https://0.0.0.0:8443"), "https://help.lan:8443");
        let one = "console = \"192.0.2.1:0\"";
        assert_eq!(url(one, "https://192.0.2.1:9"), "https://192.0.2.1:9");
        let set = "public_url = \"https://help.example\"";
        assert_eq!(url(set, "https://127.0.0.1:1"), "https://help.example");
    }

    #[test]
    fn the_stores_address_may_stand_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("store");
        std::fs::write(&file, "postgres://u:secret@h/d\n").unwrap();
        let config = Config {
            store: Some(format!("@{}", file.display())),
            ..Config::default()
        };
        assert_eq!(
            config.store_url(Path::new("/data")).unwrap(),
            "postgres://u:secret@h/d"
        );
        assert_eq!(
            Config::default().store_url(Path::new("/data")).unwrap(),
            "sqlite:/data/sonde.db"
        );
    }

    #[test]
    fn no_password_stands_on_the_command_line() {
        for good in [
            "@/etc/sonde/store",
            "sqlite:/data/sonde.db",
            "postgres://sonde@db:5432/sonde?host=/run/postgresql",
        ] {
            assert_eq!(parse_store(good), Ok(good.to_owned()));
        }
        for bad in [
            "postgres://sonde:secret@db/sonde",
            "postgres://sonde:a@b@db/sonde",
            "postgres://db/sonde?user=sonde&password=secret",
        ] {
            assert!(parse_store(bad).is_err(), "{bad}");
        }
    }
}
