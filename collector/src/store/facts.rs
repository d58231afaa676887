//! Facts of any table: a row's slow content once for the whole fleet, and when each device had it. Live columns
//! are updated in place.

mod apply;
mod cells;
mod cohort;
mod extents;
mod fleet;
mod holders;
mod read;

mod write;

pub(super) use apply::{FactCache, apply};
pub use cells::Cell;
pub use cohort::{CohortOf, DeviceColumn, ValueCount};
pub use extents::{Extent, FactColumn};
pub(super) use fleet::Narrowing;
pub use fleet::{FleetFilter, FleetRow, RowPlace};
pub use read::{Change, ChangeKey, ChangeKind, FactTable, NotAKey, TableState, sort_key};

/// `seen_to` of a row that is still there.
const STILL_THERE: i64 = i64::MAX;

#[cfg(test)]
mod tests;
