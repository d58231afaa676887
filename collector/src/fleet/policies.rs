//! The policies as all parts of a collector see them: read from the store, held in memory, read anew when they change.

use std::sync::{Arc, PoisonError, RwLock};

use super::policy::{self, Effective, Named};
use crate::store::policies::PolicyRow;
use crate::store::{Store, StoreError};

/// Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Policies(Arc<RwLock<Arc<[Named]>>>);

impl Policies {
    /// Reads them anew. One that cannot be read, of a newer collector, is left out and logged.
    ///
    /// # Errors
    /// The store's own; what was known before still holds.
    pub async fn read(&self, store: &Store) -> Result<(), StoreError> {
        let named: Arc<[Named]> = store.policies().await?.iter().filter_map(named).collect();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = named;
        Ok(())
    }

    pub fn all(&self) -> Arc<[Named]> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What holds for a device of a site.
    pub fn of(&self, device: &str, site: &str) -> Effective {
        policy::resolve(&self.all(), device, site)
    }
}

fn named(row: &PolicyRow) -> Option<Named> {
    match serde_json::from_str(&row.body) {
        Ok(policy) => Some(Named {
            name: row.name.clone(),
            policy,
        }),
        Err(error) => {
            tracing::warn!(policy = row.name, %error, "a policy is not understood and does not hold");
            None
        }
    }
}
