//! The collector's own CA: made at first start, issues the certificates of devices and of the collector itself.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DistinguishedName,
    DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, PublicKeyData as _, SanType,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{
    CertificateDer, CertificateSigningRequestDer, PrivateKeyDer, PrivatePkcs8KeyDer,
};
use rustls::sign::CertifiedKey;
use time::OffsetDateTime;

use crate::digest::{hex, sha256};

/// Life of a device's certificate.
pub const DEVICE_LIFE: Duration = Duration::from_secs(30 * 86_400);
/// Life of a serving certificate; it is replaced at half of it.
pub const SERVING_LIFE: Duration = Duration::from_secs(90 * 86_400);
const AUTHORITY_LIFE: Duration = Duration::from_secs(20 * 365 * 86_400);
/// Certificates begin this much earlier, for clocks that lag.
const EARLIER: Duration = Duration::from_secs(3600);
/// The name that agents expect of every collector.
pub const COLLECTOR_NAME: &str = "collector.sonde.internal";
/// A device's certificate carries this and the device id as a URI name.
pub const DEVICE_URI: &str = "sonde://device/";

/// A certificate issued, and for how long it holds.
#[derive(Debug, Clone)]
pub struct Issued {
    /// DER.
    pub certificate: CertificateDer<'static>,
    /// Microseconds since 1970 UTC.
    pub not_before_us: i64,
    pub not_after_us: i64,
}

/// A signing request whose own signature was found good.
#[derive(Debug)]
pub struct Request {
    params: CertificateSigningRequestParams,
    /// SHA-256 of the subject public key info.
    pub spki: [u8; 32],
}

#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    #[error("{path}")]
    File { path: PathBuf, source: io::Error },
    #[error("{path} does not hold {what}")]
    Content { path: PathBuf, what: &'static str },
    #[error("the signing request is refused: {0}")]
    Request(String),
    #[error("cannot issue a certificate: {0}")]
    Issue(String),
}

/// Key and certificate of the CA.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

const KEY: &str = "authority.key";

impl Authority {
    /// Whether there is a CA in `folder`.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(KEY).exists()
    }

    /// The CA in `folder`; made there when there is none. The key's file is the owner's alone.
    pub fn open_or_create(folder: &Path, now: OffsetDateTime) -> Result<Self, AuthorityError> {
        let (key_path, certificate_path) = (folder.join(KEY), folder.join("authority.crt"));
        if !key_path.exists() {
            let (key, certificate) = Self::make(now)?;
            write_private(&certificate_path, certificate.as_bytes())?;
            // The key comes last: with it the CA is there.
            write_private(&key_path, key.as_bytes())?;
        }
        let content = |path: &Path, what| AuthorityError::Content {
            path: path.to_owned(),
            what,
        };
        let key = KeyPair::from_pem(&read(&key_path)?)
            .map_err(|_| content(&key_path, "a private key"))?;
        let certificate = CertificateDer::from_pem_slice(read(&certificate_path)?.as_bytes())
            .map_err(|_| content(&certificate_path, "a certificate"))?;
        let issuer = Issuer::from_ca_cert_der(&certificate, key)
            .map_err(|_| content(&certificate_path, "a certificate authority"))?;
        Ok(Self {
            issuer,
            certificate,
        })
    }

    fn make(now: OffsetDateTime) -> Result<(String, String), AuthorityError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(issue)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = named("Sonde collector authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.not_before = now - EARLIER;
        params.not_after = now + AUTHORITY_LIFE;
        let certificate = params.self_signed(&key).map_err(issue)?;
        Ok((key.serialize_pem(), certificate.pem()))
    }

    /// DER; what agents pin.
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// Of its certificate.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.certificate)
    }

    /// A certificate for a device and the key of its request. Whatever else the request asks for is ignored.
    pub fn issue_device(
        &self,
        request: &Request,
        device_id: &str,
        now: OffsetDateTime,
    ) -> Result<Issued, AuthorityError> {
        let mut params = CertificateParams::default();
        params.distinguished_name = named(device_id);
        let uri = format!("{DEVICE_URI}{device_id}");
        params.subject_alt_names = vec![SanType::URI(uri.try_into().map_err(issue)?)];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let (not_before, not_after) = span(now, DEVICE_LIFE);
        (params.not_before, params.not_after) = (not_before, not_after);
        let certificate = params
            .signed_by(&request.params.public_key, &self.issuer)
            .map_err(issue)?;
        Ok(Issued {
            certificate: certificate.der().clone(),
            not_before_us: microseconds(not_before),
            not_after_us: microseconds(not_after),
        })
    }

    /// A key and a certificate for the collector itself, with the CA behind it. `names`: host names and addresses.
    pub fn issue_serving(
        &self,
        names: &[String],
        now: OffsetDateTime,
    ) -> Result<CertifiedKey, AuthorityError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(issue)?;
        let mut params = CertificateParams::new(names).map_err(issue)?;
        params.distinguished_name = named("Sonde collector");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        (params.not_before, params.not_after) = span(now, SERVING_LIFE);
        let certificate = params.signed_by(&key, &self.issuer).map_err(issue)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let key = rustls::crypto::ring::sign::any_supported_type(&key).map_err(issue)?;
        Ok(CertifiedKey::new(
            vec![certificate.der().clone(), self.certificate.clone()],
            key,
        ))
    }
}

impl Request {
    /// Reads a PKCS#10 request (DER) and verifies its own signature.
    pub fn read(der: &[u8]) -> Result<Self, AuthorityError> {
        let der = CertificateSigningRequestDer::from(der);
        let params = CertificateSigningRequestParams::from_der(&der);
        let params = params.map_err(|error| AuthorityError::Request(error.to_string()))?;
        let spki = sha256(&params.public_key.subject_public_key_info());
        Ok(Self { params, spki })
    }
}

/// SHA-256 of a certificate, in lower-case hexadecimal.
pub fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    hex(&sha256(certificate))
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

/// Whole seconds, as certificates have them.
fn span(now: OffsetDateTime, life: Duration) -> (OffsetDateTime, OffsetDateTime) {
    let now = now.replace_nanosecond(0).unwrap_or(now);
    (now - EARLIER, now + life)
}

fn microseconds(at: OffsetDateTime) -> i64 {
    at.unix_timestamp() * 1_000_000
}

fn issue(error: impl std::fmt::Display) -> AuthorityError {
    AuthorityError::Issue(error.to_string())
}

fn read(path: &Path) -> Result<String, AuthorityError> {
    fs::read_to_string(path).map_err(|source| AuthorityError::File {
        path: path.to_owned(),
        source,
    })
}

/// Writes a file that only its owner may read, whole or not at all.
fn write_private(path: &Path, content: &[u8]) -> Result<(), AuthorityError> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let unfinished = path.with_extension("unfinished");
    let write = || {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        // The name itself is in the folder, which a power cut may take back.
        path.parent()
            .map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
    };
    write().map_err(|source| AuthorityError::File {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;
    use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

    fn request() -> Vec<u8> {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(["evil.example".to_owned()]).unwrap();
        params.distinguished_name = named("somebody else");
        params.serialize_request(&key).unwrap().der().to_vec()
    }

    #[test]
    fn the_authority_stays_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let first = Authority::open_or_create(folder.path(), OffsetDateTime::now_utc()).unwrap();
        let second = Authority::open_or_create(folder.path(), OffsetDateTime::now_utc()).unwrap();
        assert_eq!(first.fingerprint(), second.fingerprint());
        let mode = fs::metadata(folder.path().join("authority.key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn the_collector_names_the_device_whatever_the_request_says() {
        let folder = tempfile::tempdir().unwrap();
        let now = OffsetDateTime::now_utc();
        let authority = Authority::open_or_create(folder.path(), now).unwrap();
        let issued = authority
            .issue_device(&Request::read(&request()).unwrap(), "abc", now)
            .unwrap();
        let (_, certificate) = X509Certificate::from_der(&issued.certificate).unwrap();
        let names = certificate
            .subject_alternative_name()
            .unwrap()
            .unwrap()
            .value
            .general_names
            .clone();
        assert!(
            matches!(names[..], [GeneralName::URI("sonde://device/abc")]),
            "{names:?}"
        );
        assert_eq!(
            issued.not_after_us - issued.not_before_us,
            30 * 86_400_000_000 + 3_600_000_000
        );
    }

    #[test]
    fn a_request_with_a_broken_signature_is_refused() {
        let mut der = request();
        let last = der.len() - 1;
        der[last] ^= 1;
        assert!(matches!(
            Request::read(&der),
            Err(AuthorityError::Request(_))
        ));
        assert!(matches!(
            Request::read(b"no request"),
            Err(AuthorityError::Request(_))
        ));
    }

    #[test]
    fn a_damaged_key_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("authority.key"), "x").unwrap();
        let error =
            Authority::open_or_create(folder.path(), OffsetDateTime::now_utc()).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("authority.key does not hold a private key"),
            "{error}"
        );
    }
}
