//! A file system with little left.

use super::Fault;
use crate::machine::{Disk, OF_DISKS};
use crate::patient::Here;
use crate::wrong::{Way, WithDisk, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "disk-nearly-full",
    area: "disk",
    needs: &[OF_DISKS],
    make: || WRONG.at(WithDisk::new(Disk::new(256)?, Here::whole())),
};

const WRONG: Wrong<WithDisk> = Wrong {
    inject: |at| at.disk.fill_to(94),
    expect: |at| at.expect("disk.space", "warning", "low"),
    cure: Way::Hand(|at| at.disk.give_back()),
};
