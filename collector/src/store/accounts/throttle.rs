//! Failed sign-ins make the next ones wait: mostly those of the same account, and of an address only when it fails for
//! many, since a whole office may share it. So do spoken codes that no device has made.

use std::net::{IpAddr, Ipv6Addr};

use super::super::{Query, Store, StoreError, TimeUs, Tx};

/// What the first failure costs that is not free; it doubles from failure to failure.
const FIRST_WAIT_US: i64 = 1_000_000;
const LONGEST_WAIT_US: i64 = 15 * 60 * 1_000_000;
/// Characters of an account's name that are told apart.
const NAME_LENGTH: usize = 64;
/// Addresses of one IPv6 network are one.
const NETWORK: u128 = !0 << 64;

/// Whose failures are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    Account(String),
    Address(IpAddr),
    /// Of an account that types in what devices say.
    Codes(String),
}

impl Subject {
    pub fn account(name: &str) -> Self {
        Self::Account(name.chars().take(NAME_LENGTH).collect())
    }

    /// The codes that this account types in.
    pub fn codes(name: &str) -> Self {
        Self::Codes(name.chars().take(NAME_LENGTH).collect())
    }

    /// What its failures are kept under.
    fn key(&self) -> String {
        match self {
            Self::Account(name) => format!("account {name}"),
            Self::Codes(name) => format!("codes {name}"),
            Self::Address(address) => match address.to_canonical() {
                IpAddr::V4(address) => format!("address {address}"),
                IpAddr::V6(address) => {
                    format!(
                        "address {}/64",
                        Ipv6Addr::from_bits(address.to_bits() & NETWORK)
                    )
                }
            },
        }
    }

    /// Failures that cost nothing.
    fn n_free(&self) -> i64 {
        match self {
            Self::Account(_) => 4,
            Self::Address(_) => 100,
            Self::Codes(_) => 10,
        }
    }

    /// After so long one failure is forgotten.
    fn forgets_after_us(&self) -> i64 {
        match self {
            Self::Account(_) | Self::Codes(_) => 3_600_000_000,
            Self::Address(_) => 60_000_000,
        }
    }

    /// How long the next try has to wait after so many failures.
    fn wait_us(&self, n_failures: i64) -> i64 {
        match n_failures - self.n_free() {
            ..=0 => 0,
            over => FIRST_WAIT_US
                .saturating_mul(1 << (over - 1).min(30))
                .min(LONGEST_WAIT_US),
        }
    }
}

impl Store {
    /// Somebody tries to sign in: counted as a failure of each subject until it is found right. Until when sign-ins are
    /// refused, if they are; then nothing is counted.
    ///
    /// # Errors
    /// The store's own.
    pub async fn sign_in_tried(
        &self,
        subjects: Vec<Subject>,
        now: TimeUs,
    ) -> Result<Option<TimeUs>, StoreError> {
        self.write((subjects, now), |tx, (subjects, now)| {
            Box::pin(tried(tx, subjects, *now))
        })
        .await
    }

    /// A try was right and is taken back; `is_in`: so are the account's earlier failures.
    ///
    /// # Errors
    /// The store's own.
    pub async fn sign_in_was_right(
        &self,
        subjects: Vec<Subject>,
        is_in: bool,
    ) -> Result<(), StoreError> {
        self.write((subjects, is_in), |tx, (subjects, is_in)| {
            Box::pin(async move {
                for subject in subjects {
                    let n_failures = match failures(tx, subject).await? {
                        Some((n_failures, at)) if !(*is_in && is_account(subject)) => {
                            Some((n_failures - 1, at))
                        }
                        Some(_) => Some((0, 0)),
                        None => None,
                    };
                    if let Some((n_failures, at)) = n_failures {
                        count(tx, subject, n_failures, at).await?;
                    }
                }
                Ok(())
            })
        })
        .await
    }
}

/// Nothing that an account's owner or others did wrong makes anybody wait any more.
pub(super) async fn forget(tx: &mut Tx, account: &str) -> Result<(), StoreError> {
    Query::new("DELETE FROM login_failures WHERE subject = $1")
        .bind(Subject::account(account).key())
        .execute(&mut tx.on)
        .await?;
    Ok(())
}

fn is_account(subject: &Subject) -> bool {
    matches!(subject, Subject::Account(_))
}

async fn tried(
    tx: &mut Tx,
    subjects: &[Subject],
    now: TimeUs,
) -> Result<Option<TimeUs>, StoreError> {
    let mut counted = Vec::with_capacity(subjects.len());
    for subject in subjects {
        let (before, at) = failures(tx, subject).await?.unwrap_or((0, now));
        let until = at + subject.wait_us(before);
        if until > now {
            return Ok(Some(until));
        }
        let n_forgotten = (now - at).max(0) / subject.forgets_after_us();
        counted.push((subject, (before - n_forgotten).max(0) + 1));
    }
    for (subject, n_failures) in counted {
        count(tx, subject, n_failures, now).await?;
    }
    Ok(None)
}

/// How many there were, and when the last one was.
async fn failures(tx: &mut Tx, subject: &Subject) -> Result<Option<(i64, TimeUs)>, StoreError> {
    Query::new("SELECT n_failures, last_at FROM login_failures WHERE subject = $1")
        .bind(subject.key())
        .read_optional(&mut tx.on, |columns| Ok((columns.int()?, columns.int()?)))
        .await
}

async fn count(
    tx: &mut Tx,
    subject: &Subject,
    n_failures: i64,
    at: TimeUs,
) -> Result<(), StoreError> {
    Query::new(
        "INSERT INTO login_failures (subject, n_failures, last_at) \
         VALUES ($1, $2, $3) ON CONFLICT (subject) DO UPDATE SET \
         n_failures = excluded.n_failures, last_at = excluded.last_at",
    )
    .bind(subject.key())
    .bind(n_failures)
    .bind(at)
    .execute(&mut tx.on)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{HOUR_US, NOW, on_both};
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit() {
        let ann = Subject::account("ann");
        let waits: Vec<i64> = [1, 4, 5, 6, 7, 90].map(|n| ann.wait_us(n)).into();
        assert_eq!(
            waits,
            [0, 0, 1_000_000, 2_000_000, 4_000_000, LONGEST_WAIT_US]
        );
    }

    #[track_caller]
    fn check_key(address: &str, expected: &str) {
        assert_eq!(Subject::Address(address.parse().unwrap()).key(), expected);
    }

    #[test]
    fn one_ipv6_network_is_one_address() {
        check_key("2001:db8:1:2:3:4:5:6", "address 2001:db8:1:2::/64");
        check_key("::ffff:192.0.2.1", "address 192.0.2.1");
    }

    #[tokio::test]
    async fn the_fifth_failure_makes_the_next_one_wait_until_a_success() {
        on_both(|store| async move {
            let ann = || vec![Subject::account("ann")];
            for _ in 0..5 {
                assert_eq!(store.sign_in_tried(ann(), NOW).await, Ok(None));
            }
            let until = NOW + FIRST_WAIT_US;
            assert_eq!(store.sign_in_tried(ann(), NOW).await, Ok(Some(until)));
            assert_eq!(store.sign_in_tried(ann(), until).await, Ok(None));
            store.sign_in_was_right(ann(), true).await.unwrap();
            for _ in 0..5 {
                assert_eq!(store.sign_in_tried(ann(), until).await, Ok(None));
            }
            // Four hours later four are forgotten.
            let later = until + 4 * HOUR_US;
            for _ in 0..4 {
                assert_eq!(store.sign_in_tried(ann(), later).await, Ok(None));
            }
            let again = store.sign_in_tried(ann(), later).await;
            assert_eq!(again, Ok(Some(later + FIRST_WAIT_US)));
        })
        .await;
    }

    #[tokio::test]
    async fn an_office_is_not_locked_out_by_one_who_forgot_a_password() {
        on_both(|store| async move {
            let office = Subject::Address("192.0.2.1".parse().unwrap());
            let ann = || vec![Subject::account("ann"), office.clone()];
            let bob = || vec![Subject::account("bob"), office.clone()];
            for _ in 0..20 {
                store.sign_in_tried(ann(), NOW).await.unwrap();
            }
            for _ in 0..50 {
                assert_eq!(store.sign_in_tried(bob(), NOW).await, Ok(None));
                store.sign_in_was_right(bob(), true).await.unwrap();
            }
            for n in 0..96 {
                let somebody = vec![Subject::account(&format!("user{n}")), office.clone()];
                assert_eq!(store.sign_in_tried(somebody, NOW).await, Ok(None));
            }
            assert!(store.sign_in_tried(bob(), NOW).await.unwrap().is_some());
        })
        .await;
    }
}
