//! The second factor: time-based codes (RFC 6238: SHA-1, 6 digits, 30 s) and recovery codes.

use subtle::ConstantTimeEq as _;
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::hash_secret;
use crate::store::accounts::Account;
use crate::store::{Id, Store, StoreError, TimeUs, random_bytes};

const STEP_S: i64 = 30;
/// Steps before and after the present one that are taken.
const SKEW_STEPS: i64 = 1;
const SECRET_BYTES: usize = 20;
const RECOVERY_CODES: usize = 10;
const RECOVERY_LENGTH: usize = 16;

/// A second factor to be set up; it holds once a code of it is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSecondFactor {
    pub secret: Vec<u8>,
    /// The secret as people type it into an authenticator.
    pub secret_base32: String,
    /// The secret as an authenticator scans it.
    pub url: String,
}

/// Why a second factor was not set.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecondFactorError {
    #[error("the code does not belong to the secret")]
    WrongCode,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A fresh secret for an account.
pub fn new_second_factor(account: &str) -> NewSecondFactor {
    let secret: [u8; SECRET_BYTES] = random_bytes();
    let secret_base32 = Secret::from(secret.to_vec()).to_base32();
    NewSecondFactor {
        url: format!(
            "otpauth://totp/Sonde:{account}?secret={secret_base32}&issuer=Sonde&algorithm=SHA1&digits=6&period=30"
        ),
        secret_base32,
        secret: secret.to_vec(),
    }
}

/// Sets the second factor if `code` belongs to it. Gives the recovery codes, each good once.
///
/// # Errors
/// [`SecondFactorError`]
pub async fn confirm_second_factor(
    store: &Store,
    account: &str,
    secret: Vec<u8>,
    code: &str,
    now: TimeUs,
) -> Result<Vec<String>, SecondFactorError> {
    if matching_step(&secret, code, now).is_none() {
        return Err(SecondFactorError::WrongCode);
    }
    let (recovery_codes, hashes) = new_recovery_codes();
    store.set_totp(account, secret, hashes, now).await?;
    Ok(recovery_codes)
}

/// Fresh recovery codes, and what is kept of them.
pub(super) fn new_recovery_codes() -> (Vec<String>, Vec<[u8; 32]>) {
    (0..RECOVERY_CODES)
        .map(|_| Id::random().to_string()[26 - RECOVERY_LENGTH..].to_owned())
        .map(|code| (code.clone(), hash_secret(&code)))
        .unzip()
}

/// Takes a code: one of the authenticator's or a recovery code. True once for each.
pub(super) async fn take_code(
    store: &Store,
    account: &Account,
    secret: &[u8],
    code: &str,
    now: TimeUs,
) -> Result<bool, StoreError> {
    let code = code.trim().replace([' ', '-'], "").to_lowercase();
    if code.len() == RECOVERY_LENGTH {
        return store
            .take_recovery_code(account.account_key, hash_secret(&code), now)
            .await;
    }
    match matching_step(secret, &code, now) {
        Some(step) => store.take_totp_step(account.account_key, step).await,
        None => Ok(false),
    }
}

fn matching_step(secret: &[u8], code: &str, now: TimeUs) -> Option<i64> {
    let totp: Totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_secret(secret.to_vec())
        .build()
        .ok()?;
    let present = now / 1_000_000 / STEP_S;
    let mut found = None;
    for step in present - SKEW_STEPS..=present + SKEW_STEPS {
        let expected = totp
            .generate(u64::try_from(step * STEP_S).ok()?)
            .to_string();
        // All of them are compared whatever was found.
        if bool::from(expected.as_bytes().ct_eq(code.as_bytes())) {
            found = Some(step);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the secret "12345678901234567890".
    #[track_caller]
    fn check(at_s: i64, code: &str, expected: Option<i64>) {
        let step = matching_step(b"12345678901234567890", code, at_s * 1_000_000);
        assert_eq!(step, expected);
    }

    #[test]
    fn codes_of_the_present_step_and_its_neighbours_are_taken() {
        check(1_111_111_109, "081804", Some(37_037_036));
        check(1_111_111_109 + 30, "081804", Some(37_037_036));
        check(1_111_111_109 + 90, "081804", None);
        check(1_111_111_109, "081805", None);
        check(1_111_111_109, "", None);
    }
}
