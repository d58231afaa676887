//! A course of one number in buckets of five minutes, and what becomes of it. Pure.

use std::collections::BTreeMap;

use super::Trend;

const BUCKET_US: i64 = 300_000_000;
/// The last quarter of an hour, in buckets.
const RECENT: usize = 3;
/// What has no value for so many buckets has ended.
const GONE: i64 = 2;
/// Of a trend at least.
const FEWEST: usize = 2 * RECENT;

/// By bucket: its number and value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Course(BTreeMap<i64, f64>);

impl Course {
    /// The median of each bucket's values. `values`: microseconds since 1970 UTC and value.
    pub(super) fn of_values(values: &[(i64, f64)]) -> Self {
        let mut buckets: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
        for (at_us, value) in values {
            buckets
                .entry(at_us.div_euclid(BUCKET_US))
                .or_default()
                .push(*value);
        }
        let median = |(bucket, mut values): (i64, Vec<f64>)| (bucket, middle(&mut values));
        Self(buckets.into_iter().map(median).collect())
    }

    /// How much a counter grew in each bucket. What it fell by, at a start, is no growth.
    pub(super) fn of_growth(values: &[(i64, f64)]) -> Self {
        let mut buckets = BTreeMap::new();
        for pair in values.windows(2) {
            let ((_, before), (at_us, after)) = (pair[0], pair[1]);
            *buckets.entry(at_us.div_euclid(BUCKET_US)).or_default() += (after - before).max(0.0);
        }
        Self(buckets)
    }

    /// The sums of the buckets that both have.
    pub(super) fn plus(&self, other: &Self) -> Self {
        self.with(other, |one, other| Some(one + other))
    }

    /// The quotients, where there is `enough` to divide by.
    pub(super) fn over(&self, other: &Self, enough: f64) -> Self {
        self.with(other, |one, other| (other >= enough).then(|| one / other))
    }

    fn with(&self, other: &Self, of: impl Fn(f64, f64) -> Option<f64>) -> Self {
        let both = self.0.iter().filter_map(|(bucket, one)| {
            let value = of(*one, *other.0.get(bucket)?)?;
            Some((*bucket, value))
        });
        Self(both.collect())
    }

    pub(super) fn times(&self, factor: f64) -> Self {
        Self(
            self.0
                .iter()
                .map(|(bucket, value)| (*bucket, value * factor))
                .collect(),
        )
    }

    /// Of what grew in a bucket.
    pub(super) fn per_second(&self) -> Self {
        self.times(1e6 / BUCKET_US as f64)
    }

    /// `None`: it is too short, or has ended.
    pub(super) fn trend(&self, measure: &str, thing: &str, now_us: i64) -> Option<Trend> {
        let points: Vec<(i64, f64)> = self
            .0
            .iter()
            .map(|(bucket, value)| (*bucket, *value))
            .collect();
        let (first, last) = (*points.first()?, *points.last()?);
        let has_ended = now_us.div_euclid(BUCKET_US) - last.0 > GONE;
        if points.len() < FEWEST || has_ended {
            return None;
        }
        let (before, recent) = points.split_at(points.len() - RECENT);
        let values =
            |points: &[(i64, f64)]| points.iter().map(|(_, value)| *value).collect::<Vec<f64>>();
        let mut before = values(before);
        let slope = slope(&points);
        Some(Trend {
            measure: measure.to_owned(),
            thing: thing.to_owned(),
            n_points: points.len() as u64,
            span_us: (last.0 - first.0) * BUCKET_US,
            first: first.1,
            last: last.1,
            per_second: slope * 1e6 / BUCKET_US as f64,
            steady: steady(&points, slope),
            usual: middle(&mut before),
            usual_most: before[(before.len() - 1) * 9 / 10],
            recent: middle(&mut values(recent)),
        })
    }
}

/// Sorts them, and gives the middle one; the lower of two. There is at least one.
fn middle(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() - 1) / 2]
}

/// By bucket: the median of the slopes between all pairs of points.
fn slope(points: &[(i64, f64)]) -> f64 {
    let pairs = points.iter().enumerate().flat_map(|(at, (from, before))| {
        let later = points[at + 1..].iter();
        later.map(move |(to, after)| (after - before) / (to - from) as f64)
    });
    middle(&mut pairs.collect::<Vec<f64>>())
}

/// Of the steps that go anywhere, the share that goes the slope's way.
fn steady(points: &[(i64, f64)], slope: f64) -> f64 {
    let steps = points.windows(2).map(|pair| pair[1].1 - pair[0].1);
    let moving: Vec<f64> = steps.filter(|step| *step != 0.0).collect();
    let along = moving.iter().filter(|step| *step * slope > 0.0).count();
    along as f64 / moving.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value for each bucket, the last one being that of now.
    fn course(values: &[f64]) -> Option<Trend> {
        let values: Vec<(i64, f64)> = (0..)
            .map(|bucket| bucket * BUCKET_US)
            .zip(values.iter().copied())
            .collect();
        let now_us = values.len() as i64 * BUCKET_US;
        Course::of_values(&values).trend("m", "t", now_us)
    }

    #[test]
    fn a_few_wild_points_do_not_move_the_slope() {
        let mut falling: Vec<f64> = (0..40).map(|n| 1000.0 - f64::from(n) * 3.0).collect();
        let calm = course(&falling).unwrap();
        (falling[7], falling[20], falling[30]) = (0.0, 5000.0, 0.0);
        let wild = course(&falling).unwrap();
        assert!((calm.per_second - -0.01).abs() < 1e-9, "{calm:?}");
        assert!((wild.per_second - -0.01).abs() < 1e-3, "{wild:?}");
        assert_eq!(calm.steady, 1.0);
        assert!(wild.steady > 0.9);
    }

    #[test]
    fn what_goes_up_and_down_is_not_steady() {
        let saw: Vec<f64> = (0..40).map(|n| f64::from(n % 2 * 100 + n)).collect();
        let trend = course(&saw).unwrap();
        assert!(trend.steady < 0.6, "{trend:?}");
    }

    #[test]
    fn the_last_quarter_of_an_hour_is_told_from_what_is_usual() {
        let mut values = vec![5.0; 20];
        values[3] = 80.0;
        values.extend([50.0, 70.0, 60.0]);
        let trend = course(&values).unwrap();
        assert_eq!(
            (trend.usual, trend.usual_most, trend.recent),
            (5.0, 5.0, 60.0)
        );
    }

    #[test]
    fn too_short_a_course_is_no_trend() {
        assert_eq!(course(&[1.0; FEWEST - 1]), None);
        assert!(course(&[1.0; FEWEST]).is_some());
    }

    #[test]
    fn a_start_of_the_machine_is_no_growth() {
        let values = [(0, 100.0), (1, 130.0), (2, 0.0), (3, 10.0)];
        assert_eq!(
            Course::of_growth(&values),
            Course(BTreeMap::from([(0, 40.0)]))
        );
    }
}
