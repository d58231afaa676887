//! What the record needs from time to time: metrics folded, and what is too old forgotten.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::clock::now_us;
use crate::store::Store;
use crate::store::metrics::{Folded, Forgotten, Retention};

/// How often whole hours are folded.
const FOLD_ROUND: Duration = Duration::from_secs(300);
/// How often old rows are looked for.
const FORGET_ROUND: Duration = Duration::from_secs(3600);
/// Hours and days of devices that one round folds; what is left waits for the next.
const FOLD_HOURS: u32 = 20_000;
/// Transactions of one round of forgetting.
const MOST_STEPS: usize = 5000;
/// Between two of them.
const BREATH: Duration = Duration::from_millis(50);

/// Folds metrics, until `ending` turns true.
pub async fn fold(store: Store, mut ending: watch::Receiver<bool>) {
    let mut round = interval(FOLD_ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        match store.fold_metrics(now_us(), FOLD_HOURS).await {
            Ok(folded) if folded == Folded::default() => {}
            Ok(folded) => {
                tracing::info!(
                    hours = folded.n_hours,
                    days = folded.n_days,
                    set_aside = folded.n_set_aside,
                    "metrics are folded"
                );
            }
            Err(error) => tracing::warn!(%error, "metrics are not folded"),
        }
    }
}

/// Forgets what is older than its kind is kept, until `ending` turns true.
pub async fn forget(store: Store, mut ending: watch::Receiver<bool>) {
    let mut round = interval(FORGET_ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        if let Err(error) = store.forget_ended(now_us()).await {
            tracing::warn!(%error, "ended credentials are not forgotten");
        }
        for forgotten in [
            store.forget_links(now_us()).await,
            store.forget_help_links(now_us()).await,
        ] {
            if let Err(error) = forgotten {
                tracing::warn!(%error, "expired pages are not forgotten");
            }
        }
        for _ in 0..MOST_STEPS {
            match store.forget_old(Retention::default(), now_us()).await {
                Ok(forgotten) if forgotten == Forgotten::default() => break,
                // Others get in between.
                Ok(_) => sleep(BREATH).await,
                Err(error) => {
                    tracing::warn!(%error, "what is too old is not forgotten");
                    break;
                }
            }
        }
    }
}
