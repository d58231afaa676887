//! A disk of 2 TiB at 97 %: 60 GiB are free.

use super::{Healthy, OFFICE};
use crate::machine::{Disk, OF_DISKS};
use crate::patient::With;

pub(super) const MACHINE: Healthy = Healthy {
    id: "huge-disk-97",
    needs: &[OF_DISKS, OFFICE[0], OFFICE[1]],
    make: || {
        let disk = Disk::with(2 << 20, &["-T", "largefile4", "-O", "^has_journal"])?;
        disk.fill_to(97)?;
        Ok(Box::new(With::office(disk)?))
    },
};
