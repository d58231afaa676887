//! The machine's own packet filter.

use super::{Host, Unavailable, os};

/// A chain of rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// `ip`, `ip6`, `inet`, `bridge`, `netdev`, `arp`.
    pub family: String,
    pub table: String,
    pub name: String,
    /// Where packets come into it: `output`. Absent: from other chains only.
    pub hook: Option<String>,
    /// `accept` or `drop`: what becomes of what no rule decides.
    pub policy: Option<String>,
    pub n_rules: u64,
    /// Of these, how many drop or reject.
    pub n_refusing: u64,
}

impl Host {
    /// All chains. For a worker, and an administrator.
    pub fn chains(&self) -> Result<Vec<Chain>, Unavailable> {
        os::chains(self)
    }
}
