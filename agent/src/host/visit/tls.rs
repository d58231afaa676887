//! TLS with a target: whom this machine trusts, and why it does not trust what is shown.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sonde_proto::target::Target;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::client::{Resumption, WebPkiServerVerifier, verify_server_name};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring as provider};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use super::{Gone, Stage};
use crate::host::x509::validity;
use crate::host::{Host, Term, Unavailable, Validity, os};

/// Names of a certificate that are told.
const MOST_NAMES: usize = 5;
const NAME_BYTES: usize = 253;

/// Why this machine does not trust a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// It, or one that vouches for it, ended at this moment. `is_else_right`: nothing else is wrong with it.
    Expired {
        at_us: i64,
        is_else_right: bool,
    },
    /// The same for one that begins later.
    Early {
        at_us: i64,
        is_else_right: bool,
    },
    /// The names that it has instead.
    OtherName {
        names: Vec<String>,
    },
    /// Nobody whom the machine trusts has issued it.
    UnknownAuthority,
    /// What it is signed with is not understood here.
    Unread {
        why: String,
    },
    Other {
        why: String,
    },
}

/// Whom this machine trusts.
pub(super) struct Trust {
    authorities: Arc<[CertificateDer<'static>]>,
    verifier: Arc<WebPkiServerVerifier>,
    provider: Arc<CryptoProvider>,
}

impl Trust {
    pub(super) fn of(host: &Host) -> Result<Self, Unavailable> {
        Self::in_these(os::authorities(host)?)
    }

    fn in_these(authorities: Vec<CertificateDer<'static>>) -> Result<Self, Unavailable> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(authorities.iter().cloned());
        let provider = Arc::new(provider::default_provider());
        let builder =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone());
        let verifier = builder
            .build()
            .map_err(|error| Unavailable::broken(Term::Authorities, error.to_string()))?;
        Ok(Self {
            authorities: authorities.into(),
            verifier,
            provider,
        })
    }

    /// Speaks TLS with the target; with what its certificate says of itself.
    pub(super) async fn shake(
        &self,
        stream: TcpStream,
        target: &Target,
        until: Instant,
    ) -> (Result<TlsStream<TcpStream>, Gone>, Option<Validity>) {
        let seen = Arc::<Mutex<Seen>>::default();
        let shaken = async {
            let name = ServerName::try_from(target.host.clone()).map_err(words)?;
            let mut config = ClientConfig::builder_with_provider(self.provider.clone())
                .with_safe_default_protocol_versions()
                .map_err(words)?
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Verifier {
                    authorities: self.authorities.clone(),
                    inner: self.verifier.clone(),
                    seen: seen.clone(),
                }))
                .with_no_client_auth();
            config.resumption = Resumption::disabled();
            if target.scheme.is_http() {
                config.alpn_protocols = vec![b"http/1.1".to_vec()];
            }
            let shaken = TlsConnector::from(Arc::new(config)).connect(name, stream);
            match timeout_at(until, shaken).await {
                Ok(Ok(stream)) => Ok(stream),
                Ok(Err(error)) => Err(failed(&error)),
                Err(_) => Err(Gone::Late(Stage::Tls)),
            }
        };
        let shaken = shaken.await;
        let mut seen = locked(&seen);
        let distrust = seen.distrust.take().map(Gone::Distrusted);
        let shaken = shaken.map_err(|gone| distrust.unwrap_or(gone));
        (shaken, seen.certificate.take())
    }
}

fn words(error: impl ToString) -> Gone {
    Gone::Tls {
        why: error.to_string(),
    }
}

fn failed(error: &std::io::Error) -> Gone {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(Error::InvalidMessage(_)) => Gone::NoTls,
        Some(Error::AlertReceived(alert)) => Gone::Tls {
            why: format!("{alert:?}"),
        },
        Some(other) => words(other),
        None => Gone::HungUp(Stage::Tls),
    }
}

/// What was shown, and what is wrong with it.
#[derive(Debug, Default)]
struct Seen {
    certificate: Option<Validity>,
    distrust: Option<Distrust>,
}

fn locked(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Believes whom the machine trusts, and notes what it sees.
#[derive(Debug)]
struct Verifier {
    authorities: Arc<[CertificateDer<'static>]>,
    inner: Arc<WebPkiServerVerifier>,
    seen: Arc<Mutex<Seen>>,
}

impl Verifier {
    /// One that the machine trusts itself, as one does that a server has issued to itself, is judged by its name and time
    /// alone: webpki takes no authority for a server.
    fn is_trusted_itself(&self, leaf: &CertificateDer<'_>) -> bool {
        self.authorities.iter().any(|one| **one == **leaf)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let certificate = validity(leaf);
        let at = |time: UnixTime| match (self.is_trusted_itself(leaf), &certificate) {
            (true, Some(certificate)) => by_itself(leaf, certificate, name, time),
            (false, _) | (true, None) => self
                .inner
                .verify_server_cert(leaf, chain, name, ocsp, time)
                .map(drop),
        };
        let verified = at(now);
        let mut seen = locked(&self.seen);
        seen.distrust = match &verified {
            Err(Error::InvalidCertificate(error)) => {
                Some(distrust(error, certificate.as_ref(), |time| {
                    at(time).is_ok()
                }))
            }
            Err(error) => Some(Distrust::Other {
                why: error.to_string(),
            }),
            Ok(()) => None,
        };
        seen.certificate = certificate;
        verified.map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

fn by_itself(
    leaf: &CertificateDer<'_>,
    certificate: &Validity,
    name: &ServerName<'_>,
    time: UnixTime,
) -> Result<(), Error> {
    let now_us = us(time);
    if now_us > certificate.not_after_us {
        return Err(CertificateError::Expired.into());
    }
    if now_us < certificate.not_before_us {
        return Err(CertificateError::NotValidYet.into());
    }
    verify_server_name(&ParsedCertificate::try_from(leaf)?, name)
}

/// `is_right_at`: whether the certificate would be trusted at a moment.
fn distrust(
    error: &CertificateError,
    certificate: Option<&Validity>,
    is_right_at: impl Fn(UnixTime) -> bool,
) -> Distrust {
    use CertificateError as Wrong;
    let moment = |us: i64| {
        let seconds = u64::try_from(us / 1_000_000).unwrap_or_default();
        UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds))
    };
    let expired = |at_us| Distrust::Expired {
        at_us,
        is_else_right: is_right_at(moment(at_us)),
    };
    let early = |at_us| Distrust::Early {
        at_us,
        is_else_right: is_right_at(moment(at_us)),
    };
    match (error, certificate) {
        (Wrong::ExpiredContext { not_after, .. }, _) => expired(us(*not_after)),
        (Wrong::NotValidYetContext { not_before, .. }, _) => early(us(*not_before)),
        (Wrong::Expired, Some(of)) => expired(of.not_after_us),
        (Wrong::NotValidYet, Some(of)) => early(of.not_before_us),
        (Wrong::NotValidForNameContext { presented, .. }, _) => Distrust::OtherName {
            names: presented
                .iter()
                .take(MOST_NAMES)
                .map(|name| bare(name))
                .collect(),
        },
        (Wrong::NotValidForName, _) => Distrust::OtherName { names: Vec::new() },
        (Wrong::UnknownIssuer, _) => Distrust::UnknownAuthority,
        // An authority's own certificate, shown by a server: it has issued it to itself.
        (Wrong::Other(_), Some(of)) if of.issuer == of.subject => Distrust::UnknownAuthority,
        (
            Wrong::UnsupportedSignatureAlgorithmContext { .. }
            | Wrong::UnsupportedSignatureAlgorithmForPublicKeyContext { .. },
            _,
        ) => Distrust::Unread {
            why: error.to_string(),
        },
        (other, _) => Distrust::Other {
            why: other.to_string(),
        },
    }
}

fn us(time: UnixTime) -> i64 {
    i64::try_from(time.as_secs()).map_or(i64::MAX, |seconds| seconds.saturating_mul(1_000_000))
}

/// `example.org` of webpki's `DnsName("example.org")`.
fn bare(presented: &str) -> String {
    let inner = presented
        .split_once('(')
        .map_or(presented, |(_, name)| name);
    let inner = inner.trim_end_matches(')').trim_matches('"');
    sonde_proto::text::clean(inner, NAME_BYTES, false).into_owned()
}
