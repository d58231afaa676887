//! Signing in: throttle, password, second factor, then a credential.

use std::net::IpAddr;

use super::{hash_secret, new_secret, second_factor, verify_password};
use crate::store::accounts::{Account, CredentialKind, NewCredential, Secrets, Subject};
use crate::store::{Id, Store, StoreError, TimeUs};

/// Life of a command line token: 90 days.
pub const TOKEN_US: i64 = 90 * 86_400 * 1_000_000;
/// Life of a browser session: 12 hours, and 30 minutes idle.
pub const SESSION_US: i64 = 12 * 3_600 * 1_000_000;
pub const SESSION_IDLE_US: i64 = 30 * 60 * 1_000_000;
/// What somebody signs in with.
#[derive(Debug, Clone)]
pub struct SignIn {
    pub proof: Proof,
    pub kind: CredentialKind,
    /// What the credential is called.
    pub label: String,
}

/// A credential that was just made.
#[derive(Debug, Clone)]
pub struct SignedInNow {
    pub account: Account,
    pub credential: Id,
    /// Shown once; only its hash is kept.
    pub secret: String,
    pub expires_at: TimeUs,
}

/// Why somebody is not signed in.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    #[error("name, password or code is wrong")]
    Wrong,
    #[error("a code of the second factor is needed")]
    CodeNeeded,
    #[error("too many failures")]
    Throttled { until: TimeUs },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What somebody shows to be who they say.
#[derive(Debug, Clone)]
pub struct Proof {
    pub name: String,
    pub password: String,
    /// Of the authenticator, or a recovery code.
    pub code: Option<String>,
    /// Where it comes from, for the throttle.
    pub address: Option<IpAddr>,
}

/// The account whose password and second factor these are; an account without a second factor needs none.
///
/// # Errors
/// [`SignInError`]
pub async fn prove(store: &Store, proof: Proof, now: TimeUs) -> Result<Account, SignInError> {
    let tried = Tried::begin(store, &proof.name, proof.address, now).await?;
    let secrets = tried.password(store, &proof.name, proof.password).await?;
    if let Some(secret) = &secrets.totp_secret {
        let Some(code) = &proof.code else {
            tried.was_right(store, false).await?;
            return Err(SignInError::CodeNeeded);
        };
        if !second_factor::take_code(store, &secrets.account, secret, code, now).await? {
            return Err(SignInError::Wrong);
        }
    }
    tried.was_right(store, true).await?;
    Ok(secrets.account)
}

/// Signs somebody in. An account without a second factor gets in to set one up.
///
/// # Errors
/// [`SignInError`]
pub async fn sign_in(
    store: &Store,
    attempt: SignIn,
    now: TimeUs,
) -> Result<SignedInNow, SignInError> {
    let account = prove(store, attempt.proof, now).await?;
    let (life_us, idle_us, prefix) = match attempt.kind {
        CredentialKind::Token => (TOKEN_US, 0, "sonde_t_"),
        CredentialKind::Session => (SESSION_US, SESSION_IDLE_US, "sonde_s_"),
    };
    let secret = new_secret(prefix);
    let expires_at = now + life_us;
    let credential = store
        .create_credential(NewCredential {
            account_key: account.account_key,
            secret_hash: hash_secret(&secret),
            kind: attempt.kind,
            name: attempt.label,
            expires_at,
            idle_us,
            at: now,
        })
        .await?;
    Ok(SignedInNow {
        account,
        credential,
        secret,
        expires_at,
    })
}

/// Whether this is the account's password: a session alone must not be enough to take an account over. Failures are
/// throttled like those of signing in.
///
/// # Errors
/// [`SignInError`], never that a code is needed.
pub async fn confirm_password(
    store: &Store,
    name: &str,
    password: String,
    address: Option<IpAddr>,
    now: TimeUs,
) -> Result<(), SignInError> {
    let tried = Tried::begin(store, name, address, now).await?;
    tried.password(store, name, password).await?;
    Ok(tried.was_right(store, true).await?)
}

/// A try that counts as a failure until it is found right: of any number at a time, no more pass than one after another.
struct Tried(Vec<Subject>);

impl Tried {
    async fn begin(
        store: &Store,
        name: &str,
        address: Option<IpAddr>,
        now: TimeUs,
    ) -> Result<Self, SignInError> {
        let mut subjects = vec![Subject::account(name)];
        subjects.extend(address.map(Subject::Address));
        match store.sign_in_tried(subjects.clone(), now).await? {
            Some(until) => Err(SignInError::Throttled { until }),
            None => Ok(Self(subjects)),
        }
    }

    /// The account whose password this is, if it is and may come in.
    async fn password(
        &self,
        store: &Store,
        name: &str,
        password: String,
    ) -> Result<Secrets, SignInError> {
        let secrets = store.secrets(name).await?;
        let hash = secrets
            .as_ref()
            .map(|secrets| secrets.password_hash.clone());
        let is_right = verify_password(password, hash).await;
        secrets
            .filter(|secrets| is_right && secrets.account.disabled_at.is_none())
            .ok_or(SignInError::Wrong)
    }

    /// Takes the try back; `is_in`: the account's earlier failures are forgotten with it.
    async fn was_right(self, store: &Store, is_in: bool) -> Result<(), StoreError> {
        store.sign_in_was_right(self.0, is_in).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::{NewUser, create_user};
    use super::*;
    use crate::account::CreatedUser;
    use crate::store::accounts::Role;
    use crate::store::testing::{NOW, on_both};

    fn attempt(password: &str, code: Option<&str>) -> SignIn {
        SignIn {
            proof: Proof {
                name: "ann".into(),
                password: password.into(),
                code: code.map(str::to_owned),
                address: Some([192, 0, 2, 1].into()),
            },
            kind: CredentialKind::Token,
            label: "laptop".into(),
        }
    }

    async fn ann(store: &Store) -> CreatedUser {
        let user = NewUser {
            name: "ann".into(),
            role: Role::Technician,
            sites: vec![],
            password: None,
        };
        create_user(store, user, "root", NOW).await.unwrap()
    }

    #[tokio::test]
    async fn password_and_code_together_sign_in_and_failures_are_throttled() {
        on_both(|store| async move {
            let made = ann(&store).await;
            let (password, code) = (made.password.as_str(), made.recovery_codes[0].as_str());
            let sign_in = async |password: &str, code| {
                let signed_in = sign_in(&store, attempt(password, code), NOW).await;
                signed_in.map(|signed_in| signed_in.secret)
            };
            assert_eq!(sign_in(password, None).await, Err(SignInError::CodeNeeded));
            let secret = sign_in(password, Some(code)).await.unwrap();
            let who = store.signed_in(&hash_secret(&secret), NOW).await.unwrap();
            assert_eq!(who.unwrap().account.name, "ann");
            assert_eq!(sign_in(password, Some(code)).await, Err(SignInError::Wrong));
            for _ in 0..4 {
                assert_eq!(sign_in("wrong", None).await, Err(SignInError::Wrong));
            }
            let again = sign_in(password, Some(&made.recovery_codes[1])).await;
            assert!(
                matches!(again, Err(SignInError::Throttled { .. })),
                "{again:?}"
            );
        })
        .await;
    }

    #[tokio::test]
    async fn tries_beside_each_other_count_like_tries_one_after_another() {
        on_both(|store| async move {
            let made = ann(&store).await;
            let tries = (0..20).map(|_| sign_in(&store, attempt("wrong", None), NOW));
            let tries = futures::future::join_all(tries).await;
            let n_judged = tries
                .iter()
                .filter(|tried| matches!(tried, Err(SignInError::Wrong)))
                .count();
            assert_eq!(n_judged, 5);
            let password = confirm_password(&store, "ann", made.password, None, NOW).await;
            assert!(
                matches!(password, Err(SignInError::Throttled { .. })),
                "{password:?}"
            );
        })
        .await;
    }
}
