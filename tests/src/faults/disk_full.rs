//! A file system that somebody's file fills to the last byte.

use anyhow::Result;

use super::{Case, Cure, Expected, Fault};
use crate::machine::{Disk, OF_DISKS};
use crate::patient::{Here, Machine};

pub(super) const FAULT: Fault = Fault {
    id: "disk-full",
    area: "disk",
    needs: &[OF_DISKS],
    make: || {
        Ok(Box::new(DiskFull {
            disk: Disk::new(64)?,
            machine: Here::whole(),
        }))
    },
};

struct DiskFull {
    disk: Disk,
    machine: Here,
}

impl Case for DiskFull {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.machine
    }

    fn inject(&mut self) -> Result<()> {
        self.disk.fill("something").map(drop)
    }

    fn expect(&self) -> Expected {
        let mount = self.disk.mount().display().to_string();
        Expected::new("disk.space", mount, "critical", "full")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        Ok(std::fs::remove_file(self.disk.mount().join("something"))?)
    }
}
