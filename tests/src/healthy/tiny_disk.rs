//! A disk of 16 MiB, three quarters full: small is not full.

use super::{Healthy, OFFICE};
use crate::machine::{Disk, OF_DISKS};
use crate::patient::With;

pub(super) const MACHINE: Healthy = Healthy {
    id: "tiny-disk",
    needs: &[OF_DISKS, OFFICE[0], OFFICE[1]],
    make: || {
        let disk = Disk::new(16)?;
        disk.fill_to(75)?;
        Ok(Box::new(With::office(disk)?))
    },
};
