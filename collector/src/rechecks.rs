//! Looks again at what is resolved: what failed on a ticket is checked an hour and a day later.

use std::time::Duration;

use tokio::time::sleep;

use crate::clock::now_us;
use crate::rounds::Round;
use crate::store::{Store, StoreError};
use crate::work::{Live, Work};

/// Tickets that are read together.
const AT_ONCE: u32 = 100;
/// Between two tickets.
const BREATH: Duration = Duration::from_millis(20);

/// Tickets that are resolved.
pub(crate) struct Rechecks {
    pub(crate) store: Store,
    pub(crate) work: Work,
}

impl Round for Rechecks {
    const EVERY: Duration = Duration::from_secs(10);
    const FAILED: &'static str = "what is resolved is not looked at again";

    async fn look(&mut self) -> Result<(), StoreError> {
        let mut after = 0;
        loop {
            let due = self.store.rechecks_due(now_us(), after, AT_ONCE).await?;
            let Some(last) = due.last().copied() else {
                return Ok(());
            };
            after = last;
            for number in due {
                match self.work.recheck(number, now_us()).await {
                    Ok(Some(ticket)) => self.work.announce(Live::Ticket {
                        number,
                        version: ticket.ticket.version,
                    }),
                    Ok(None) => {}
                    Err(error) => {
                        tracing::warn!(%error, ticket.number = number, "a ticket is not looked at again")
                    }
                }
                sleep(BREATH).await;
            }
        }
    }
}
