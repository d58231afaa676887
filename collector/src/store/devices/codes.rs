//! Whose spoken code it may be.

use std::fmt;

use sonde_proto::code::KEY_BYTES;

use crate::store::{DeviceId, Query, Store, StoreError, random_bytes};

/// What a device's spoken codes are vouched for with. It is shown to nobody but the device.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CodeKey(pub [u8; KEY_BYTES]);

impl CodeKey {
    /// Made of the system's randomness.
    pub fn random() -> Self {
        Self(random_bytes())
    }
}

impl fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeKey")
    }
}

/// A device whose id begins as a code says.
#[derive(Debug, Clone)]
pub struct Speaker {
    pub device_key: i64,
    pub id: DeviceId,
    pub hostname: String,
    /// None: it enrolled before there were codes, and has not renewed its certificate since.
    pub key: Option<CodeKey>,
}

impl Store {
    /// The devices of a site whose ids begin with `short_id`, without those that were removed, and without twins, which
    /// speak under the id of another.
    ///
    /// # Errors
    /// The store's own.
    pub async fn speakers(
        &self,
        site_key: i64,
        short_id: &str,
    ) -> Result<Vec<Speaker>, StoreError> {
        let mut on = self.reader().await?;
        Query::new(
            "SELECT d.device_key, d.id, d.hostname, d.code_key FROM devices d WHERE d.site_key = $1 AND d.removed_at IS NULL \
             AND d.twin_of IS NULL AND d.id LIKE $2 ORDER BY d.id",
        )
        .bind(site_key)
        // Its characters are those of ids, so that it is no pattern itself.
        .bind(format!("{short_id}%"))
        .read(&mut on, |columns| {
            Ok(Speaker {
                device_key: columns.int()?,
                id: super::device_id(&columns.text()?)?,
                hostname: columns.text()?,
                key: columns.opt_bytes()?.and_then(|key| key.try_into().ok()).map(CodeKey),
            })
        })
        .await
    }
}
