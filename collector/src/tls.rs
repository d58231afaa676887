//! TLS of both ports: who may come in, and which certificate is shown.

use std::sync::{Arc, PoisonError, RwLock};

use ring::digest::{SHA256, digest};
use rustls::crypto::ring as provider;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{
    ClientHello, NoServerSessionStorage, ResolvesServerCert, WebPkiClientVerifier,
};
use rustls::sign::CertifiedKey;
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, ServerConfig,
    SignatureScheme, version,
};
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

use crate::authority::DEVICE_URI;

/// A certificate that can be replaced while connections are made.
#[derive(Debug)]
pub struct Serving(RwLock<Arc<CertifiedKey>>);

impl Serving {
    pub fn new(certificate: CertifiedKey) -> Arc<Self> {
        Arc::new(Self(RwLock::new(Arc::new(certificate))))
    }

    /// Later handshakes show this one.
    pub fn replace(&self, certificate: CertifiedKey) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(certificate);
    }
}

impl ResolvesServerCert for Serving {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(
            self.0
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
        )
    }
}

/// For agents: TLS 1.3, HTTP/2, a client certificate of our CA or none, no resumption of any kind: a resumed session
/// would skip the verifier.
pub fn agents(
    serving: Arc<Serving>,
    authority: &CertificateDer<'static>,
) -> Result<ServerConfig, Error> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.clone())?;
    let provider = Arc::new(provider::default_provider());
    let inner = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .allow_unauthenticated()
        .build();
    let inner = inner.map_err(|error| Error::General(error.to_string()))?;
    let builder =
        ServerConfig::builder_with_provider(provider).with_protocol_versions(&[&version::TLS13])?;
    let mut config = builder
        .with_client_cert_verifier(Arc::new(Devices { inner }))
        .with_cert_resolver(serving);
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}

/// For people: TLS 1.2 and 1.3, HTTP/1.1.
pub fn console(serving: Arc<Serving>) -> Result<ServerConfig, Error> {
    let provider = Arc::new(provider::default_provider());
    let builder =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = builder.with_no_client_auth().with_cert_resolver(serving);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Lets in certificates of our CA, expired ones as well: what those may do is decided when the session begins.
#[derive(Debug)]
struct Devices {
    inner: Arc<dyn ClientCertVerifier>,
}

impl ClientCertVerifier for Devices {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn verify_client_cert(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        match self.inner.verify_client_cert(leaf, chain, now) {
            Err(Error::InvalidCertificate(CertificateError::ExpiredContext {
                not_after, ..
            })) => self.inner.verify_client_cert(leaf, chain, not_after),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// What a verified client certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceCertificate {
    pub device_id: String,
    /// SHA-256 of the subject public key info.
    pub spki: [u8; 32],
    /// The public key itself: an uncompressed point of P-256.
    pub public_key: Vec<u8>,
    /// Microseconds since 1970 UTC.
    pub not_after_us: i64,
}

impl DeviceCertificate {
    /// Reads a certificate that the verifier let in; `None` when it is not a device's.
    pub fn read(certificate: &CertificateDer<'_>) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
        let names = certificate.subject_alternative_name().ok()??;
        let [GeneralName::URI(uri)] = names.value.general_names[..] else {
            return None;
        };
        let mut spki = [0; 32];
        spki.copy_from_slice(digest(&SHA256, certificate.public_key().raw).as_ref());
        Some(Self {
            device_id: uri.strip_prefix(DEVICE_URI)?.to_owned(),
            spki,
            public_key: certificate.public_key().subject_public_key.data.to_vec(),
            not_after_us: certificate.validity().not_after.timestamp() * 1_000_000,
        })
    }
}
