//! The policies as all parts of a collector see them: read from the store, held in memory, read anew when they change.

use std::sync::{Arc, PoisonError, RwLock};

use super::policy::{Effective, Named, Reaching};
use crate::store::policies::PolicyRow;
use crate::store::{Store, StoreError};

/// Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Policies(Arc<RwLock<Known>>);

#[derive(Debug, Default)]
struct Known {
    rows: Vec<PolicyRow>,
    reaching: Arc<Reaching>,
}

impl Policies {
    /// Reads them anew. One that cannot be read, of a newer collector, is left out and logged.
    ///
    /// # Errors
    /// The store's own; what was known before still holds.
    pub async fn read(&self, store: &Store) -> Result<(), StoreError> {
        let rows = store.policies().await?;
        if rows == self.0.read().unwrap_or_else(PoisonError::into_inner).rows {
            return Ok(());
        }
        let reaching = Arc::new(Reaching::new(rows.iter().filter_map(named).collect()));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Known { rows, reaching };
        Ok(())
    }

    pub fn all(&self) -> Arc<Reaching> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&known.reaching)
    }

    /// What holds for a device of a site.
    pub fn of(&self, device: &str, site: &str) -> Effective {
        self.all().resolve(device, site)
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
