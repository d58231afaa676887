//! Since when the collector judges a device's clock as it does: the offset itself is written over at every connection.

use std::collections::HashMap;

use super::super::{Columns, Query, Store, StoreError, TimeUs, insert_rows};

/// How a device's clock was last judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockStatus {
    /// As monitoring plugins number it.
    pub status: i64,
    pub since: TimeUs,
}

const SELECT: &str = "SELECT device_key, status, since FROM clock_statuses";

fn read(columns: &mut Columns<'_>) -> Result<(i64, ClockStatus), StoreError> {
    let device_key = columns.int()?;
    let (status, since) = (columns.int()?, columns.int()?);
    Ok((device_key, ClockStatus { status, since }))
}

impl Store {
    /// By device; those that were always well are left out.
    ///
    /// # Errors
    /// The store's own.
    pub async fn clock_statuses(&self) -> Result<HashMap<i64, ClockStatus>, StoreError> {
        let mut on = self.reader().await?;
        let found = Query::new(SELECT).read(&mut on, read).await?;
        Ok(found.into_iter().collect())
    }

    /// The same of these devices.
    ///
    /// # Errors
    /// The store's own.
    pub async fn clock_statuses_of(
        &self,
        device_keys: &[i64],
    ) -> Result<HashMap<i64, ClockStatus>, StoreError> {
        let mut on = self.reader().await?;
        let found = Query::new(SELECT)
            .push(" WHERE device_key IN ")
            .list(device_keys.iter().copied())
            .read(&mut on, read)
            .await?;
        Ok(found.into_iter().collect())
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
            assert_eq!(store.clock_statuses_of(&[key]).await, Ok(HashMap::new()));
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
                assert_eq!(
                    store.clock_statuses_of(&[key]).await,
                    Ok(HashMap::from([(key, clock)]))
                );
            }
            let all = HashMap::from([(key, well)]);
            assert_eq!(store.clock_statuses().await, Ok(all));
        })
        .await;
    }
}
