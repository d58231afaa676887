//! The agent: reads, judges and repairs the machine it stands on.

pub mod blocks;
pub mod clock;
pub mod dial;
pub mod facts;
pub mod finding;
pub mod host;
pub mod identity;
pub mod journal;
pub mod metrics;
pub mod session;
pub mod spool;
pub mod text;
pub mod trust;
pub mod value;
pub mod worker;
