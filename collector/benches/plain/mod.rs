//! The plain devices that a store is filled with.

use anyhow::Result;
use sonde_collector::store::devices::{CodeKey, EnrolDevice};
use sonde_collector::store::sites::DEFAULT_SITE;
use sonde_collector::store::tokens::NewToken;
use sonde_collector::store::{DeviceId, Id, Store, random_bytes};

const HOUR_US: i64 = 3_600_000_000;

/// The SHA-256 of the secret of a new token, good for an hour and this many devices of the default site.
pub(crate) async fn token(store: &Store, n_devices: u32, at: i64) -> Result<[u8; 32]> {
    let secret_hash = random_bytes();
    let token = NewToken {
        secret_hash,
        site: DEFAULT_SITE.into(),
        n_uses: n_devices,
        expires_at: at + HOUR_US,
        created_by: "fill".into(),
        at,
    };
    store.create_token(token).await?;
    Ok(secret_hash)
}

/// The `n`th device, enrolled with such a token: what it says of itself is only its host name.
pub(crate) fn enrolment(n: usize, token_secret_hash: [u8; 32], at: i64) -> EnrolDevice {
    EnrolDevice {
        token_secret_hash,
        device_id: DeviceId::random(),
        hostname: format!("pc-{n}"),
        os: "linux".into(),
        installation_id: Id::random(),
        serial: String::new(),
        board_serial: String::new(),
        machine_id: String::new(),
        macs: Vec::new(),
        spki_sha256: random_bytes(),
        certificate_not_after: at + 720 * HOUR_US,
        agent_version: "0.1.0".into(),
        code_key: CodeKey(random_bytes()),
        at,
    }
}
