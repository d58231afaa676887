//! The certificate that people are shown: the one given, else one of the collector's own authority.

use std::path::Path;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use time::OffsetDateTime;

use super::ServeError;
use crate::authority::{self, Authority};
use crate::config::Config;

pub(super) fn console_certificate(
    config: &Config,
    authority: &Authority,
) -> Result<CertifiedKey, ServeError> {
    if let (Some(certificate), Some(key)) = (&config.certificate, &config.key) {
        return read_certificate(certificate, key);
    }
    let mut names = vec![
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        "::1".to_owned(),
    ];
    names.extend(
        std::fs::read_to_string("/proc/sys/kernel/hostname")
            .map(|name| name.trim().to_owned())
            .ok()
            .filter(|name| !name.is_empty()),
    );
    if !config.console.ip().is_unspecified() {
        names.push(config.console.ip().to_string());
    }
    names.extend(config.names.iter().cloned());
    names.sort_unstable();
    names.dedup();
    Ok(authority.issue_serving(&names, OffsetDateTime::now_utc())?)
}

/// What `sonde login` shows at the first contact.
pub(super) fn shown_fingerprint(certificate: &CertifiedKey) -> String {
    let last = certificate.cert.last();
    last.map(authority::fingerprint).unwrap_or_default()
}

fn read_certificate(certificate: &Path, key: &Path) -> Result<CertifiedKey, ServeError> {
    let wrong = |path: &Path, wrong: String| ServeError::Certificate {
        path: path.to_owned(),
        wrong,
    };
    let chain =
        CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| wrong(certificate, error.to_string()))?;
    let der = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, error.to_string()))?;
    let signing = rustls::crypto::ring::sign::any_supported_type(&der)
        .map_err(|error| wrong(key, error.to_string()))?;
    let certified = CertifiedKey::new(chain, signing);
    certified
        .keys_match()
        .map_err(|error| wrong(key, error.to_string()))?;
    Ok(certified)
}
