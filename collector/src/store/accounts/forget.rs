//! Credentials that have ended and failures that no longer make anybody wait are forgotten after a while.

use super::super::{Query, Store, StoreError, TimeUs};

/// An ended credential is kept for so long, for who asks what became of it: 30 days.
const ENDED_US: i64 = 30 * 86_400_000_000;
/// Longer than any wait after failed sign-ins: a day.
const FAILURES_US: i64 = 86_400_000_000;

impl Store {
    /// Forgets credentials that ended long ago and, after a day, failed sign-ins and answers to repeatable calls.
    ///
    /// # Errors
    /// The store's own.
    pub async fn forget_ended(&self, now: TimeUs) -> Result<(), StoreError> {
        self.write(now, |tx, now| {
            Box::pin(async move {
                Query::new("DELETE FROM credentials WHERE expires_at < $1 OR revoked_at < $1")
                    .bind(now - ENDED_US)
                    .execute(&mut tx.on)
                    .await?;
                Query::new("DELETE FROM idempotency WHERE at < $1")
                    .bind(now - crate::store::idempotency::KEPT_US)
                    .execute(&mut tx.on)
                    .await?;
                Query::new("DELETE FROM login_failures WHERE last_at < $1")
                    .bind(now - FAILURES_US)
                    .execute(&mut tx.on)
                    .await?;
                Ok(())
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::idempotency::{Begun, NewCall};
    use super::super::super::testing::{HOUR_US, NOW, on_both};
    use super::super::{CredentialKind, NewAccount, NewCredential, Role, Subject};
    use super::*;

    #[tokio::test]
    async fn what_ended_long_ago_is_forgotten_and_what_holds_is_not() {
        on_both(|store| async move {
            let key = store
                .create_account(NewAccount {
                    name: "ann".into(),
                    role: Role::Viewer,
                    password_hash: "x".into(),
                    sites: vec![],
                    created_by: "root".into(),
                    at: NOW,
                })
                .await
                .unwrap();
            for (secret, life_us) in [(1, HOUR_US), (2, 40 * 24 * HOUR_US)] {
                store
                    .create_credential(NewCredential {
                        account_key: key,
                        secret_hash: [secret; 32],
                        kind: CredentialKind::Token,
                        name: "laptop".into(),
                        expires_at: NOW + life_us,
                        idle_us: 0,
                        at: NOW,
                    })
                    .await
                    .unwrap();
            }
            let ann = || vec![Subject::account("ann")];
            for _ in 0..5 {
                store.sign_in_tried(ann(), NOW).await.unwrap();
            }
            let call = NewCall {
                account_key: key,
                key: "k".into(),
                request_hash: vec![1],
                at: NOW,
            };
            let begin = || store.begin_call(call.clone());
            assert_eq!(begin().await, Ok(Begun::New));
            store.forget_ended(NOW + HOUR_US).await.unwrap();
            assert_eq!(begin().await, Ok(Begun::Running));
            assert!(store.sign_in_tried(ann(), NOW).await.unwrap().is_some());
            assert_eq!(store.credentials(key, None, 9).await.unwrap().len(), 2);
            let later = NOW + ENDED_US + 2 * HOUR_US;
            store.forget_ended(later).await.unwrap();
            assert_eq!(begin().await, Ok(Begun::New));
            assert_eq!(store.sign_in_tried(ann(), NOW).await, Ok(None));
            let left = store.signed_in(&[2; 32], later).await.unwrap();
            assert!(left.is_some());
            assert!(store.signed_in(&[1; 32], NOW).await.unwrap().is_none());
        })
        .await;
    }
}
