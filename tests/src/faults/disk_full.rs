//! A file system that somebody's file fills to the last byte.

use super::Fault;
use crate::machine::{Disk, OF_DISKS};
use crate::patient::Here;
use crate::wrong::{Way, WithDisk, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "disk-full",
    area: "disk",
    needs: &[OF_DISKS],
    make: || WRONG.at(WithDisk::new(Disk::new(64)?, Here::whole())),
};

const WRONG: Wrong<WithDisk> = Wrong {
    inject: |at| at.disk.fill("something").map(drop),
    expect: |at| at.expect("disk.space", "critical", "full"),
    cure: Way::Hand(|at| Ok(std::fs::remove_file(at.disk.mount().join("something"))?)),
};
