//! A file system that has recorded an error and goes on.

use super::Fault;
use crate::machine::{Disk, OF_DISKS};
use crate::patient::Here;
use crate::wrong::{Way, WithDisk, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "disk-with-errors",
    area: "disk",
    needs: &[OF_DISKS],
    make: || {
        let disk = Disk::new(64)?;
        disk.remount("errors=continue")?;
        WRONG.at(WithDisk::new(disk, Here::whole()))
    },
};

const WRONG: Wrong<WithDisk> = Wrong {
    inject: |at| at.disk.break_once(),
    expect: |at| at.expect("disk.fs-errors", "warning", "errors"),
    cure: Way::Hand(|at| at.disk.repair()),
};
