//! The light of a device: the worst of its findings, written with them.

use crate::store::{Query, StoreError, Tx};

/// Writes the light of a device whose findings have changed.
///
/// # Errors
/// The store's own.
pub(in crate::store) async fn relight(tx: &mut Tx, device_key: i64) -> Result<(), StoreError> {
    Query::new(
        "UPDATE devices SET light = (\
         SELECT MAX(CASE f.status WHEN 2 THEN 3 WHEN 1 THEN 2 WHEN 3 THEN 1 ELSE 0 END) FROM findings f \
         WHERE f.device_key = devices.device_key) WHERE device_key = $1",
    )
    .bind(device_key)
    .execute(&mut tx.on)
    .await?;
    Ok(())
}
