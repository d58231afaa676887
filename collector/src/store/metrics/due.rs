//! Which hours and days are over and wait to be folded.

use super::super::{Query, Store, StoreError, TimeUs};
use super::{DAY_US, EVERY_SAMPLE, HOUR_US};

/// How long after its end an hour is folded, for reports on their way: 5 minutes.
const HOUR_GRACE_US: i64 = 300_000_000;
/// The same of a day: 3 hours.
const DAY_GRACE_US: i64 = 3 * HOUR_US;

impl Store {
    /// The oldest hour of each device that has raw rows and is over, `most` devices at most.
    pub(super) async fn hours_due(
        &self,
        now: TimeUs,
        most: u32,
    ) -> Result<Vec<(i64, TimeUs)>, StoreError> {
        let oldest = "SELECT MIN(r.at) FROM metric_raw r WHERE r.device_key = d.device_key";
        self.due(oldest, HOUR_US, now - HOUR_GRACE_US, most).await
    }

    /// The same of days that have hours.
    pub(super) async fn days_due(
        &self,
        now: TimeUs,
        most: u32,
    ) -> Result<Vec<(i64, TimeUs)>, StoreError> {
        let oldest = format!(
            "SELECT MIN(b.start_at) FROM metric_blocks b WHERE b.device_key = d.device_key \
             AND b.step = {EVERY_SAMPLE} AND b.span = {HOUR_US}"
        );
        self.due(&oldest, DAY_US, now - DAY_GRACE_US, most).await
    }

    /// Spans of the oldest rows, the oldest first; `oldest` asks for that of device `d`.
    async fn due(
        &self,
        oldest: &str,
        span: i64,
        until: TimeUs,
        most: u32,
    ) -> Result<Vec<(i64, TimeUs)>, StoreError> {
        let mut on = self.reader().await?;
        let found = Query::new("SELECT device_key, oldest FROM (SELECT d.device_key, (")
            .push(oldest)
            .push(") AS oldest FROM devices d) AS o WHERE oldest < ")
            .arg(until.div_euclid(span) * span)
            .push(" ORDER BY oldest LIMIT ")
            .arg(most)
            .read(&mut on, |columns| Ok((columns.int()?, columns.int()?)))
            .await?;
        let starts = found.into_iter();
        Ok(starts
            .map(|(device_key, at)| (device_key, at.div_euclid(span) * span))
            .collect())
    }
}
