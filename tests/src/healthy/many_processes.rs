//! A machine with 4,000 processes.

use super::Healthy;
use crate::patient::Here;

pub(super) const MACHINE: Healthy = Healthy {
    id: "many-processes",
    needs: &[],
    make: || {
        Ok(Box::new(Here::apart(
            "for n in $(seq 4000); do sleep 3600 & done",
        )?))
    },
};
