//! Hands tickets on by rule, until the collector goes down.

use std::time::Duration;

use tokio::time::sleep;

use crate::clock::now_us;
use crate::rounds::Round;
use crate::store::{Store, StoreError};
use crate::work::{Live, Work};

/// Tickets of one transaction.
const AT_ONCE: u32 = 100;
/// Between two transactions.
const BREATH: Duration = Duration::from_millis(20);

/// Tickets for which a rule holds.
pub(crate) struct Escalations {
    pub(crate) store: Store,
    pub(crate) work: Work,
}

impl Round for Escalations {
    const EVERY: Duration = Duration::from_secs(5);
    const FAILED: &'static str = "tickets are not handed on by rule";

    async fn look(&mut self) -> Result<(), StoreError> {
        loop {
            let done = self.store.escalate(now_us(), AT_ONCE).await?;
            for (number, version) in done.changed {
                self.work.announce(Live::Ticket { number, version });
            }
            if !done.is_more {
                return Ok(());
            }
            sleep(BREATH).await;
        }
    }
}
