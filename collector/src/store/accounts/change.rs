//! What an account may do, where, and whether it may do anything: changed together or not at all.

use super::super::{Query, Store, StoreError, TimeUs, Tx, audit};
use super::{Role, credentials, found, set_sites};

/// What is to be another; the rest stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountChange {
    pub role: Option<Role>,
    /// By name; empty: all.
    pub sites: Option<Vec<String>>,
    /// Disabling ends its sessions and tokens.
    pub disabled: Option<bool>,
}

impl Store {
    /// Changes an account.
    ///
    /// # Errors
    /// Not found: the account or a site; nothing is changed then.
    pub async fn change_account(
        &self,
        name: &str,
        change: AccountChange,
        by: &str,
        at: TimeUs,
    ) -> Result<(), StoreError> {
        self.write(
            (name.to_owned(), change, by.to_owned(), at),
            |tx, (name, change, by, at)| Box::pin(apply(tx, name, change, by, *at)),
        )
        .await
    }
}

async fn apply(
    tx: &mut Tx,
    name: &str,
    change: &AccountChange,
    by: &str,
    at: TimeUs,
) -> Result<(), StoreError> {
    let known = Query::new("SELECT name FROM accounts WHERE name = $1")
        .bind(name)
        .read(&mut tx.on, |columns| columns.text())
        .await?;
    found(known.len() as u64)?;
    if let Some(role) = change.role {
        Query::new("UPDATE accounts SET role = $1 WHERE name = $2")
            .bind(role.as_str())
            .bind(name)
            .execute(&mut tx.on)
            .await?;
        audit::note(tx, by, "account.role", name, role.as_str(), at).await?;
    }
    if let Some(sites) = &change.sites {
        set_sites(tx, name, sites).await?;
        let named = match sites.is_empty() {
            true => "all".to_owned(),
            false => sites.join(", "),
        };
        audit::note(tx, by, "account.sites", name, &named, at).await?;
    }
    if let Some(disabled) = change.disabled {
        Query::new("UPDATE accounts SET disabled_at = $1 WHERE name = $2")
            .bind(disabled.then_some(at))
            .bind(name)
            .execute(&mut tx.on)
            .await?;
        let deed = match disabled {
            true => "account.disable",
            false => "account.enable",
        };
        if disabled {
            credentials::revoke_all(tx, name, at).await?;
        }
        audit::note(tx, by, deed, name, "", at).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{NOW, on_both};
    use super::super::NewAccount;
    use super::*;

    #[tokio::test]
    async fn an_account_is_changed_as_a_whole_or_not_at_all() {
        on_both(|store| async move {
            let account = NewAccount {
                name: "ann".into(),
                role: Role::Viewer,
                password_hash: "x".into(),
                sites: vec![],
                created_by: "root".into(),
                at: NOW,
            };
            store.create_account(account).await.unwrap();
            let change = |site: &str| AccountChange {
                role: Some(Role::Senior),
                sites: Some(vec![site.to_owned()]),
                disabled: Some(true),
            };
            let refused = store
                .change_account("ann", change("nowhere"), "root", NOW)
                .await;
            assert!(
                matches!(refused, Err(StoreError::NotFound { .. })),
                "{refused:?}"
            );
            let shown = async || {
                let account = store.secrets("ann").await.unwrap().unwrap().account;
                (account.role, account.sites.len(), account.disabled_at)
            };
            assert_eq!(shown().await, (Role::Viewer, 0, None));
            store.create_site("lyon", NOW).await.unwrap();
            store
                .change_account("ann", change("lyon"), "root", NOW)
                .await
                .unwrap();
            assert_eq!(shown().await, (Role::Senior, 1, Some(NOW)));
            let everywhere = AccountChange {
                sites: Some(vec![]),
                ..AccountChange::default()
            };
            store
                .change_account("ann", everywhere, "root", NOW)
                .await
                .unwrap();
            assert_eq!(shown().await, (Role::Senior, 0, Some(NOW)));
        })
        .await;
    }
}
