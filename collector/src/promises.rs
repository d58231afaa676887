//! Keeps an eye on what was promised: warns when a clock has come far, and reckons all clocks anew when the rules change.

use std::time::Duration;

use tokio::time::sleep;

use crate::clock::now_us;
use crate::rounds::Round;
use crate::store::{Store, StoreError};
use crate::work::{Live, Work};

/// Warnings, or tickets that are reckoned anew, of one transaction.
const AT_ONCE: u32 = 100;
/// Between two transactions.
const BREATH: Duration = Duration::from_millis(20);

/// Clocks of tickets.
pub(crate) struct Promises {
    store: Store,
    work: Work,
    /// The rules by which all were reckoned. At the start none: whoever changed them may have ended before it was done.
    reckoned: Option<i64>,
}

impl Promises {
    pub(crate) fn new(store: Store, work: Work) -> Self {
        Self {
            store,
            work,
            reckoned: None,
        }
    }
}

impl Round for Promises {
    const EVERY: Duration = Duration::from_secs(5);
    const FAILED: &'static str = "promises are not looked after";

    async fn look(&mut self) -> Result<(), StoreError> {
        let changed = self.store.desk_rules_changed().await?;
        if changed.is_none() {
            return Ok(());
        }
        if changed != self.reckoned {
            let mut after = 0;
            while let Some(last) = self.store.reckon_clocks(after, AT_ONCE).await? {
                after = last;
                sleep(BREATH).await;
            }
            tracing::info!("clocks are reckoned by the present rules");
            self.reckoned = changed;
        }
        loop {
            let warned = self.store.warn_of_clocks(now_us(), AT_ONCE).await?;
            for (number, version) in &warned {
                let (number, version) = (*number, *version);
                self.work.announce(Live::Ticket { number, version });
            }
            if warned.len() < AT_ONCE as usize {
                return Ok(());
            }
            sleep(BREATH).await;
        }
    }
}
