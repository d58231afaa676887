//! Takes the words of tickets that were written before there was an index of them, in small steps beside the daily work.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use crate::store::Store;

/// Tickets of one transaction.
const AT_ONCE: u32 = 20;
/// Between two transactions: who works on tickets comes first.
const BREATH: Duration = Duration::from_millis(20);
/// Before it is tried again.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

/// Goes on until all are known or `ending` turns true; then waits for that.
pub(crate) async fn keep(store: Store, mut ending: watch::Receiver<bool>) {
    let work = async {
        let mut n_steps = 0_u64;
        loop {
            match store.index_older(AT_ONCE).await {
                Ok(0) => break,
                Ok(unread) => {
                    if n_steps == 0 {
                        tracing::info!(
                            tickets = unread,
                            "older tickets come into the search index"
                        );
                    }
                    n_steps += 1;
                    sleep(BREATH).await;
                }
                Err(error) => {
                    tracing::warn!(%error, "older tickets do not come into the search index");
                    sleep(AFTER_FAILURE).await;
                }
            }
        }
        if n_steps > 0 {
            tracing::info!("all tickets are in the search index");
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = work => {}
        _ = ending.wait_for(|ending| *ending) => {}
    }
}
