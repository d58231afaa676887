//! A file system that takes no more files, though it has room.

use anyhow::{Result, ensure};

use super::{Case, Cure, Expected, Fault};
use crate::machine::{Disk, OF_DISKS};
use crate::patient::{Here, Machine};

pub(super) const FAULT: Fault = Fault {
    id: "disk-inodes-used-up",
    area: "disk",
    needs: &[OF_DISKS],
    make: || {
        Ok(Box::new(DiskInodesUsedUp {
            disk: Disk::with(64, &["-N", "256"])?,
            machine: Here::whole(),
        }))
    },
};

/// More than the disk takes.
const MANY: usize = 10_000;

struct DiskInodesUsedUp {
    disk: Disk,
    machine: Here,
}

impl Case for DiskInodesUsedUp {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.machine
    }

    fn inject(&mut self) -> Result<()> {
        let folder = self.disk.mount().join("mails");
        std::fs::create_dir(&folder)?;
        let taken =
            (0..MANY).take_while(|n| std::fs::write(folder.join(n.to_string()), "").is_ok());
        ensure!(taken.count() < MANY, "there is no end of inodes");
        Ok(())
    }

    fn expect(&self) -> Expected {
        let mount = self.disk.mount().display().to_string();
        Expected::new("disk.inodes", mount, "critical", "low")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        Ok(std::fs::remove_dir_all(self.disk.mount().join("mails"))?)
    }
}
