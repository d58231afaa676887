//! The agent: reads, judges and repairs the machine it stands on.

pub mod blocks;
pub mod changes;
pub mod clock;
pub mod config;
pub mod dial;
pub mod facts;
pub mod finding;
pub mod host;
pub mod identity;
pub mod journal;
pub mod link;
pub mod metrics;
pub mod orders;
pub mod schedule;
pub mod session;
pub mod spool;
pub mod state;
pub mod text;
pub mod trust;
pub mod value;
pub mod worker;
