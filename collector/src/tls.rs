//! TLS of both ports: who may come in, and which certificate is shown.

use std::sync::{Arc, PoisonError, RwLock};

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

/// As TLS names it (RFC 9113, 3.1).
pub const HTTP_2: &[u8] = b"h2";

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
    config.alpn_protocols = vec![HTTP_2.to_vec()];
    Ok(config)
}

/// For people: TLS 1.2 and 1.3, HTTP/2 or HTTP/1.1.
pub fn console(serving: Arc<Serving>) -> Result<ServerConfig, Error> {
    let provider = Arc::new(provider::default_provider());
    let builder =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = builder.with_no_client_auth().with_cert_resolver(serving);
    config.alpn_protocols = vec![HTTP_2.to_vec(), b"http/1.1".to_vec()];
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
        Some(Self {
            device_id: uri.strip_prefix(DEVICE_URI)?.to_owned(),
            spki: crate::digest::sha256(certificate.public_key().raw),
            public_key: certificate.public_key().subject_public_key.data.to_vec(),
            not_after_us: certificate.validity().not_after.timestamp() * 1_000_000,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::{Authority, COLLECTOR_NAME, Request};
    use rustls::client::Resumption;
    use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
    use rustls::{ClientConfig, ClientConnection, HandshakeKind, ServerConnection};
    use time::OffsetDateTime;

    /// A device that would gladly resume what it had.
    fn device(authority: &Authority) -> Arc<ClientConfig> {
        let key = rcgen::KeyPair::generate().unwrap();
        let request = rcgen::CertificateParams::default()
            .serialize_request(&key)
            .unwrap();
        let request = Request::read(request.der()).unwrap();
        let issued = authority
            .issue_device(&request, "d", OffsetDateTime::now_utc())
            .unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(authority.certificate().clone()).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let builder = ClientConfig::builder_with_provider(Arc::new(provider::default_provider()));
        let builder = builder.with_protocol_versions(&[&version::TLS13]).unwrap();
        let mut config = builder
            .with_root_certificates(roots)
            .with_client_auth_cert(vec![issued.certificate], key)
            .unwrap();
        config.resumption = Resumption::in_memory_sessions(8);
        config.alpn_protocols = vec![b"h2".to_vec()];
        Arc::new(config)
    }

    /// Lets both sides talk until neither has anything to say; gives how the device's handshake went.
    fn meet(client: &Arc<ClientConfig>, server: &Arc<ServerConfig>) -> Option<HandshakeKind> {
        let name = ServerName::try_from(COLLECTOR_NAME).unwrap();
        let mut client = ClientConnection::new(client.clone(), name).unwrap();
        let mut server = ServerConnection::new(server.clone()).unwrap();
        while client.wants_write() || server.wants_write() {
            let mut said = Vec::new();
            client.write_tls(&mut said).unwrap();
            server.read_tls(&mut &said[..]).unwrap();
            server.process_new_packets().unwrap();
            said.clear();
            server.write_tls(&mut said).unwrap();
            client.read_tls(&mut &said[..]).unwrap();
            client.process_new_packets().unwrap();
        }
        assert!(server.peer_certificates().is_some());
        client.handshake_kind()
    }

    #[test]
    fn every_handshake_is_a_whole_one() {
        let folder = tempfile::tempdir().unwrap();
        let now = OffsetDateTime::now_utc();
        let authority = Authority::open_or_create(folder.path(), now).unwrap();
        let serving = Serving::new(
            authority
                .issue_serving(&[COLLECTOR_NAME.to_owned()], now)
                .unwrap(),
        );
        let server = Arc::new(agents(serving.clone(), authority.certificate()).unwrap());
        let device = device(&authority);
        for _ in 0..3 {
            assert_eq!(meet(&device, &server), Some(HandshakeKind::Full));
        }
        // The bench can see the other: a server that hands out tickets is resumed.
        let mut lax = agents(serving, authority.certificate()).unwrap();
        lax.session_storage = rustls::server::ServerSessionMemoryCache::new(8);
        lax.send_tls13_tickets = 2;
        let lax = Arc::new(lax);
        meet(&device, &lax);
        assert_eq!(meet(&device, &lax), Some(HandshakeKind::Resumed));
    }
}
