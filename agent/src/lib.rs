//! The agent: reads, judges and repairs the machine it stands on.

pub mod blocks;
pub mod changes;
pub mod clock;
pub mod config;
pub mod dial;
pub mod identity;
pub mod journal;
pub mod link;
pub mod orders;
pub mod schedule;
pub mod session;
pub mod spool;
pub mod state;
pub mod trust;
