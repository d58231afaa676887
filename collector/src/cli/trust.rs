//! Is it the collector that it was at the first contact? Its last certificate is pinned: the collector's own CA, or
//! the certificate that it was given.

use std::sync::{Arc, Mutex, PoisonError};

use ring::digest::{SHA256, digest};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring as provider};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use crate::authority::{COLLECTOR_NAME, hex};

/// Lower-case hexadecimal of a certificate's SHA-256.
pub(super) fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    hex(digest(&SHA256, certificate).as_ref())
}

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
