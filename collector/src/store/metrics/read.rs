//! Reading: raw samples, hours and days alike; roll-ups where samples are no longer kept.

use sqlx::AnyConnection;

use super::super::{Query, Store, StoreError, TimeUs};
use super::block::{Block, Stored};
use super::rollup::rolled_up;
use super::series::{self, Series};
use super::{DAY_US, EVERY_SAMPLE, HOUR_US, raw};

/// Which series, and when.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// None: all.
    pub name: Option<String>,
    /// None: all.
    pub labels: Option<String>,
    /// From here on.
    pub from: TimeUs,
    /// Up to, not including.
    pub to: TimeUs,
}

/// One series' samples: time and scaled value, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Samples {
    pub series: Series,
    pub samples: Vec<(TimeUs, i64)>,
}

/// One step of a roll-up, values scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// Beginning of the step.
    pub at: TimeUs,
    pub least: i64,
    pub mean: i64,
    pub most: i64,
}

/// One series' roll-up, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolledUp {
    pub series: Series,
    pub points: Vec<Point>,
}

impl Store {
    /// Samples of a device's series, of those that have any.
    ///
    /// # Errors
    /// The store's own.
    pub async fn read_metrics(
        &self,
        device_key: i64,
        wanted: &Wanted,
    ) -> Result<Vec<Samples>, StoreError> {
        let mut on = self.reader().await?;
        let series = matching(&mut on, device_key, wanted).await?;
        let mut block = samples(&mut on, device_key, wanted, &series).await?;
        Ok(series
            .into_iter()
            .filter_map(|series| {
                let samples = block.series.remove(&series.number)?;
                Some(Samples { series, samples })
            })
            .collect())
    }

    /// Minimum, mean and maximum over each step, `FIVE_MINUTES_US` or `ONE_HOUR_US`. Days that are not folded yet are
    /// rolled up from their samples.
    ///
    /// # Errors
    /// The store's own.
    pub async fn read_rollup(
        &self,
        device_key: i64,
        wanted: &Wanted,
        step: i64,
    ) -> Result<Vec<RolledUp>, StoreError> {
        let mut on = self.reader().await?;
        let series = matching(&mut on, device_key, wanted).await?;
        let sampled = samples(&mut on, device_key, wanted, &series).await?;
        let mut rolled = rolled_up(&sampled, step);
        // What was rolled up when the day was whole counts more than a part of its samples.
        for (start, bytes) in blocks(&mut on, device_key, step, wanted).await? {
            let stored = Stored::open(&bytes, start)?;
            for one in &series {
                for kind in 0..3 {
                    let Some(number) = one.number.checked_mul(3).map(|first| first + kind) else {
                        continue;
                    };
                    for (at, value) in stored.series(number)? {
                        rolled.add(number, at, value);
                    }
                }
            }
        }
        Ok(series
            .into_iter()
            .filter_map(|series| {
                let points = points(&rolled, &series, wanted)?;
                Some(RolledUp { series, points })
            })
            .collect())
    }
}

fn points(rolled: &Block, series: &Series, wanted: &Wanted) -> Option<Vec<Point>> {
    let first = series.number.checked_mul(3)?;
    let of = |kind: u32| {
        rolled
            .series
            .get(&(first + kind))
            .map_or(&[][..], Vec::as_slice)
    };
    // The three are made together and have the same times.
    let points: Vec<Point> = of(0)
        .iter()
        .zip(of(1))
        .zip(of(2))
        .filter(|(((at, _), _), _)| (wanted.from..wanted.to).contains(at))
        .map(|(((at, least), (_, mean)), (_, most))| Point {
            at: *at,
            least: *least,
            mean: *mean,
            most: *most,
        })
        .collect();
    (!points.is_empty()).then_some(points)
}

async fn matching(
    on: &mut AnyConnection,
    device_key: i64,
    wanted: &Wanted,
) -> Result<Vec<Series>, StoreError> {
    let mut all = series::load(on, device_key).await?;
    all.retain(|known| {
        let is_named = |wanted: &Option<String>, known: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == known)
        };
        is_named(&wanted.name, &known.series.name) && is_named(&wanted.labels, &known.series.labels)
    });
    Ok(all)
}

/// Days before hours before raw samples, so that what came last counts.
async fn samples(
    on: &mut AnyConnection,
    device_key: i64,
    wanted: &Wanted,
    series: &[Series],
) -> Result<Block, StoreError> {
    let is_between = |at: i64| (wanted.from..wanted.to).contains(&at);
    let mut block = Block::default();
    for (start, bytes) in blocks(on, device_key, EVERY_SAMPLE, wanted).await? {
        let stored = Stored::open(&bytes, start)?;
        for one in series {
            for (at, value) in stored.series(one.number)? {
                if is_between(at) {
                    block.add(one.number, at, value);
                }
            }
        }
    }
    let raw_rows = Query::new(
        "SELECT at, blob FROM metric_raw WHERE device_key = $1 AND at >= $2 AND at < $3 ORDER BY at",
    )
    .bind(device_key)
    // A row holds samples of its hour.
    .bind(wanted.from.saturating_sub(HOUR_US))
    .bind(wanted.to)
    .read(on, |columns| Ok((columns.int()?, columns.bytes()?)))
    .await?;
    for (at, bytes) in raw_rows {
        raw::decode(at, &bytes, |at, values| {
            let values = values.iter().filter(|_| is_between(at));
            for (number, value) in values {
                if series.iter().any(|one| one.number == *number) {
                    block.add(*number, at, *value);
                }
            }
        })?;
    }
    Ok(block)
}

/// Blocks of a step that may reach into what is wanted, the longest first.
async fn blocks(
    on: &mut AnyConnection,
    device_key: i64,
    step: i64,
    wanted: &Wanted,
) -> Result<Vec<(TimeUs, Vec<u8>)>, StoreError> {
    Query::new(
        "SELECT start_at, blob FROM metric_blocks WHERE device_key = $1 AND step = $2 \
         AND start_at > $3 AND start_at < $4 ORDER BY span DESC, start_at",
    )
    .bind(device_key)
    .bind(step)
    .bind(wanted.from.saturating_sub(DAY_US))
    .bind(wanted.to)
    .read(on, |columns| Ok((columns.int()?, columns.bytes()?)))
    .await
}
