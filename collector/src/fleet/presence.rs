//! When a device was last heard of. Written for all at once, every minute, and not at every report.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::clock::now_us;
use crate::link::registry::Registry;
use crate::store::Store;

/// How exact `last_seen` is.
const ROUND: Duration = Duration::from_secs(60);
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
