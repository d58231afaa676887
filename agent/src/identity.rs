//! Who this device is: its key, certificate and installation, in one small file that is written in place.

use std::path::Path;

use prost::Message as _;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use sonde_proto::v1::{EnrollResponse, Machine, RenewRequest, Renewed};

use crate::blocks::{Blocks, BlocksError};

const BLOCKS: u32 = 32;
/// Addresses that are remembered.
pub const ADDRESSES: usize = 8;

/// What outlives a restart beside spool and journal.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Identity {
    #[prost(string, tag = "1")]
    pub device_id: String,
    /// As given at enrolment: `https://host:port`.
    #[prost(string, tag = "2")]
    pub collector: String,
    /// PKCS#8, DER.
    #[prost(bytes = "vec", tag = "3")]
    pub key: Vec<u8>,
    /// DER.
    #[prost(bytes = "vec", tag = "4")]
    pub certificate: Vec<u8>,
    /// DER of the collector's CA.
    #[prost(bytes = "vec", tag = "5")]
    pub authority: Vec<u8>,
    /// Microseconds since 1970 UTC.
    #[prost(int64, tag = "6")]
    pub not_before_us: i64,
    #[prost(int64, tag = "7")]
    pub not_after_us: i64,
    /// 16 random bytes.
    #[prost(bytes = "vec", tag = "8")]
    pub installation_id: Vec<u8>,
    /// Fingerprint of the machine and folder that `installation_id` was made on.
    #[prost(bytes = "vec", tag = "9")]
    pub made_on: Vec<u8>,
    /// `address:port` that led to the collector, the newest first.
    #[prost(string, repeated, tag = "10")]
    pub addresses: Vec<String>,
    /// 16 bytes that spoken codes are vouched for with. Empty: the collector has given none yet.
    #[prost(bytes = "vec", tag = "11")]
    pub code_key: Vec<u8>,
}

#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("cannot make a key or signing request: {0}")]
    Request(#[from] rcgen::Error),
    #[error("the key of this device cannot be used: {0}")]
    Key(ring::error::KeyRejected),
    #[error("the system gives no random numbers")]
    Random,
    #[error("the identity file is damaged; enrol this device again")]
    Damaged,
    #[error(transparent)]
    Blocks(#[from] BlocksError),
}

impl Identity {
    /// The certificate should be renewed from this moment on, on the collector's clock.
    pub fn renew_from_us(&self) -> i64 {
        self.not_before_us + (self.not_after_us - self.not_before_us) / 3 * 2
    }

    /// Takes over what enrolment brought.
    pub fn enrolled(
        collector: &str,
        key: Vec<u8>,
        response: EnrollResponse,
        installation_id: [u8; 16],
        made_on: [u8; 32],
    ) -> Self {
        Self {
            device_id: response.device_id,
            collector: collector.to_owned(),
            key,
            certificate: response.certificate.to_vec(),
            authority: response.authority.to_vec(),
            not_before_us: response.not_before_us,
            not_after_us: response.not_after_us,
            installation_id: installation_id.to_vec(),
            made_on: made_on.to_vec(),
            addresses: Vec::new(),
            code_key: response.code_key.to_vec(),
        }
    }

    /// The same device under the key that a renewal was asked with.
    pub fn renewed(&self, key: Vec<u8>, renewed: &Renewed) -> Self {
        let code_key = match &renewed.code_key[..] {
            [] => self.code_key.clone(),
            given => given.to_vec(),
        };
        Self {
            code_key,
            key,
            certificate: renewed.certificate.to_vec(),
            not_before_us: renewed.not_before_us,
            not_after_us: renewed.not_after_us,
            ..self.clone()
        }
    }

    /// Remembers an address that led to the collector. True when that changed anything.
    pub fn reached_at(&mut self, address: &str) -> bool {
        if self.addresses.first().is_some_and(|first| first == address) {
            return false;
        }
        self.addresses.retain(|known| known != address);
        self.addresses.insert(0, address.to_owned());
        self.addresses.truncate(ADDRESSES);
        true
    }
}

/// A new key (PKCS#8, DER) and a signing request for it (PKCS#10, DER).
pub fn new_key() -> Result<(Vec<u8>, Vec<u8>), IdentityError> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let request = CertificateParams::default().serialize_request(&key)?;
    Ok((key.serialize_der(), request.der().to_vec()))
}

/// Asks for a certificate for a new key, vouched for by the present one. Gives the new key as well.
pub fn renewal(identity: &Identity) -> Result<(Vec<u8>, RenewRequest), IdentityError> {
    let (key, request) = new_key()?;
    let random = SystemRandom::new();
    let present = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &identity.key, &random)
        .map_err(IdentityError::Key)?;
    let signature = present
        .sign(&random, &request)
        .map_err(|_| IdentityError::Random)?;
    Ok((
        key,
        RenewRequest {
            signing_request: request.into(),
            old_key_signature: signature.as_ref().to_vec().into(),
        },
    ))
}

/// `N` random bytes.
pub fn random<const N: usize>() -> Result<[u8; N], IdentityError> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| IdentityError::Random)?;
    Ok(bytes)
}

/// Tells this machine and folder from others: a copy of the folder has another fingerprint.
pub fn fingerprint(machine: &Machine, folder: &Path) -> [u8; 32] {
    let place = place(folder);
    let parts = [
        &machine.machine_id,
        &machine.serial,
        &machine.board_serial,
        &place,
    ];
    let text = parts.map(|part| format!("{}:{part}", part.len())).concat();
    let mut fingerprint = [0; 32];
    fingerprint.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    fingerprint
}

#[cfg(unix)]
fn place(folder: &Path) -> String {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(folder.join("identity"))
        .map_or_else(|_| String::new(), |file| file.ino().to_string())
}

#[cfg(not(unix))]
fn place(folder: &Path) -> String {
    folder.canonicalize().map_or_else(
        |_| String::new(),
        |path| path.to_string_lossy().into_owned(),
    )
}

/// The file that an identity is kept in. One owner.
#[derive(Debug)]
pub struct IdentityFile {
    blocks: Blocks,
    record: u64,
}

impl IdentityFile {
    /// Makes an empty one.
    pub fn create(path: &Path) -> Result<Self, IdentityError> {
        Ok(Self {
            blocks: Blocks::create(path, BLOCKS, b"identity")?,
            record: 0,
        })
    }

    /// Opens one and reads the newest identity in it.
    pub fn open(path: &Path) -> Result<(Self, Identity), IdentityError> {
        let mut blocks = Blocks::open(path)?;
        let (record, identity) = newest(&mut blocks)?;
        let older: Vec<u64> = blocks
            .records()
            .map(|(id, _)| id)
            .filter(|id| *id != record)
            .collect();
        older.into_iter().try_for_each(|id| blocks.remove(id))?;
        Ok((Self { blocks, record }, identity))
    }

    /// The newest identity in a file that belongs to another process and stays as it is.
    pub fn look(path: &Path) -> Result<Identity, IdentityError> {
        let mut blocks = Blocks::open(path)?;
        newest(&mut blocks).map(|(_, identity)| identity)
    }

    /// Replaces what is in it; a crash leaves the old or the new one.
    pub fn write(&mut self, identity: &Identity) -> Result<(), IdentityError> {
        let record = self.blocks.next_id();
        self.blocks.put(record, 0, &identity.encode_to_vec())?;
        self.blocks.sync()?;
        self.blocks.remove(self.record)?;
        self.record = record;
        Ok(())
    }
}

fn newest(blocks: &mut Blocks) -> Result<(u64, Identity), IdentityError> {
    let last = blocks.records().next_back();
    let record = last.ok_or(IdentityError::Damaged)?.0;
    let bytes = blocks.get(record)?.ok_or(IdentityError::Damaged)?;
    let identity = Identity::decode(&bytes[..]).map_err(|_| IdentityError::Damaged)?;
    Ok((record, identity))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::PublicKeyData as _;
    use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};

    #[test]
    fn a_renewal_is_vouched_for_by_the_present_key() {
        let (key, _) = new_key().unwrap();
        let identity = Identity {
            key,
            ..Identity::default()
        };
        let (new, request) = renewal(&identity).unwrap();
        assert_ne!(new, identity.key);
        let present = KeyPair::try_from(&identity.key[..]).unwrap();
        let present = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, present.der_bytes());
        assert!(
            present
                .verify(&request.signing_request, &request.old_key_signature)
                .is_ok()
        );
    }

    #[test]
    fn the_newest_identity_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("identity");
        let mut file = IdentityFile::create(&path).unwrap();
        for device_id in ["first", "second", "third"] {
            file.write(&Identity {
                device_id: device_id.into(),
                key: vec![1; 1500],
                ..Identity::default()
            })
            .unwrap();
        }
        let (mut file, identity) = IdentityFile::open(&path).unwrap();
        assert_eq!(identity.device_id, "third");
        file.write(&Identity {
            device_id: "fourth".into(),
            ..identity
        })
        .unwrap();
        assert_eq!(IdentityFile::open(&path).unwrap().1.device_id, "fourth");
    }

    #[test]
    fn a_copied_folder_is_another_installation() {
        let folder = tempfile::tempdir().unwrap();
        let machine = Machine {
            machine_id: "m".into(),
            ..Machine::default()
        };
        std::fs::write(folder.path().join("identity"), "x").unwrap();
        let copy = tempfile::tempdir().unwrap();
        std::fs::copy(folder.path().join("identity"), copy.path().join("identity")).unwrap();
        let made_on = fingerprint(&machine, folder.path());
        assert_eq!(fingerprint(&machine, folder.path()), made_on);
        assert_ne!(fingerprint(&machine, copy.path()), made_on);
        assert_ne!(fingerprint(&Machine::default(), folder.path()), made_on);
    }

    #[test]
    fn the_newest_address_is_tried_first() {
        let mut identity = Identity::default();
        assert!(identity.reached_at("a:1"));
        assert!(identity.reached_at("b:1"));
        assert!(identity.reached_at("a:1"));
        assert!(!identity.reached_at("a:1"));
        assert_eq!(identity.addresses, ["a:1", "b:1"]);
    }

    #[test]
    fn a_renewal_may_bring_a_key_for_codes_and_takes_none_away() {
        let renewed = |before: &Identity, code_key: &[u8]| {
            let renewed = Renewed {
                code_key: code_key.to_vec().into(),
                ..Renewed::default()
            };
            before.renewed(Vec::new(), &renewed)
        };
        let got = renewed(&Identity::default(), &[7; 16]);
        assert_eq!(got.code_key, [7; 16]);
        assert_eq!(renewed(&got, &[]).code_key, [7; 16]);
    }

    #[test]
    fn a_look_at_an_identity_leaves_its_file_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("identity");
        let mut file = IdentityFile::create(&path).unwrap();
        let identity = Identity {
            code_key: vec![7; 16],
            ..Identity::default()
        };
        file.write(&identity).unwrap();
        let before = std::fs::read(&path).unwrap();
        assert_eq!(IdentityFile::look(&path).unwrap(), identity);
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn renewal_begins_at_two_thirds() {
        let identity = Identity {
            not_before_us: 100,
            not_after_us: 400,
            ..Identity::default()
        };
        assert_eq!(identity.renew_from_us(), 300);
    }
}
