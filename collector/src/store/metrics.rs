//! Metrics: samples as they came, folded by the hour and by the day, and read alike.

pub(super) mod raw;
mod series;

pub use series::{NewSeries, Series};
