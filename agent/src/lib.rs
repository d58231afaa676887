//! The agent: reads, judges and repairs the machine it stands on.

pub mod blocks;
pub mod session;
pub mod spool;
