//! Ends tickets that nobody ends, until the collector does.

use std::time::Duration;

use tokio::time::sleep;

use crate::clock::now_us;
use crate::rounds::Round;
use crate::store::tickets::Endings;
use crate::store::{Store, StoreError};
use crate::work::{Live, Work};

/// Tickets of one transaction.
const AT_ONCE: u32 = 100;
/// Between two transactions.
const BREATH: Duration = Duration::from_millis(20);

/// After how long a ticket ends by itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    pub(crate) silence: Duration,
    pub(crate) close_after: Duration,
}

/// Tickets that end by themselves.
pub(crate) struct SelfEnding {
    pub(crate) store: Store,
    pub(crate) work: Work,
    pub(crate) patience: Patience,
}

impl Round for SelfEnding {
    const EVERY: Duration = Duration::from_secs(30);
    const FAILED: &'static str = "tickets that end by themselves are not looked at";

    async fn look(&mut self) -> Result<(), StoreError> {
        let endings = Endings {
            now: now_us(),
            silence_us: self.patience.silence.as_micros() as i64,
            close_after_us: self.patience.close_after.as_micros() as i64,
        };
        let mut after = 0;
        loop {
            let ended = self.store.end_tickets(endings, after, AT_ONCE).await?;
            for changed in ended.changed {
                self.work.announce(Live::Ticket {
                    number: changed.ticket.number,
                    version: changed.ticket.ticket.version,
                });
                // Devices that have something under way for it are told when they come: that it is to stop is kept.
                for job in changed.cancelled {
                    self.work.announce(Live::Job(job));
                }
            }
            match ended.last {
                Some(last) => after = last,
                None => return Ok(()),
            }
            sleep(BREATH).await;
        }
    }
}
