//! Failed sign-ins make the next ones wait.

use super::super::{Columns, Query, Store, StoreError, TimeUs};

/// Failures that cost nothing.
const FREE_FAILURES: i64 = 4;
/// What the next one costs; it doubles from failure to failure.
const FIRST_WAIT_US: i64 = 1_000_000;
const LONGEST_WAIT_US: i64 = 15 * 60 * 1_000_000;
/// Failures are forgotten when there was none for so long.
const FORGOTTEN_AFTER_US: i64 = 24 * 3_600 * 1_000_000;

impl Store {
    /// Until when sign-ins of any of these subjects (account, address) are refused; none: they are not.
    ///
    /// # Errors
    /// The store's own.
    pub async fn sign_in_blocked(
        &self,
        subjects: &[String],
        now: TimeUs,
    ) -> Result<Option<TimeUs>, StoreError> {
        let mut on = self.reader().await?;
        let row = Query::new("SELECT MAX(blocked_until) FROM login_failures WHERE subject IN ")
            .list(subjects.iter().map(String::as_str))
            .one(&mut on)
            .await?;
        let until = Columns::of(&row).opt_int()?;
        Ok(until.filter(|until| *until > now))
    }

    /// A sign-in failed.
    ///
    /// # Errors
    /// The store's own.
    pub async fn sign_in_failed(
        &self,
        subjects: Vec<String>,
        now: TimeUs,
    ) -> Result<(), StoreError> {
        self.write((subjects, now), |tx, (subjects, now)| {
            Box::pin(async move {
                for subject in subjects {
                    let known = Query::new(
                        "SELECT n_failures, last_at FROM login_failures WHERE subject = $1",
                    )
                    .bind(subject)
                    .read_optional(&mut tx.on, |columns| Ok((columns.int()?, columns.int()?)))
                    .await?;
                    let before = known
                        .filter(|(_, last_at)| now - last_at < FORGOTTEN_AFTER_US)
                        .map_or(0, |(n_failures, _)| n_failures);
                    Query::new(
                        "INSERT INTO login_failures (subject, n_failures, last_at, blocked_until) \
                         VALUES ($1, $2, $3, $4) ON CONFLICT (subject) DO UPDATE SET \
                         n_failures = excluded.n_failures, last_at = excluded.last_at, \
                         blocked_until = excluded.blocked_until",
                    )
                    .bind(subject)
                    .bind(before + 1)
                    .bind(*now)
                    .bind(now + wait_us(before + 1))
                    .execute(&mut tx.on)
                    .await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// A sign-in succeeded: the account's failures are forgotten.
    ///
    /// # Errors
    /// The store's own.
    pub async fn sign_in_succeeded(&self, subject: String) -> Result<(), StoreError> {
        self.write(subject, |tx, subject| {
            Box::pin(async move {
                Query::new("DELETE FROM login_failures WHERE subject = $1")
                    .bind(subject)
                    .execute(&mut tx.on)
                    .await?;
                Ok(())
            })
        })
        .await
    }
}

/// How long the next try has to wait after so many failures.
fn wait_us(n_failures: i64) -> i64 {
    match n_failures - FREE_FAILURES {
        ..=0 => 0,
        over => FIRST_WAIT_US
            .saturating_mul(1 << (over - 1).min(30))
            .min(LONGEST_WAIT_US),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{NOW, on_both};
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit() {
        let waits: Vec<i64> = [1, 4, 5, 6, 7, 90].map(wait_us).into();
        assert_eq!(
            waits,
            [0, 0, 1_000_000, 2_000_000, 4_000_000, LONGEST_WAIT_US]
        );
    }

    #[tokio::test]
    async fn the_fifth_failure_makes_the_next_one_wait_until_a_success() {
        on_both(|store| async move {
            let ann = || vec!["account ann".to_owned()];
            for _ in 0..4 {
                store.sign_in_failed(ann(), NOW).await.unwrap();
            }
            assert_eq!(store.sign_in_blocked(&ann(), NOW).await, Ok(None));
            store.sign_in_failed(ann(), NOW).await.unwrap();
            let until = NOW + FIRST_WAIT_US;
            assert_eq!(store.sign_in_blocked(&ann(), NOW).await, Ok(Some(until)));
            assert_eq!(store.sign_in_blocked(&ann(), until).await, Ok(None));
            store.sign_in_succeeded("account ann".into()).await.unwrap();
            assert_eq!(store.sign_in_blocked(&ann(), NOW).await, Ok(None));
        })
        .await;
    }
}
