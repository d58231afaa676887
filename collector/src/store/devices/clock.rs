//! Since when the collector judges a device's clock as it does: the offset itself is written over at every connection.

use std::collections::HashMap;

use super::super::{Query, Store, StoreError, TimeUs, insert_rows};

/// How a device's clock was last judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockStatus {
    /// As monitoring plugins number it.
    pub status: i64,
    pub since: TimeUs,
}

impl Store {
    /// By device; those that were always well are left out.
    ///
    /// # Errors
    /// The store's own.
    pub async fn clock_statuses(&self) -> Result<HashMap<i64, ClockStatus>, StoreError> {
        let mut on = self.reader().await?;
        let found = Query::new("SELECT device_key, status, since FROM clock_statuses")
            .read(&mut on, |columns| {
                let device_key = columns.int()?;
                let (status, since) = (columns.int()?, columns.int()?);
                Ok((device_key, ClockStatus { status, since }))
            })
            .await?;
        Ok(found.into_iter().collect())
    }

    /// The same of one device.
    ///
    /// # Errors
    /// The store's own.
    pub async fn clock_status(&self, device_key: i64) -> Result<Option<ClockStatus>, StoreError> {
        let mut on = self.reader().await?;
        Query::new("SELECT status, since FROM clock_statuses WHERE device_key = $1")
            .bind(device_key)
            .read_optional(&mut on, |columns| {
                let (status, since) = (columns.int()?, columns.int()?);
                Ok(ClockStatus { status, since })
            })
            .await
    }

    /// Clocks are judged otherwise than before.
    ///
    /// # Errors
    /// The store's own.
    pub async fn clocks_judged(&self, judged: Vec<(i64, ClockStatus)>) -> Result<(), StoreError> {
        self.write(judged, |tx, judged| {
            Box::pin(async move {
                let rows = judged
                    .iter()
                    .map(|(device_key, clock)| {
                        vec![
                            (*device_key).into(),
                            clock.status.into(),
                            clock.since.into(),
                        ]
                    })
                    .collect();
                insert_rows(
                    &mut tx.on,
                    "INSERT INTO clock_statuses (device_key, status, since) VALUES ",
                    rows,
                    " ON CONFLICT (device_key) DO UPDATE SET status = excluded.status, since = excluded.since",
                )
                .await?;
                Ok(())
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{NOW, device, on_both};
    use super::*;

    #[tokio::test]
    async fn the_last_judgement_stands() {
        on_both(|store| async move {
            let (_, key) = device(&store, "pc").await;
            assert_eq!(store.clock_status(key).await, Ok(None));
            let bad = ClockStatus {
                status: 2,
                since: NOW,
            };
            let well = ClockStatus {
                status: 0,
                since: NOW + 1,
            };
            for clock in [bad, well] {
                store.clocks_judged(vec![(key, clock)]).await.unwrap();
                assert_eq!(store.clock_status(key).await, Ok(Some(clock)));
            }
            let all = HashMap::from([(key, well)]);
            assert_eq!(store.clock_statuses().await, Ok(all));
        })
        .await;
    }
}
