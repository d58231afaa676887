//! Metrics of a stretch of time as a snapshot keeps them: the names of the series, and one block of all.

use serde::{Deserialize, Serialize};

use super::super::{Store, StoreError, TimeUs};
use super::block::{Block, Stored};
use super::numbers::broken;
use super::{NewSeries, Point, Wanted};
use crate::digest::{hex, unhex};

const MINUTE_US: i64 = 60_000_000;
/// How long a stretch may last, microseconds, and the step that it is kept in: 120 points at the most where a device reports
/// every 15 seconds.
const STEPS: [(i64, i64); 3] = [
    (30 * MINUTE_US, 0),
    (120 * MINUTE_US, MINUTE_US),
    (600 * MINUTE_US, 5 * MINUTE_US),
];
/// Of what lasts longer.
const LONG_STEP: i64 = 15 * MINUTE_US;

/// Metrics of a device between two times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// Microseconds: minimum, mean and maximum over each step; 0: every sample.
    pub step_us: i64,
    from_us: TimeUs,
    series: Vec<FrozenSeries>,
    /// In hexadecimal. A series has its place in the list for a number; with a step three numbers, as a roll-up has.
    block: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct FrozenSeries {
    name: String,
    labels: String,
    unit: String,
    scale: i32,
}

impl Store {
    /// Copies what was measured on a device from one time up to another, both included.
    ///
    /// # Errors
    /// The store's own.
    pub(in super::super) async fn freeze_metrics(
        &self,
        device_key: i64,
        from: TimeUs,
        to: TimeUs,
    ) -> Result<Frozen, StoreError> {
        let lasts_us = to.saturating_sub(from);
        let step_us = STEPS.iter().find(|(most, _)| lasts_us <= *most);
        let step_us = step_us.map_or(LONG_STEP, |(_, step)| *step);
        // A step counts that has begun before.
        let from_us = from - from.rem_euclid(step_us.max(1));
        let wanted = Wanted {
            from: from_us,
            to: to.saturating_add(1),
            ..Wanted::default()
        };
        let mut block = Block::default();
        let mut series = Vec::new();
        if step_us == 0 {
            for (number, one) in (0..).zip(self.read_metrics(device_key, &wanted).await?) {
                series.push(named(one.series.series));
                for (at, value) in one.samples {
                    block.add(number, at, value);
                }
            }
        } else {
            let rolled = self.read_rollup(device_key, &wanted, step_us).await?;
            for (number, one) in (0_u32..).zip(rolled) {
                series.push(named(one.series.series));
                for point in one.points {
                    for (kind, value) in (0..).zip([point.least, point.mean, point.most]) {
                        block.add(number * 3 + kind, point.at, value);
                    }
                }
            }
        }
        Ok(Frozen {
            step_us,
            from_us,
            series,
            block: hex(&block.encode(from_us)?),
        })
    }
}

fn named(series: NewSeries) -> FrozenSeries {
    FrozenSeries {
        name: series.name,
        labels: series.labels,
        unit: series.unit,
        scale: series.scale,
    }
}

impl Frozen {
    /// Each series with its points; of one that has every sample these are minimum, mean and maximum in one.
    ///
    /// # Errors
    /// Broken: it is not as it was kept.
    pub fn courses(&self) -> Result<Vec<(NewSeries, Vec<Point>)>, StoreError> {
        let bytes = unhex(&self.block).ok_or_else(|| broken("it is no hexadecimal"))?;
        let stored = Stored::open(&bytes, self.from_us)?;
        let mut courses = Vec::with_capacity(self.series.len());
        for (number, series) in (0_u32..).zip(&self.series) {
            let points = match self.step_us {
                0 => {
                    let samples = stored.series(number)?.into_iter();
                    samples
                        .map(|(at, value)| Point {
                            at,
                            least: value,
                            mean: value,
                            most: value,
                        })
                        .collect()
                }
                _ => rolled(&stored, number)?,
            };
            let series = NewSeries {
                name: series.name.clone(),
                labels: series.labels.clone(),
                unit: series.unit.clone(),
                scale: series.scale,
                counter: false,
            };
            courses.push((series, points));
        }
        Ok(courses)
    }
}

/// The three are made together and have the same times.
fn rolled(stored: &Stored<'_>, number: u32) -> Result<Vec<Point>, StoreError> {
    let first = number.checked_mul(3);
    let first = first.ok_or_else(|| broken("it has too many series"))?;
    let (least, mean, most) = (
        stored.series(first)?,
        stored.series(first + 1)?,
        stored.series(first + 2)?,
    );
    let points = least.into_iter().zip(mean).zip(most);
    Ok(points
        .map(|(((at, least), (_, mean)), (_, most))| Point {
            at,
            least,
            mean,
            most,
        })
        .collect())
}
