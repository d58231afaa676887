//! What the collector looks after by itself, in rounds, until it goes down.

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::store::StoreError;

/// One thing that is looked after.
pub(crate) trait Round: Send {
    /// How often.
    const EVERY: Duration;
    /// What is said of a round that fails.
    const FAILED: &'static str;

    /// One round. It may be stopped in the middle: what is left is found by the next start.
    fn look(&mut self) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Looks until `ending` turns true. A round that fails is no reason to stop.
pub(crate) async fn keep<R: Round>(mut what: R, mut ending: watch::Receiver<bool>) {
    let mut round = interval(R::EVERY);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = round.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        let looked = tokio::select! {
            looked = what.look() => looked,
            _ = ending.wait_for(|ending| *ending) => return,
        };
        if let Err(error) = looked {
            tracing::warn!(%error, "{}", R::FAILED);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails, then does well, then says that it is the end, and never comes to its own.
    struct Three<'a> {
        n_rounds: &'a mut u32,
        end: watch::Sender<bool>,
    }

    impl Round for Three<'_> {
        const EVERY: Duration = Duration::from_millis(1);
        const FAILED: &'static str = "it is not looked at";

        async fn look(&mut self) -> Result<(), StoreError> {
            *self.n_rounds += 1;
            match self.n_rounds {
                1 => Err(StoreError::Unavailable("gone".into())),
                2 => Ok(()),
                _ => {
                    self.end.send_replace(true);
                    std::future::pending().await
                }
            }
        }
    }

    #[tokio::test]
    async fn a_round_that_fails_is_followed_by_others_and_the_end_waits_for_none() {
        let (end, ending) = watch::channel(false);
        let mut n_rounds = 0;
        let three = Three {
            n_rounds: &mut n_rounds,
            end,
        };
        keep(three, ending).await;
        assert_eq!(n_rounds, 3);
    }
}
