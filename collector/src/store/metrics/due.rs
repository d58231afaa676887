//! Which hours and days are over and wait to be folded.

use super::super::{Query, Store, StoreError, TimeUs};
use super::{DAY_US, EVERY_SAMPLE, HOUR_US};

/// How long after its end an hour is folded, for reports on their way: 5 minutes.
const HOUR_GRACE_US: i64 = 300_000_000;
/// The same of a day: 3 hours.
const DAY_GRACE_US: i64 = 3 * HOUR_US;

impl Store {
    pub(super) async fn hours_due(
        &self,
        now: TimeUs,
        most: u32,
    ) -> Result<Vec<(i64, TimeUs)>, StoreError> {
        let mut on = self.reader().await?;
        let ended = (now - HOUR_GRACE_US).div_euclid(HOUR_US) * HOUR_US;
        let oldest = Query::new(
            "SELECT device_key, oldest FROM (SELECT d.device_key, \
             (SELECT MIN(r.at) FROM metric_raw r WHERE r.device_key = d.device_key) AS oldest FROM devices d) AS o \
             WHERE oldest < $1 ORDER BY oldest LIMIT $2",
        )
        .bind(ended)
        .bind(most)
        .read(&mut on, |columns| Ok((columns.int()?, columns.int()?)))
        .await?;
        Ok(oldest
            .into_iter()
            .map(|(device_key, at)| (device_key, at.div_euclid(HOUR_US) * HOUR_US))
            .collect())
    }

    pub(super) async fn days_due(
        &self,
        now: TimeUs,
        most: u32,
    ) -> Result<Vec<(i64, TimeUs)>, StoreError> {
        let mut on = self.reader().await?;
        let ended = (now - DAY_GRACE_US).div_euclid(DAY_US) * DAY_US;
        let oldest = Query::new(
            "SELECT device_key, oldest FROM (SELECT d.device_key, (SELECT MIN(b.start_at) FROM metric_blocks b \
             WHERE b.device_key = d.device_key AND b.step = $1 AND b.span = $2) AS oldest FROM devices d) AS o \
             WHERE oldest < $3 ORDER BY oldest LIMIT $4",
        )
        .bind(EVERY_SAMPLE)
        .bind(HOUR_US)
        .bind(ended)
        .bind(most)
        .read(&mut on, |columns| Ok((columns.int()?, columns.int()?)))
        .await?;
        Ok(oldest
            .into_iter()
            .map(|(device_key, at)| (device_key, at.div_euclid(DAY_US) * DAY_US))
            .collect())
    }
}
