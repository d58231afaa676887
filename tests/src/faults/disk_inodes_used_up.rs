//! A file system that takes no more files, though it has room.

use anyhow::ensure;

use super::Fault;
use crate::machine::{Disk, OF_DISKS};
use crate::patient::Here;
use crate::wrong::{Way, WithDisk, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "disk-inodes-used-up",
    area: "disk",
    needs: &[OF_DISKS],
    make: || {
        WRONG.at(WithDisk::new(
            Disk::with(64, &["-N", "256"])?,
            Here::whole(),
        ))
    },
};

/// More than the disk takes.
const MANY: usize = 10_000;

const WRONG: Wrong<WithDisk> = Wrong {
    inject: |at| {
        let folder = at.disk.mount().join("mails");
        std::fs::create_dir(&folder)?;
        let taken =
            (0..MANY).take_while(|n| std::fs::write(folder.join(n.to_string()), "").is_ok());
        ensure!(taken.count() < MANY, "there is no end of inodes");
        Ok(())
    },
    expect: |at| at.expect("disk.inodes", "critical", "low"),
    cure: Way::Hand(|at| Ok(std::fs::remove_dir_all(at.disk.mount().join("mails"))?)),
};
