//! When a collector listened: who is not heard of while none does is not silent.

use super::{Query, Store, StoreError, TimeUs};

/// Runs that are remembered, the newest.
const RUNS: i64 = 1_000;

impl Store {
    /// The collector that began at `since` listens still.
    ///
    /// # Errors
    /// The store's own.
    pub async fn collector_listens(&self, since: TimeUs, now: TimeUs) -> Result<(), StoreError> {
        self.write((since, now), |tx, (since, now)| {
            Box::pin(async move {
                Query::new(
                    "INSERT INTO listening (since, until_at) VALUES ($1, $2) \
                     ON CONFLICT (since) DO UPDATE SET until_at = excluded.until_at",
                )
                .bind(*since)
                .bind(*now)
                .execute(&mut tx.on)
                .await?;
                Query::new(
                    "DELETE FROM listening WHERE since < \
                     (SELECT since FROM listening ORDER BY since DESC LIMIT 1 OFFSET $1)",
                )
                .bind(RUNS - 1)
                .execute(&mut tx.on)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Times, from and to, in which no collector listened, in order. What was before the first run is not known.
    ///
    /// # Errors
    /// The store's own.
    pub async fn deaf_times(&self) -> Result<Vec<(TimeUs, TimeUs)>, StoreError> {
        let mut on = self.reader().await?;
        let runs = Query::new("SELECT since, until_at FROM listening ORDER BY since")
            .read(&mut on, |columns| Ok((columns.int()?, columns.int()?)))
            .await?;
        let mut heard_to = runs.first().map_or(0, |(since, _)| *since);
        let mut deaf = Vec::new();
        for (since, until) in runs {
            if since > heard_to {
                deaf.push((heard_to, since));
            }
            heard_to = heard_to.max(until);
        }
        Ok(deaf)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::on_both;
    use super::*;

    #[tokio::test]
    async fn between_two_runs_nobody_listened() {
        on_both(|store| async move {
            assert_eq!(store.deaf_times().await, Ok(vec![]));
            for (since, until) in [(10, 10), (10, 20), (30, 30), (30, 50), (45, 60), (70, 70)] {
                store.collector_listens(since, until).await.unwrap();
            }
            assert_eq!(store.deaf_times().await, Ok(vec![(20, 30), (60, 70)]));
            for since in 0..RUNS + 5 {
                store.collector_listens(1_000 + since, 0).await.unwrap();
            }
            let row = store.deaf_times().await.unwrap();
            assert_eq!(row.len() as i64, RUNS - 1);
        })
        .await;
    }
}
