//! A file system that the kernel has made read-only after an error.

use super::Fault;
use crate::machine::{Disk, OF_DISKS};
use crate::patient::Here;
use crate::wrong::{Way, WithDisk, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "disk-turned-read-only",
    area: "disk",
    needs: &[OF_DISKS],
    make: || {
        let disk = Disk::new(64)?;
        disk.remount("errors=remount-ro")?;
        WRONG.at(WithDisk::new(disk, Here::whole()))
    },
};

const WRONG: Wrong<WithDisk> = Wrong {
    inject: |at| at.disk.break_once(),
    expect: |at| {
        at.expect("disk.readonly", "critical", "readonly")
            .because("error")
    },
    cure: Way::Hand(|at| at.disk.repair()),
};
