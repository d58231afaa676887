//! Metrics: samples as they came, folded by the hour and by the day, and read alike.

mod aside;
mod block;
mod due;
mod fold;
mod frozen;
mod numbers;
pub(super) mod raw;
mod read;
mod retain;
mod rollup;
mod series;

pub use fold::Folded;
pub use frozen::Frozen;
pub use read::{Point, RolledUp, Samples, Wanted};
pub use retain::{Forgotten, Retention};
pub(super) use series::KindCache;
pub use series::{NewSeries, Series};

/// Lengths of blocks, and steps of roll-ups, microseconds.
const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;
/// Roll-ups that are kept.
pub const FIVE_MINUTES_US: i64 = 300_000_000;
pub const ONE_HOUR_US: i64 = HOUR_US;
/// Step of a block that holds every sample.
const EVERY_SAMPLE: i64 = 0;
