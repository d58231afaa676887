//! A machine that builds: every processor has more than it can do, for some minutes.

use super::Healthy;
use crate::patient::Here;

pub(super) const MACHINE: Healthy = Healthy {
    id: "busy-builds",
    needs: &[],
    make: || {
        Ok(Box::new(Here::apart(
            "for n in $(seq 8); do sh -c 'while :; do :; done' & done; sleep 3",
        )?))
    },
};
