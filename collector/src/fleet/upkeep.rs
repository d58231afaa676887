//! What the record needs when nobody asks: hours and days are folded, and what is too old is forgotten.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::clock::now_us;
use crate::store::Store;
use crate::store::metrics::Retention;

/// How often it is looked for what is due.
const FOLD_ROUND: Duration = Duration::from_secs(20);
const FORGET_ROUND: Duration = Duration::from_secs(600);
/// Devices whose hours and days are folded at a time.
const DEVICES: u32 = 200;

/// Folds what is due, until `ending` turns true. What is interrupted is folded another time.
pub async fn fold(store: Store, mut ending: watch::Receiver<bool>) {
    let mut round = interval(FOLD_ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        tokio::select! {
            () = fold_due(&store) => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
    }
}

/// Folds until nothing more is due, or the store does not answer.
async fn fold_due(store: &Store) {
    loop {
        match store.fold_metrics(now_us(), DEVICES).await {
            Ok(folded) if folded.n_hours + folded.n_days == 0 => return,
            Ok(folded) => {
                tracing::info!(
                    hours = folded.n_hours,
                    days = folded.n_days,
                    "metrics are folded"
                );
            }
            Err(error) => {
                tracing::warn!(%error, "metrics are not folded");
                return;
            }
        }
    }
}

/// Forgets what is older than it is kept, until `ending` turns true.
pub async fn forget(store: Store, mut ending: watch::Receiver<bool>) {
    let mut round = interval(FORGET_ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        if let Err(error) = store.forget_old(Retention::default(), now_us()).await {
            tracing::warn!(%error, "what is too old is not forgotten");
        }
    }
}
