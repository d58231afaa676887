//! Whom the agent believes: the collector's CA, pinned at enrolment, and for enrolment the fingerprint in the token.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use ring::digest::{SHA256, digest};
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{
    DangerousClientConfigBuilder, HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring as provider, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime,
};
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    version,
};

use crate::identity::Identity;

/// An enrolment token: `sonde1.SECRET.FINGERPRINT`, the fingerprint being SHA-256 of the CA's certificate in
/// hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub secret: String,
    pub fingerprint: [u8; 32],
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not an enrolment token; `sonde-collector token create` prints one")]
pub struct NotAToken;

impl Token {
    pub fn parse(text: &str) -> Result<Self, NotAToken> {
        let mut parts = text.trim().split('.');
        let (Some("sonde1"), Some(secret), Some(hex), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NotAToken);
        };
        if secret.is_empty() || hex.len() != 64 || !hex.is_ascii() {
            return Err(NotAToken);
        }
        let mut fingerprint = [0; 32];
        for (byte, at) in fingerprint.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&hex[at..at + 2], 16).map_err(|_| NotAToken)?;
        }
        Ok(Self {
            secret: secret.to_owned(),
            fingerprint,
        })
    }
}

/// How far the collector's clock is from this device's, in microseconds; shared by all who need the true time.
#[derive(Clone, Debug)]
pub struct Correction(Arc<AtomicI64>);

/// The collector has not told its time.
const UNTOLD: i64 = i64::MIN;

impl Default for Correction {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(UNTOLD)))
    }
}

impl Correction {
    pub fn set(&self, offset_us: i64) {
        self.0.store(offset_us.max(UNTOLD + 1), Ordering::Relaxed);
    }

    /// The device's clock was set by so much, later or earlier.
    pub fn clock_was_set(&self, by_us: i64) {
        if let Some(offset_us) = self.told_us() {
            self.set(offset_us.saturating_sub(by_us));
        }
    }

    /// `None`: the collector has not told its time yet.
    pub fn told_us(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|offset_us| *offset_us != UNTOLD)
    }

    /// Until it is told, this device's clock is taken for right.
    pub fn offset_us(&self) -> i64 {
        self.told_us().unwrap_or(0)
    }
}

/// TLS for sessions: the pinned CA, this device's certificate, no resumption.
///
/// `time_only` is set when nothing but the validity of the collector's certificate failed: such a connection may be
/// asked for the time and for nothing else.
pub fn session_tls(
    identity: &Identity,
    correction: &Correction,
    time_only: &Arc<AtomicBool>,
) -> Result<ClientConfig, Error> {
    let authority = under(&CertificateDer::from(identity.authority.clone()))?;
    let verifier = Verifier::new(
        Anchor::Pinned(authority),
        correction.clone(),
        time_only.clone(),
    );
    let chain = vec![CertificateDer::from(identity.certificate.clone())];
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.key.clone()));
    let mut config = builder()?
        .with_custom_certificate_verifier(verifier)
        .with_client_auth_cert(chain, key)?;
    config.resumption = tokio_rustls::rustls::client::Resumption::disabled();
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}

/// Whether a session can be made with an identity: its certificate is one, and of its key.
pub fn is_usable(identity: &Identity, correction: &Correction) -> bool {
    match session_tls(identity, correction, &Arc::default()) {
        Ok(_) => true,
        Err(error) => {
            tracing::warn!(%error, "the certificate does not fit the key");
            false
        }
    }
}

/// TLS for enrolment: whoever shows a chain that ends in the CA of the token. A device whose clock is wrong may enrol:
/// the fingerprint says who the collector is, and the clock is put right after.
pub fn enrolment_tls(fingerprint: [u8; 32]) -> Result<ClientConfig, Error> {
    let anchor = Anchor::Fingerprint(fingerprint);
    let verifier = Verifier::new(anchor, Correction::default(), Arc::default());
    let mut config = builder()?
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}

fn builder() -> Result<DangerousClientConfigBuilder, Error> {
    let provider = Arc::new(provider::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13])?
        .dangerous())
}

fn under(authority: &CertificateDer<'_>) -> Result<Arc<WebPkiServerVerifier>, Error> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.clone().into_owned())?;
    let provider = Arc::new(provider::default_provider());
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .map_err(|error| Error::General(error.to_string()))
}

/// What the collector's chain has to end in.
#[derive(Debug)]
enum Anchor {
    /// The CA of the enrolment.
    Pinned(Arc<WebPkiServerVerifier>),
    /// A CA with this fingerprint, which the chain brings along.
    Fingerprint([u8; 32]),
}

impl Anchor {
    fn verifier(&self, chain: &[CertificateDer<'_>]) -> Result<Arc<WebPkiServerVerifier>, Error> {
        match self {
            Self::Pinned(verifier) => Ok(verifier.clone()),
            Self::Fingerprint(fingerprint) => {
                let authority = chain
                    .iter()
                    .find(|certificate| digest(&SHA256, certificate).as_ref() == fingerprint);
                under(authority.ok_or(Error::InvalidCertificate(CertificateError::UnknownIssuer))?)
            }
        }
    }
}

/// Believes the anchor, on the corrected clock. Where nothing but the clock stands against a certificate it is taken,
/// and that is noted.
#[derive(Debug)]
struct Verifier {
    anchor: Anchor,
    correction: Correction,
    time_only: Arc<AtomicBool>,
    provider: CryptoProvider,
}

impl Verifier {
    fn new(anchor: Anchor, correction: Correction, time_only: Arc<AtomicBool>) -> Arc<Self> {
        Arc::new(Self {
            anchor,
            correction,
            time_only,
            provider: provider::default_provider(),
        })
    }
}

impl ServerCertVerifier for Verifier {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "rustls may name further errors at any time"
    )]
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.time_only.store(false, Ordering::Relaxed);
        let verifier = self.anchor.verifier(chain)?;
        let at = |time| verifier.verify_server_cert(leaf, chain, name, ocsp, time);
        let offset_seconds = self.correction.offset_us() / 1_000_000;
        let corrected = now.as_secs().saturating_add_signed(offset_seconds);
        let error = match at(UnixTime::since_unix_epoch(Duration::from_secs(corrected))) {
            Err(Error::InvalidCertificate(error)) => error,
            other => return other,
        };
        // A moment at which the certificate is valid, to see whether anything else is wrong with it.
        let valid_at = match &error {
            CertificateError::ExpiredContext { not_after, .. } => *not_after,
            CertificateError::NotValidYetContext { not_before, .. } => *not_before,
            _ => return Err(Error::InvalidCertificate(error)),
        };
        let verified = at(valid_at)?;
        self.time_only.store(true, Ordering::Relaxed);
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("TLS 1.2 is not spoken here".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests;
