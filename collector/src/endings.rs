//! Ends tickets that nobody ends, until the collector does.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::clock::now_us;
use crate::store::tickets::Endings;
use crate::store::{Store, StoreError};
use crate::work::{Live, Work};

/// How often it looks.
const ROUND: Duration = Duration::from_secs(30);
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

/// Looks until `ending` turns true.
pub(crate) async fn keep(
    store: Store,
    work: Work,
    patience: Patience,
    mut ending: watch::Receiver<bool>,
) {
    let mut round = interval(ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        let looked = tokio::select! {
            looked = look(&store, &work, patience) => looked,
            _ = ending.wait_for(|ending| *ending) => return,
        };
        if let Err(error) = looked {
            tracing::warn!(%error, "tickets that end by themselves are not looked at");
        }
    }
}

async fn look(store: &Store, work: &Work, patience: Patience) -> Result<(), StoreError> {
    let endings = Endings {
        now: now_us(),
        silence_us: patience.silence.as_micros() as i64,
        close_after_us: patience.close_after.as_micros() as i64,
    };
    let mut after = 0;
    loop {
        let ended = store.end_tickets(endings, after, AT_ONCE).await?;
        for changed in ended.changed {
            work.announce(Live::Ticket {
                number: changed.ticket.number,
                version: changed.ticket.ticket.version,
            });
            // Devices that have something under way for it are told when they come: that it is to stop is kept.
            for job in changed.cancelled {
                work.announce(Live::Job(job));
            }
        }
        match ended.last {
            Some(last) => after = last,
            None => return Ok(()),
        }
        sleep(BREATH).await;
    }
}
