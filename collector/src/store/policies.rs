//! Policies, as their authors wrote them.

use super::{Query, Store, StoreError, TimeUs, Tx, audit};
use crate::wording::wording;

/// A policy as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRow {
    pub name: String,
    /// JSON.
    pub body: String,
    pub changed_at: TimeUs,
    pub changed_by: String,
}

impl Store {
    /// All policies by name.
    ///
    /// # Errors
    /// The store's own.
    pub async fn policies(&self) -> Result<Vec<PolicyRow>, StoreError> {
        let mut on = self.reader().await?;
        Query::new("SELECT name, body, changed_at, changed_by FROM policies ORDER BY name")
            .read(&mut on, |columns| {
                Ok(PolicyRow {
                    name: columns.text()?,
                    body: columns.text()?,
                    changed_at: columns.int()?,
                    changed_by: columns.text()?,
                })
            })
            .await
    }

    /// Keeps a policy under its name, in the place of the one before, with the audit entry.
    ///
    /// # Errors
    /// Refused: there are `most` others.
    pub async fn put_policy(&self, policy: PolicyRow, most: usize) -> Result<(), StoreError> {
        self.write((policy, most), |tx, (policy, most)| {
            Box::pin(async move { put(tx, policy, *most).await })
        })
        .await
    }

    /// Removes a policy, with the audit entry.
    ///
    /// # Errors
    /// Not found: the policy.
    pub async fn remove_policy(&self, name: &str, by: &str, at: TimeUs) -> Result<(), StoreError> {
        let given = (name.to_owned(), by.to_owned(), at);
        self.write(given, |tx, (name, by, at)| {
            Box::pin(async move {
                Query::new("DELETE FROM policies WHERE name = $1 RETURNING policy_key")
                    .bind(name)
                    .read_optional(&mut tx.on, |columns| columns.int())
                    .await?
                    .ok_or(StoreError::not_found(wording!("policy")))?;
                audit::note(tx, by, "policy.remove", name, "", *at).await
            })
        })
        .await
    }
}

async fn put(tx: &mut Tx, policy: &PolicyRow, most: usize) -> Result<(), StoreError> {
    let others = Query::new("SELECT COUNT(*) FROM policies WHERE name <> $1")
        .bind(&policy.name)
        .read_optional(&mut tx.on, |columns| columns.int())
        .await?;
    if others.unwrap_or_default() >= most as i64 {
        return Err(StoreError::refused(
            "policy",
            wording!("there are {} already, which are the most", most),
        ));
    }
    Query::new(
        "INSERT INTO policies (name, body, changed_at, changed_by) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (name) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at, \
         changed_by = excluded.changed_by",
    )
    .bind(&policy.name)
    .bind(&policy.body)
    .bind(policy.changed_at)
    .bind(&policy.changed_by)
    .execute(&mut tx.on)
    .await?;
    let PolicyRow {
        name,
        body,
        changed_at,
        changed_by,
    } = policy;
    audit::note(tx, changed_by, "policy.set", name, body, *changed_at).await
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NOW, on_both};
    use super::*;

    fn policy(name: &str, body: &str) -> PolicyRow {
        PolicyRow {
            name: name.into(),
            body: body.into(),
            changed_at: NOW,
            changed_by: "ada".into(),
        }
    }

    #[tokio::test]
    async fn a_policy_replaces_the_one_of_its_name() {
        on_both(|store| async move {
            let (first, second) = (policy("b", "{}"), policy("a", "{}"));
            store.put_policy(first.clone(), 2).await.unwrap();
            store.put_policy(second.clone(), 2).await.unwrap();
            assert_eq!(store.policies().await.unwrap(), [second, first]);
            let refused = store.put_policy(policy("c", "{}"), 2).await;
            assert!(matches!(refused, Err(StoreError::Refused { .. })));

            let other = policy("a", r#"{"sites":["lab"]}"#);
            store.put_policy(other.clone(), 2).await.unwrap();
            store.remove_policy("b", "ada", NOW).await.unwrap();
            assert_eq!(store.policies().await.unwrap(), [other]);
            let missing = store.remove_policy("b", "ada", NOW).await;
            assert!(matches!(
                missing,
                Err(StoreError::NotFound { what }) if what == wording!("policy")
            ));
            let deeds: Vec<_> = store.audit_log(None, 10).await.unwrap();
            let deeds: Vec<_> = deeds.iter().map(|link| link.entry.deed.as_str()).collect();
            assert_eq!(
                deeds,
                ["policy.remove", "policy.set", "policy.set", "policy.set"]
            );
        })
        .await;
    }
}
