//! Passwords, as argon2id hashes in PHC form.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::wording::{Wording, wording};

/// Shortest and longest password, characters.
pub const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 12..=256;

/// Passwords hashed at a time, 19 MiB of memory each; more wait.
const HASHED_AT_A_TIME: usize = 4;
static PLACES: Semaphore = Semaphore::const_new(HASHED_AT_A_TIME);

/// A hash of nothing that anybody types: who names an unknown account waits as long as who names a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29uZGUtbm9ib2R5ISE$Zm9yIG5vYm9keSBhdCBhbGwsIHJlYWxseSBub3QuLi4";

/// The password is too short or too long.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.wording())]
pub struct WeakPassword;

impl WeakPassword {
    pub(crate) fn wording(&self) -> Wording {
        let (least, most) = (PASSWORD_LENGTH.start(), PASSWORD_LENGTH.end());
        wording!("a password has {} to {} characters", least, most)
    }
}

/// A hash in PHC form.
///
/// # Errors
/// [`WeakPassword`]
pub async fn hash_password(password: String) -> Result<String, WeakPassword> {
    slowly(move || hash(&password))
        .await
        .unwrap_or(Err(WeakPassword))
}

/// Whether the password is the hashed one; `None`: there is no such account, which takes as long.
pub async fn verify_password(password: String, hash: Option<String>) -> bool {
    slowly(move || verify(&password, hash.as_deref()))
        .await
        .unwrap_or(false)
}

/// Does what takes tens of milliseconds of a core, away from the threads that serve; none: it broke.
async fn slowly<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let place = PLACES.acquire().await.ok()?;
    tokio::task::spawn_blocking(move || {
        let done = work();
        // Not before: who hangs up does not take the memory away with them.
        drop(place);
        done
    })
    .await
    .ok()
}

fn hash(password: &str) -> Result<String, WeakPassword> {
    if !PASSWORD_LENGTH.contains(&password.chars().count()) {
        return Err(WeakPassword);
    }
    let hash = Argon2::default().hash_password(password.as_bytes());
    Ok(hash.map_err(|_| WeakPassword)?.to_string())
}

fn verify(password: &str, hash: Option<&str>) -> bool {
    let verified = PasswordHash::new(hash.unwrap_or(NOBODY)).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    });
    verified && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_itself_is_taken() {
        let hashed = hash("correct horse battery").unwrap();
        assert!(hashed.starts_with("$argon2id$"), "{hashed}");
        assert!(verify("correct horse battery", Some(&hashed)));
        assert!(!verify("correct horse batterz", Some(&hashed)));
        assert!(!verify("correct horse battery", None));
        assert_eq!(hash("too short"), Err(WeakPassword));
    }

    #[test]
    fn the_hash_for_nobody_costs_as_much_as_a_real_one() {
        let parsed = PasswordHash::new(NOBODY).unwrap();
        let real = hash("correct horse battery").unwrap();
        let real = PasswordHash::new(&real).unwrap();
        assert_eq!(parsed.params, real.params);
        assert_eq!(
            parsed.hash.map(|hash| hash.len()),
            real.hash.map(|hash| hash.len())
        );
    }
}
