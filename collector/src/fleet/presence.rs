//! When a device was last heard of, written for all at once and not at every report; and the end of sessions of
//! devices that were removed by another process.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::clock::now_us;
use crate::link::registry::{Command, Ending, Registry};
use crate::store::Store;

/// How exact `last_seen` is.
const ROUND: Duration = Duration::from_secs(60);
/// A device that was removed elsewhere is cut off within this.
const REMOVED_ROUND: Duration = Duration::from_millis(500);
/// Devices that one transaction writes.
const DEVICES: usize = 1000;

/// Writes what the sessions have heard, until `ending` turns true.
pub async fn keep_time(store: Store, registry: Registry, mut ending: watch::Receiver<bool>) {
    let mut round = interval(ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        let heard = registry.take_heard();
        for some in heard.chunks(DEVICES) {
            if let Err(error) = store.devices_seen(some.to_vec(), now_us()).await {
                tracing::warn!(%error, "when devices were last seen is not written");
            }
        }
    }
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
