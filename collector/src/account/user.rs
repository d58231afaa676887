//! Making accounts. No network request makes one without an administrator's session.

use super::second_factor::{new_second_factor, set_second_factor};
use super::{WeakPassword, hash_password};
use crate::store::accounts::{NewAccount, Role};
use crate::store::{Id, Store, StoreError, TimeUs};

/// An account's name: lower-case letters, digits, `.`, `-`, `_`.
const NAME_LENGTH: usize = 64;

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub name: String,
    pub role: Role,
    /// Names; empty: all.
    pub sites: Vec<String>,
    /// None: one is made.
    pub password: Option<String>,
}

/// What the new account's owner has to be told, once.
#[derive(Debug, Clone)]
pub struct CreatedUser {
    pub name: String,
    pub password: String,
    pub totp_secret: String,
    pub totp_url: String,
    pub recovery_codes: Vec<String>,
}

/// Why an account was not made.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UserError {
    #[error("name: 1 to {NAME_LENGTH} of a-z, 0-9, '.', '-', '_', a letter first")]
    Name,
    #[error("password: {0}")]
    Password(#[from] WeakPassword),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes an account with its second factor.
///
/// # Errors
/// [`UserError`]
pub async fn create_user(
    store: &Store,
    user: NewUser,
    by: &str,
    now: TimeUs,
) -> Result<CreatedUser, UserError> {
    if !is_name(&user.name) {
        return Err(UserError::Name);
    }
    let password = user.password.unwrap_or_else(|| Id::random().to_string());
    let password_hash = hash_password(password.clone()).await?;
    store
        .create_account(NewAccount {
            name: user.name.clone(),
            role: user.role,
            password_hash,
            sites: user.sites,
            created_by: by.to_owned(),
            at: now,
        })
        .await?;
    let factor = new_second_factor(&user.name);
    let recovery_codes = set_second_factor(store, &user.name, factor.secret, now).await?;
    Ok(CreatedUser {
        name: user.name,
        password,
        totp_secret: factor.secret_base32,
        totp_url: factor.url,
        recovery_codes,
    })
}

fn is_name(name: &str) -> bool {
    name.len() <= NAME_LENGTH
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for good in ["ann", "a.b-c_9"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "9a", "Ann", "a b", "a/b", "ä", &"a".repeat(65)] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
