//! Certificates that this machine's own services show: files that their configurations name. Of each file the first
//! certificate counts, which is the service's own.

use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;

use crate::host::x509::validity;
use crate::host::{Certificate, Host, Term, Unavailable, Validity};

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
    let broken = || Unavailable::broken(path, Term::NoCertificate);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;
    use crate::host::x509::tests::certificate;

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
}
