//! Making accounts. No network request makes one without an administrator's session.

use super::second_factor::{new_recovery_codes, new_second_factor};
use super::{WeakPassword, hash_password};
use crate::store::accounts::{NewAccount, NewSecrets, Role};
use crate::store::{Id, Store, StoreError, TimeUs};
use crate::wording::{Wording, wording};

/// An account's name: lower-case letters, digits, `.`, `-`, `_`.
const NAME_LENGTH: usize = 64;
/// Who else acts on tickets, under these names.
const RESERVED: [&str; 4] = ["collector", "me", "nobody", "requester"];

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
    #[error("name: {}", name_rule())]
    Name,
    #[error("password: {0}")]
    Password(#[from] WeakPassword),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What an account's name has to be.
pub(crate) fn name_rule() -> Wording {
    wording!(
        "1 to {} of a-z, 0-9, '.', '-', '_', a letter first",
        NAME_LENGTH
    )
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
    let (created, secrets) = new_secrets(&user.name, user.password).await?;
    let account = NewAccount {
        name: user.name,
        role: user.role,
        password_hash: secrets.password_hash,
        sites: user.sites,
        created_by: by.to_owned(),
        at: now,
    };
    store
        .create_whole_account(account, secrets.totp_secret, secrets.recovery_hashes)
        .await?;
    Ok(created)
}

/// Gives an account that nobody can get into any more a new password and a new second factor; its sessions and tokens
/// end.
///
/// # Errors
/// [`UserError`]; not found: the account.
pub async fn reset_user(
    store: &Store,
    name: &str,
    by: &str,
    now: TimeUs,
) -> Result<CreatedUser, UserError> {
    let (created, secrets) = new_secrets(name, None).await?;
    store.reset_account(name, secrets, by, now).await?;
    Ok(created)
}

/// What the account's owner is told, and what is kept of it.
async fn new_secrets(
    name: &str,
    password: Option<String>,
) -> Result<(CreatedUser, NewSecrets), UserError> {
    let password = password.unwrap_or_else(|| Id::random().to_string());
    let password_hash = hash_password(password.clone()).await?;
    let factor = new_second_factor(name);
    let (recovery_codes, recovery_hashes) = new_recovery_codes();
    let created = CreatedUser {
        name: name.to_owned(),
        password,
        totp_secret: factor.secret_base32,
        totp_url: factor.url,
        recovery_codes,
    };
    let secrets = NewSecrets {
        password_hash,
        totp_secret: factor.secret,
        recovery_hashes,
    };
    Ok((created, secrets))
}

fn is_name(name: &str) -> bool {
    name.len() <= NAME_LENGTH
        && !RESERVED.contains(&name)
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::super::{Proof, SignIn, SignInError, sign_in};
    use super::*;
    use crate::store::accounts::CredentialKind;
    use crate::store::testing::{NOW, on_both};

    fn ann() -> NewUser {
        NewUser {
            name: "ann".into(),
            role: Role::Technician,
            sites: vec![],
            password: None,
        }
    }

    #[tokio::test]
    async fn an_account_is_never_there_without_its_second_factor() {
        on_both(|store| async move {
            let account = NewAccount {
                name: "ann".into(),
                role: Role::Technician,
                password_hash: "x".into(),
                sites: vec![],
                created_by: "root".into(),
                at: NOW,
            };
            // The store refuses the second of two codes that are the same.
            let same = vec![[5; 32]; 2];
            let made = store.create_whole_account(account, vec![1; 20], same).await;
            assert!(made.is_err());
            assert!(store.secrets("ann").await.unwrap().is_none());
            create_user(&store, ann(), "root", NOW).await.unwrap();
            let secrets = store.secrets("ann").await.unwrap();
            assert!(secrets.unwrap().account.has_totp);
        })
        .await;
    }

    #[tokio::test]
    async fn a_reset_account_is_entered_with_what_is_new_alone() {
        on_both(|store| async move {
            let old = create_user(&store, ann(), "root", NOW).await.unwrap();
            let enter = async |who: &CreatedUser, code: usize| {
                let attempt = SignIn {
                    proof: Proof {
                        name: "ann".into(),
                        password: who.password.clone(),
                        code: Some(who.recovery_codes[code].clone()),
                        address: None,
                    },
                    kind: CredentialKind::Token,
                    label: "laptop".into(),
                };
                sign_in(&store, attempt, NOW).await
            };
            let token = enter(&old, 0).await.unwrap().secret;
            let new = reset_user(&store, "ann", "root", NOW).await.unwrap();
            let hash = super::super::hash_secret(&token);
            assert_eq!(store.signed_in(&hash, NOW).await, Ok(None));
            assert_eq!(enter(&old, 1).await.unwrap_err(), SignInError::Wrong);
            enter(&new, 0).await.unwrap();
            let nobody = reset_user(&store, "bob", "root", NOW).await;
            assert!(matches!(nobody, Err(UserError::Store(_))), "{nobody:?}");
        })
        .await;
    }

    #[test]
    fn names_are_plain() {
        for good in ["ann", "a.b-c_9"] {
            assert!(is_name(good), "{good}");
        }
        for bad in [
            "",
            "9a",
            "collector",
            "requester",
            "Ann",
            "a b",
            "a/b",
            "ä",
            &"a".repeat(65),
        ] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
