//! What is settled once a device that is back has told what it had to tell.

use std::time::Duration;

use sonde_proto::v1::Hello;
use tokio::time::sleep;

use super::Link;
use crate::bus::Live;
use crate::clock::now_us;
use crate::store::Id;
use crate::store::work::{Missing, Told};

/// A device that is back has told all it has to tell by then.
pub(super) const REPORTED: Duration = Duration::from_secs(20);

/// What a hello says of work. An id that is none names no order.
pub(super) fn told(
    hello: &Hello,
    device_key: i64,
    installation_id: Id,
    spools: &[(Id, u64)],
) -> Told {
    let running = hello.running_orders.iter();
    Told {
        device_key,
        installation_id,
        running: running
            .filter_map(|bytes| Id::from_slice(bytes).ok())
            .collect(),
        spools: spools.to_vec(),
        next_seq: hello.next_seq,
    }
}

/// Completes snapshots that were taken while the device was away, and ends jobs that it does not know of.
pub(super) async fn later(link: Link, device_key: i64, missing: Option<Missing>) {
    sleep(REPORTED).await;
    match link.store.complete_snapshots(device_key, now_us()).await {
        Ok(taken) => {
            for snapshot in &taken {
                link.bus.tell(Live::of_snapshot(snapshot));
            }
        }
        Err(error) => tracing::warn!(%error, "snapshots are not completed"),
    }
    let Some(missing) = missing else {
        return;
    };
    match link.store.end_missing(missing, now_us()).await {
        Ok(jobs) => {
            for job in jobs {
                link.bus.tell(Live::Job(job));
            }
        }
        Err(error) => tracing::warn!(%error, "jobs that a device does not know of are not ended"),
    }
}
