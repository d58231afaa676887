//! What is asked of a device to check again what failed there.

use crate::store::tickets::Failed;
use crate::store::{Store, StoreError};

use super::Request;

/// The checks together, and each asset by itself, where it is now. One that was removed, or whose address is not known
/// any more, is not looked for.
///
/// # Errors
/// Those of the store.
pub(crate) async fn again(store: &Store, failed: &Failed) -> Result<Vec<Request>, StoreError> {
    let mut requests = Vec::new();
    if !failed.checks.is_empty() {
        requests.push(Request::Checks {
            checks: failed.checks.iter().cloned().collect(),
        });
    }
    for (check, id) in &failed.assets {
        let asset = store.asset(*id).await?;
        let there = asset.filter(|asset| asset.removed_at.is_none());
        let address = there.and_then(|asset| asset.details.whereabouts());
        requests.extend(address.map(|address| Request::Probe {
            check: check.clone(),
            asset: id.to_string(),
            address: address.to_string(),
        }));
    }
    Ok(requests)
}
