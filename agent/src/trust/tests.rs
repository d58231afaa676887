//! Certificates made for the test, valid in 2020.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};

use super::*;
use crate::dial::COLLECTOR_NAME;

const IN_2019: u64 = 1_550_000_000;
const IN_2020: u64 = 1_590_000_000;
const IN_2023: u64 = 1_680_000_000;

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn leaf(authority: &CertifiedIssuer<'_, KeyPair>, name: &str) -> CertificateDer<'static> {
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2021, 1, 1);
    params
        .signed_by(&KeyPair::generate().unwrap(), authority)
        .unwrap()
        .der()
        .clone()
}

fn pinned(authority: &CertifiedIssuer<'static, KeyPair>) -> Arc<Verifier> {
    let anchor = Anchor::Pinned(under(authority.der()).unwrap());
    Verifier::new(anchor, Correction::default(), Arc::default())
}

fn verify(
    verifier: &dyn ServerCertVerifier,
    leaf: &CertificateDer<'_>,
    chain: &[CertificateDer<'_>],
    seconds: u64,
) -> Result<(), Error> {
    let name = ServerName::try_from(COLLECTOR_NAME).unwrap();
    verifier
        .verify_server_cert(
            leaf,
            chain,
            &name,
            &[],
            UnixTime::since_unix_epoch(Duration::from_secs(seconds)),
        )
        .map(drop)
}

#[track_caller]
fn check(name: &str, seconds: u64, offset_seconds: i64, expected: &str) {
    let authority = authority();
    let pinned = pinned(&authority);
    pinned.correction.set(offset_seconds * 1_000_000);
    let verified = verify(&*pinned, &leaf(&authority, name), &[], seconds);
    let found = match (verified, pinned.time_only.load(Ordering::Relaxed)) {
        (Ok(()), false) => "trusted",
        (Ok(()), true) => "time only",
        (Err(_), _) => "refused",
    };
    assert_eq!(found, expected);
}

#[test]
fn a_wrong_clock_may_ask_for_the_time_only() {
    check(COLLECTOR_NAME, IN_2020, 0, "trusted");
    check(COLLECTOR_NAME, IN_2019, 0, "time only");
    check(COLLECTOR_NAME, IN_2023, 0, "time only");
    check(
        COLLECTOR_NAME,
        IN_2023,
        IN_2020 as i64 - IN_2023 as i64,
        "trusted",
    );
    check("another.name", IN_2020, 0, "refused");
    check("another.name", IN_2023, 0, "refused");
}

#[test]
fn another_authority_is_not_believed() {
    let pinned = pinned(&authority());
    let stranger = authority();
    for seconds in [IN_2019, IN_2020, IN_2023] {
        assert!(verify(&*pinned, &leaf(&stranger, COLLECTOR_NAME), &[], seconds).is_err());
    }
}

#[test]
fn enrolment_believes_the_fingerprint_alone() {
    let (ours, stranger) = (authority(), authority());
    let mut fingerprint = [0; 32];
    fingerprint.copy_from_slice(digest(&SHA256, ours.der()).as_ref());
    let anchor = Anchor::Fingerprint(fingerprint);
    let verifier = Verifier::new(anchor, Correction::default(), Arc::default());
    let leaf_of = |authority| leaf(authority, COLLECTOR_NAME);
    assert!(verify(&*verifier, &leaf_of(&ours), &[ours.der().clone()], IN_2020).is_ok());
    assert!(verify(&*verifier, &leaf_of(&ours), &[ours.der().clone()], IN_2023).is_ok());
    assert!(verify(&*verifier, &leaf_of(&ours), &[], IN_2020).is_err());
    assert!(
        verify(
            &*verifier,
            &leaf_of(&stranger),
            &[ours.der().clone()],
            IN_2020
        )
        .is_err()
    );
    assert!(
        verify(
            &*verifier,
            &leaf_of(&stranger),
            &[stranger.der().clone()],
            IN_2020
        )
        .is_err()
    );
}

#[test]
fn a_token_carries_its_authority() {
    let hex = "ab".repeat(32);
    let token = Token::parse(&format!("sonde1.secret.{hex}\n")).unwrap();
    assert_eq!(
        (token.secret.as_str(), token.fingerprint),
        ("secret", [0xab; 32])
    );
    for wrong in [
        "",
        "sonde1.secret",
        "sonde2.secret.ab",
        &format!("sonde1..{hex}"),
        &format!("sonde1.s.{hex}.x"),
        &"é".repeat(40),
    ] {
        assert_eq!(Token::parse(wrong), Err(NotAToken), "{wrong}");
    }
}

#[test]
fn a_certificate_of_another_key_is_not_used() {
    let authority = authority();
    let certificate = |key: &KeyPair| {
        let params = CertificateParams::new(["d".to_owned()]).unwrap();
        params.signed_by(key, &authority).unwrap().der().to_vec()
    };
    let (key, other) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let is_used = |certificate| {
        let identity = Identity {
            key: key.serialize_der(),
            certificate,
            authority: authority.der().to_vec(),
            ..Identity::default()
        };
        is_usable(&identity, &Correction::default())
    };
    assert!(is_used(certificate(&key)));
    assert!(!is_used(certificate(&other)));
    assert!(!is_used(b"no certificate".to_vec()));
}
