//! The agent: reads, judges and repairs the machine it stands on.
