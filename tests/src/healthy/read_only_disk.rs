//! A disk that somebody has mounted read-only, and full.

use super::Healthy;
use crate::machine::{Disk, OF_DISKS};
use crate::patient::{Here, With};

pub(super) const MACHINE: Healthy = Healthy {
    id: "read-only-disk",
    needs: &[OF_DISKS],
    make: || {
        let disk = Disk::new(16)?;
        disk.fill("film")?;
        disk.remount("ro")?;
        Ok(Box::new(With::new(Here::whole(), disk)))
    },
};
