//! When a device was last heard of, written for all at once and not at every report; and the end of sessions of
//! devices that were removed by another process.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::clock::now_us;
use crate::link::registry::{Command, Ending, Registry};
use crate::store::{Store, StoreError};

/// How exact `last_seen` is.
const ROUND: Duration = Duration::from_secs(60);
/// A device that was removed elsewhere is cut off within this.
const REMOVED_ROUND: Duration = Duration::from_millis(500);
/// A session that is recorded is among those that are open within this: a minute.
const GREETING_US: i64 = 60_000_000;
/// Devices that one transaction writes.
const DEVICES: usize = 1000;

/// Writes what the sessions have heard, until `ending` turns true. `listening_since`: when this collector began.
pub async fn keep_time(
    store: Store,
    registry: Registry,
    listening_since: i64,
    mut ending: watch::Receiver<bool>,
) {
    let mut round = interval(ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        if let Err(error) = store.collector_listens(listening_since, now_us()).await {
            tracing::warn!(%error, "that this collector listens is not written");
        }
        if let Err(error) = part(&store, &registry).await {
            tracing::warn!(%error, "who has left without a word is not written");
        }
        let heard = registry.take_heard();
        for some in heard.chunks(DEVICES) {
            if let Err(error) = store.devices_seen(some.to_vec(), now_us()).await {
                tracing::warn!(%error, "when devices were last seen is not written");
            }
        }
    }
}

/// A device that the record has as connected and that has no session has left: the store was away when it did.
async fn part(store: &Store, registry: &Registry) -> Result<(), StoreError> {
    let now = now_us();
    // Read before the sessions: one that begins meanwhile is in both.
    let recorded = store.connected_before(now - GREETING_US).await?;
    let present = registry.present();
    for (device_key, connected_at) in recorded {
        if !present.contains(&device_key) {
            store
                .device_disconnected(device_key, connected_at, now)
                .await?;
        }
    }
    Ok(())
}

/// Cuts off devices that another process has removed, until `ending` turns true.
pub async fn cut_removed(store: Store, registry: Registry, mut ending: watch::Receiver<bool>) {
    let mut round = interval(REMOVED_ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut since = now_us();
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        match store.removed_since(since).await {
            Ok(removed) => {
                for (device_key, at) in removed {
                    since = since.max(at);
                    for session in registry.of(device_key) {
                        session.tell(Command::End(Ending::Removed));
                    }
                }
            }
            Err(error) => tracing::debug!(%error, "removed devices are not looked for"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Id;
    use crate::store::devices::{Connected, MachineNames};
    use crate::store::testing::{NOW, device, on_both};

    #[tokio::test]
    async fn who_has_no_session_is_not_connected() {
        on_both(|store| async move {
            let registry = Registry::default();
            let mut keys = Vec::new();
            for name in ["there", "gone"] {
                let (_, device_key) = device(&store, name).await;
                let connected = Connected {
                    device_key,
                    installation_id: Id([3; 16]),
                    boot_id: "b".into(),
                    agent_version: "0.1.0".into(),
                    hostname: name.into(),
                    names: MachineNames::default(),
                    clock_offset_us: 0,
                    spki: [7; 32],
                    declaration_ids: vec![],
                    at: NOW,
                };
                store.device_connected(connected).await.unwrap();
                keys.push(device_key);
            }
            let _session = registry.add(keys[0], keys[0], Id([3; 16]), &[]).unwrap();
            part(&store, &registry).await.unwrap();
            let connected = store.connected_before(now_us()).await.unwrap();
            assert_eq!(connected, [(keys[0], NOW)]);
        })
        .await;
    }
}
