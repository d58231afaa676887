//! Looks again at what is resolved: what failed on a ticket is checked an hour and a day later.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::clock::now_us;
use crate::store::{Store, StoreError};
use crate::work::{Live, Work};

/// How often it looks what is due.
const ROUND: Duration = Duration::from_secs(10);
/// Tickets that are read together.
const AT_ONCE: u32 = 100;
/// Between two tickets.
const BREATH: Duration = Duration::from_millis(20);

/// Looks until `ending` turns true.
pub(crate) async fn keep(store: Store, work: Work, mut ending: watch::Receiver<bool>) {
    let mut round = interval(ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        let looked = tokio::select! {
            looked = look(&store, &work) => looked,
            _ = ending.wait_for(|ending| *ending) => return,
        };
        if let Err(error) = looked {
            tracing::warn!(%error, "what is resolved is not looked at again");
        }
    }
}

async fn look(store: &Store, work: &Work) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let due = store.rechecks_due(now_us(), after, AT_ONCE).await?;
        let Some(last) = due.last().copied() else {
            return Ok(());
        };
        after = last;
        for number in due {
            match work.recheck(number, now_us()).await {
                Ok(Some(ticket)) => work.announce(Live::Ticket {
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
