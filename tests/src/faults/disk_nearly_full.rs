//! A file system with little left.

use anyhow::Result;

use super::{Case, Cure, Expected, Fault};
use crate::machine::{Disk, OF_DISKS};
use crate::patient::{Here, Machine};

pub(super) const FAULT: Fault = Fault {
    id: "disk-nearly-full",
    area: "disk",
    needs: &[OF_DISKS],
    make: || {
        Ok(Box::new(DiskNearlyFull {
            disk: Disk::new(256)?,
            machine: Here::whole(),
        }))
    },
};

struct DiskNearlyFull {
    disk: Disk,
    machine: Here,
}

impl Case for DiskNearlyFull {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.machine
    }

    fn inject(&mut self) -> Result<()> {
        self.disk.fill_to(94)
    }

    fn expect(&self) -> Expected {
        let mount = self.disk.mount().display().to_string();
        Expected::new("disk.space", mount, "warning", "low")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        self.disk.give_back()
    }
}
