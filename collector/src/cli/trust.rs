//! Is it the collector that it was at the first contact? Its last certificate is pinned: the collector's own CA, or
//! the certificate that it was given.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring as provider};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use crate::authority::{COLLECTOR_NAME, fingerprint};

/// Takes the certificate chain that ends in the pinned certificate; without a pin, any, and remembers it.
#[derive(Debug)]
pub(super) struct Pinned {
    pin: Option<String>,
    seen: Mutex<Option<String>>,
    provider: Arc<CryptoProvider>,
}

impl Pinned {
    pub(super) fn new(pin: Option<String>) -> Arc<Self> {
        Arc::new(Self {
            pin,
            seen: Mutex::new(None),
            provider: Arc::new(provider::default_provider()),
        })
    }

    /// The fingerprint that the collector showed.
    pub(super) fn seen(&self) -> Option<String> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn chains_to(
        &self,
        anchor: &CertificateDer<'_>,
        leaf: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), Error> {
        let mut roots = RootCertStore::empty();
        roots.add(anchor.clone().into_owned())?;
        let verifier = WebPkiServerVerifier::builder_with_provider(
            Arc::new(roots),
            Arc::clone(&self.provider),
        )
        .build()
        .map_err(|error| Error::General(error.to_string()))?;
        let own = ServerName::try_from(COLLECTOR_NAME)
            .map_err(|_| Error::General("the collector's name".into()))?;
        // Behind a pin the address does not matter: only the collector's CA can have made the certificate.
        [name.clone(), own]
            .iter()
            .map(|name| verifier.verify_server_cert(leaf, between, name, &[], now))
            .reduce(Result::or)
            .unwrap_or(Err(Error::General("no name".into())))
            .map(|_| ())
    }
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let last = between.last().unwrap_or(leaf);
        let shown = fingerprint(last);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown.clone());
        match &self.pin {
            Some(pin) if *pin != shown => {
                return Err(Error::InvalidCertificate(
                    CertificateError::ApplicationVerificationFailure,
                ));
            }
            Some(_) | None => {}
        }
        if !between.is_empty() {
            self.chains_to(last, leaf, &between[..between.len() - 1], name, now)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use rustls::sign::CertifiedKey;
    use time::OffsetDateTime;
    use tokio::net::TcpListener;
    use tokio::sync::watch;

    use super::super::client::{Address, Client, pinned};
    use super::super::failure::Failure;
    use super::*;
    use crate::authority::Authority;
    use crate::tls::{self, Serving};

    fn authority() -> (tempfile::TempDir, Authority) {
        let folder = tempfile::tempdir().unwrap();
        let now = OffsetDateTime::now_utc();
        let authority = Authority::open_or_create(folder.path(), now).unwrap();
        (folder, authority)
    }

    fn certificate(authority: &Authority) -> CertifiedKey {
        let names = [COLLECTOR_NAME.to_owned()];
        let now = OffsetDateTime::now_utc();
        authority.issue_serving(&names, now).unwrap()
    }

    /// Connects to a server that shows this certificate; what it was seen to show, or that it was refused.
    async fn contact(certificate: CertifiedKey, pin: Option<String>) -> Option<String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let config = tls::console(Serving::new(certificate)).unwrap();
        let (ending, watch) = watch::channel(false);
        let server = tokio::spawn(async move {
            crate::console::serve(listener, Some(config), &[], axum::Router::new(), watch).await;
        });
        let trust = Pinned::new(pin);
        let address = Address {
            host: "127.0.0.1".into(),
            port,
            tls: true,
        };
        let config = pinned(&trust).unwrap();
        let client: Result<Client, Failure> = Client::over(&address, Some(config), "", "").await;
        drop(ending);
        server.abort();
        client.ok().and_then(|_| trust.seen())
    }

    #[tokio::test]
    async fn only_the_pinned_authority_can_make_the_collectors_certificate() {
        let ((_a, own), (_b, other)) = (authority(), authority());
        let pin = Some(own.fingerprint());
        assert_eq!(contact(certificate(&own), None).await, pin);
        assert_eq!(contact(certificate(&own), pin.clone()).await, pin);
        assert_eq!(contact(certificate(&other), pin.clone()).await, None);
        // Somebody shows the collector's authority behind a certificate that it has not made.
        let mut forged = certificate(&other);
        forged.cert = vec![forged.cert[0].clone(), own.certificate().clone()];
        assert_eq!(contact(forged, pin).await, None);
    }

    #[tokio::test]
    async fn a_certificate_that_was_given_is_pinned_itself() {
        let (_a, own) = authority();
        let mut alone = certificate(&own);
        alone.cert.truncate(1);
        let pin = Some(fingerprint(&alone.cert[0]));
        let mut another = certificate(&own);
        another.cert.truncate(1);
        assert_eq!(contact(alone, pin.clone()).await, pin);
        assert_eq!(contact(another, pin).await, None);
    }
}
