//! A machine with 3,000 mounts.

use super::Healthy;
use crate::patient::Here;

pub(super) const MACHINE: Healthy = Healthy {
    id: "many-mounts",
    needs: &[],
    make: || {
        Ok(Box::new(Here::apart(
            "cd \"$(mktemp -d)\"; for n in $(seq 3000); do mkdir $n; mount -t tmpfs -o size=64k t $n; done",
        )?))
    },
};
