//! What plugins share on one machine: their turns, and what they measured.

use std::sync::{Arc, PoisonError};

use tokio::sync::Semaphore;

use super::Host;
use crate::plugins::performance::Datum;
use crate::plugins::{Plugin, Value};

/// Plugins that run at a time: of the workers' places, the others are for what the agent itself asks.
pub(super) const TURNS: usize = 2;

impl Host {
    /// Room for `TURNS` plugins.
    pub(crate) fn turns(&self) -> &Arc<Semaphore> {
        &self.shared.turns
    }

    /// Keeps numbers for the next sample; gives how many have no place.
    pub(crate) fn keep_values(&self, plugin: &'static Plugin, data: &[Datum]) -> usize {
        let values = self.shared.values.lock();
        values
            .unwrap_or_else(PoisonError::into_inner)
            .put(plugin, data)
    }

    /// What was kept since the last sample.
    pub(crate) fn take_values(&self) -> Vec<Value> {
        let values = self.shared.values.lock();
        values.unwrap_or_else(PoisonError::into_inner).take()
    }
}
