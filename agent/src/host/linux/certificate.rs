//! Certificates that this machine's own services show: files that their configurations name. Of each file the first
//! certificate counts, which is the service's own.

use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;

use crate::host::{Certificate, Host, Unavailable, Validity};

/// A service, the files of its configuration (a folder: all in it), and the words that a certificate's path follows.
struct Service {
    name: &'static str,
    places: &'static [&'static str],
    words: &'static [&'static str],
}

const SERVICES: &[Service] = &[
    Service {
        name: "nginx",
        places: &[
            "/etc/nginx/nginx.conf",
            "/etc/nginx/conf.d",
            "/etc/nginx/sites-enabled",
            "/etc/nginx/snippets",
        ],
        words: &["ssl_certificate"],
    },
    Service {
        name: "apache",
        places: &[
            "/etc/apache2/apache2.conf",
            "/etc/apache2/conf-enabled",
            "/etc/apache2/sites-enabled",
            "/etc/httpd/conf/httpd.conf",
            "/etc/httpd/conf.d",
        ],
        words: &["SSLCertificateFile"],
    },
    Service {
        name: "postfix",
        places: &["/etc/postfix/main.cf"],
        words: &["smtpd_tls_cert_file", "smtpd_tls_chain_files"],
    },
    Service {
        name: "dovecot",
        places: &["/etc/dovecot/dovecot.conf", "/etc/dovecot/conf.d"],
        words: &["ssl_cert", "ssl_server_cert_file"],
    },
    Service {
        name: "haproxy",
        places: &["/etc/haproxy/haproxy.cfg"],
        words: &["crt"],
    },
    Service {
        name: "exim",
        places: &[
            "/etc/exim4/exim4.conf.localmacros",
            "/etc/exim4/conf.d/main",
        ],
        words: &["tls_certificate", "MAIN_TLS_CERTIFICATE"],
    },
];

/// Folders whose certificates are all in use, the endings that they have, and by whom.
const FOLDERS: &[(&str, &str, &str)] = &[
    ("/etc/cups/ssl", ".crt", "cups"),
    ("/etc/ssl", ".crt", "/etc/ssl"),
    ("/etc/ssl", ".pem", "/etc/ssl"),
];
/// Of whom the machine trusts: none of them is its own.
const BUNDLES: &[&str] = &[
    "ca-bundle.crt",
    "ca-bundle.pem",
    "ca-certificates.crt",
    "cert.pem",
];
const LETS_ENCRYPT: &str = "/etc/letsencrypt/live";
/// Files of one configuration, certificates in all, bytes of one.
const MOST_FILES: usize = 500;
const MOST: usize = 500;
const CERTIFICATE_BYTES: usize = 1 << 20;

pub(in crate::host) fn certificates(host: &Host) -> Result<Vec<Certificate>, Unavailable> {
    let mut named: Vec<(String, &str)> = Vec::new();
    for service in SERVICES {
        for text in texts(host, service.places) {
            let paths = text.lines().filter_map(|line| path_in(line, service.words));
            named.extend(paths.map(|path| (path, service.name)));
        }
    }
    for (folder, end, by) in FOLDERS {
        let names = host.names(folder).unwrap_or_default().into_iter();
        let ours = names.filter(|name| name.ends_with(end) && !BUNDLES.contains(&name.as_str()));
        named.extend(ours.map(|name| (format!("{folder}/{name}"), *by)));
    }
    for name in host.names(LETS_ENCRYPT).unwrap_or_default() {
        let path = format!("{LETS_ENCRYPT}/{name}/cert.pem");
        if host.exists(&path) {
            named.push((path, "letsencrypt"));
        }
    }
    // Of several services that show one, the first is named.
    named.sort_by(|a, b| a.0.cmp(&b.0));
    named.dedup_by(|b, a| a.0 == b.0);
    named.truncate(MOST);
    let one = |(path, used_by): (String, &str)| Certificate {
        validity: read(host, &path),
        used_by: used_by.to_owned(),
        path,
    };
    Ok(named.into_iter().map(one).collect())
}

/// Of the files that are there, and of those in the folders.
fn texts(host: &Host, places: &[&str]) -> Vec<String> {
    let files = places.iter().flat_map(|place| match host.names(place) {
        Ok(names) => names.iter().map(|name| format!("{place}/{name}")).collect(),
        Err(_) => vec![(*place).to_owned()],
    });
    files
        .take(MOST_FILES)
        .filter_map(|file| host.text(&file).ok())
        .collect()
}

/// The path in a line that is set for one of `words`: `ssl_certificate /etc/x.pem;`, `ssl_cert = </etc/x.pem`,
/// `bind :443 ssl crt /etc/x.pem`.
fn path_in(line: &str, words: &[&str]) -> Option<String> {
    let line = line.trim_start();
    if line.starts_with(['#', ';']) {
        return None;
    }
    let mut parts =
        line.split(|c: char| c.is_whitespace() || matches!(c, '=' | ',' | ';' | '<' | '"' | '\''));
    parts.find(|part| words.contains(part))?;
    // A chain's file may stand after that of its key.
    let mut paths = parts.filter(|part| part.starts_with('/') && !part.contains(['$', '*']));
    let is_key = |path: &str| path.contains("key");
    let path = paths
        .clone()
        .find(|path| !is_key(path))
        .or_else(|| paths.next())?;
    Some(path.to_owned())
}

fn read(host: &Host, path: &str) -> Result<Validity, Unavailable> {
    let broken = || Unavailable::broken(path, "no certificate");
    let length = std::fs::metadata(host.path(path))
        .map_err(|error| Unavailable::io(path, &error))?
        .len();
    if length > CERTIFICATE_BYTES as u64 {
        return Err(broken());
    }
    let bytes = std::fs::read(host.path(path)).map_err(|error| Unavailable::io(path, &error))?;
    let first = CertificateDer::from_pem_slice(&bytes);
    let der = first
        .as_ref()
        .map_or(bytes.as_slice(), |first| first.as_ref());
    validity(der).ok_or_else(broken)
}

/// Of a certificate (RFC 5280 §4.1).
fn validity(der: &[u8]) -> Option<Validity> {
    const SEQUENCE: u8 = 0x30;
    const VERSION: u8 = 0xa0;
    let (_, certificate, _) = element(der)?;
    let (_, mut rest, _) = element(certificate)?;
    let mut next = |wanted: Option<u8>| {
        let (tag, content, after) = element(rest)?;
        if wanted.is_some_and(|wanted| wanted != tag) {
            return None;
        }
        rest = after;
        Some(content)
    };
    next(Some(VERSION));
    // Serial number, signature's algorithm.
    next(None)?;
    next(Some(SEQUENCE))?;
    let issuer = next(Some(SEQUENCE))?;
    let times = next(Some(SEQUENCE))?;
    let subject = next(Some(SEQUENCE))?;
    let (tag, from, after) = element(times)?;
    let not_before_us = moment(tag, from)?;
    let (tag, until, _) = element(after)?;
    Some(Validity {
        subject: name(subject),
        issuer: name(issuer),
        not_before_us,
        not_after_us: moment(tag, until)?,
    })
}

/// Tag, content and what comes after (ITU-T X.690 §8.1).
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let n_more = usize::from(first & 0x7f);
    let (length, rest) = match first < 0x80 {
        true => (n_more, rest),
        false => {
            let (more, rest) = rest.split_at_checked(n_more).filter(|_| n_more <= 4)?;
            let length = more
                .iter()
                .fold(0, |length, byte| length << 8 | usize::from(*byte));
            (length, rest)
        }
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((tag, content, after))
}

/// UTCTime or GeneralizedTime, in microseconds since 1970 UTC.
fn moment(tag: u8, content: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(content).ok()?;
    // RFC 5280 §4.1.2.5.1
    let text = match tag {
        0x17 if text.get(..2)? >= "50" => format!("19{text}"),
        0x17 => format!("20{text}"),
        0x18 => text.to_owned(),
        _ => return None,
    };
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let small = |from: usize| part(from, from + 2)?.try_into().ok();
    let time = jiff::civil::DateTime::new(
        part(0, 4)?,
        small(4)?,
        small(6)?,
        small(8)?,
        small(10)?,
        small(12)?,
        0,
    );
    let time = time.ok()?.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?;
    Some(time.timestamp().as_microsecond())
}

/// Its common name, else its organisation; empty when it has neither.
fn name(content: &[u8]) -> String {
    const COMMON_NAME: &[u8] = &[0x55, 4, 3];
    const ORGANISATION: &[u8] = &[0x55, 4, 10];
    let mut rest = content;
    let mut found = Vec::new();
    while let Some((_, set, after)) = element(rest) {
        rest = after;
        let pair = element(set).and_then(|(_, pair, _)| {
            let (_, kind, value) = element(pair)?;
            Some((kind, element(value)?.1))
        });
        found.extend(pair);
    }
    let of = |wanted| found.iter().find(|(kind, _)| *kind == wanted);
    let value = of(COMMON_NAME).or_else(|| of(ORGANISATION));
    value.map_or(String::new(), |(_, value)| {
        String::from_utf8_lossy(value).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn configurations_name_their_certificates() {
        for (line, words, expected) in [
            (
                "  ssl_certificate /etc/x.pem;",
                ["ssl_certificate"],
                Some("/etc/x.pem"),
            ),
            ("ssl_certificate_key /etc/x.key;", ["ssl_certificate"], None),
            ("# ssl_certificate /etc/x.pem;", ["ssl_certificate"], None),
            ("ssl_certificate $name.pem;", ["ssl_certificate"], None),
            (
                "ssl_cert = </etc/dovecot/x.pem",
                ["ssl_cert"],
                Some("/etc/dovecot/x.pem"),
            ),
            (
                "smtpd_tls_chain_files = /a/key.pem, /a/chain.pem",
                ["smtpd_tls_chain_files"],
                Some("/a/chain.pem"),
            ),
            (
                "SSLCertificateFile \"/etc/x.crt\"",
                ["SSLCertificateFile"],
                Some("/etc/x.crt"),
            ),
            ("bind :443 ssl crt /etc/x.pem", ["crt"], Some("/etc/x.pem")),
        ] {
            assert_eq!(path_in(line, &words).as_deref(), expected, "{line}");
        }
    }

    /// A certificate of rcgen's, from 2021 to 2050, by its PEM.
    fn certificate() -> String {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(vec!["mail.example.org".into()]).unwrap();
        params
            .distinguished_name
            .push(rcgen::DnType::OrganizationName, "Example");
        params
            .distinguished_name
            .push(rcgen::DnType::CommonName, "mail.example.org");
        params.not_before = rcgen::date_time_ymd(2021, 1, 1);
        params.not_after = rcgen::date_time_ymd(2050, 6, 1);
        params.self_signed(&key).unwrap().pem()
    }

    #[test]
    fn a_service_shows_the_first_certificate_of_its_file() {
        let tree = Tree::new(&[
            (
                "/etc/postfix/main.cf",
                "smtpd_tls_cert_file=/etc/mail.pem\nmyhostname = x\n",
            ),
            (
                "/etc/nginx/sites-enabled/a",
                "server {\n ssl_certificate /etc/mail.pem;\n ssl_certificate /etc/gone.pem;\n}\n",
            ),
            (
                "/etc/mail.pem",
                &format!("{}{}", certificate(), certificate()),
            ),
            ("/etc/letsencrypt/live/a.org/cert.pem", "nonsense"),
            ("/etc/ssl/cert.pem", &certificate()),
        ]);
        let shown = |one: Certificate| match one.validity {
            Ok(of) => format!(
                "{} {} {} {} {} {}",
                one.path, one.used_by, of.subject, of.issuer, of.not_before_us, of.not_after_us
            ),
            Err(why) => format!("{} {} {why}", one.path, one.used_by),
        };
        let found = certificates(&tree.host()).unwrap();
        let found: Vec<String> = found.into_iter().map(shown).collect();
        assert_eq!(
            found,
            [
                "/etc/gone.pem nginx there is no /etc/gone.pem",
                "/etc/letsencrypt/live/a.org/cert.pem letsencrypt /etc/letsencrypt/live/a.org/cert.pem could not be \
                 read: no certificate",
                "/etc/mail.pem nginx mail.example.org mail.example.org 1609459200000000 2537654400000000",
            ]
        );
    }

    #[test]
    fn a_certificate_that_is_cut_anywhere_is_none_and_stops_nobody() {
        let pem = certificate();
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
        assert!(validity(&der).is_some());
        for length in 0..100 {
            assert_eq!(validity(&der[..length]), None, "{length}");
        }
    }
}
