//! Keeps an eye on what was promised: warns when a clock has come far, and reckons all clocks anew when the rules change.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::clock::now_us;
use crate::store::{Store, StoreError};
use crate::work::{Live, Work};

/// How often it looks.
const ROUND: Duration = Duration::from_secs(5);
/// Warnings, or tickets that are reckoned anew, of one transaction.
const AT_ONCE: u32 = 100;
/// Between two transactions.
const BREATH: Duration = Duration::from_millis(20);

/// Looks until `ending` turns true.
pub(crate) async fn keep(store: Store, work: Work, mut ending: watch::Receiver<bool>) {
    let mut round = interval(ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // At the start all are reckoned: whoever changed the rules may have ended before this was done.
    let mut reckoned = None;
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        let looked = tokio::select! {
            looked = look(&store, &work, &mut reckoned) => looked,
            _ = ending.wait_for(|ending| *ending) => return,
        };
        if let Err(error) = looked {
            tracing::warn!(%error, "promises are not looked after");
        }
    }
}

async fn look(store: &Store, work: &Work, reckoned: &mut Option<i64>) -> Result<(), StoreError> {
    let changed = store.desk_rules_changed().await?;
    if changed.is_none() {
        return Ok(());
    }
    if changed != *reckoned {
        let mut after = 0;
        while let Some(last) = store.reckon_clocks(after, AT_ONCE).await? {
            after = last;
            sleep(BREATH).await;
        }
        tracing::info!("clocks are reckoned by the present rules");
        *reckoned = changed;
    }
    loop {
        let warned = store.warn_of_clocks(now_us(), AT_ONCE).await?;
        for (number, version) in &warned {
            let (number, version) = (*number, *version);
            work.announce(Live::Ticket { number, version });
        }
        if warned.len() < AT_ONCE as usize {
            return Ok(());
        }
        sleep(BREATH).await;
    }
}
