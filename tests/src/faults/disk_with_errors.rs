//! A file system that has recorded an error and goes on.

use anyhow::Result;

use super::{Case, Cure, Expected, Fault};
use crate::machine::{Disk, OF_DISKS};
use crate::patient::{Here, Machine};

pub(super) const FAULT: Fault = Fault {
    id: "disk-with-errors",
    area: "disk",
    needs: &[OF_DISKS],
    make: || {
        let disk = Disk::new(64)?;
        disk.remount("errors=continue")?;
        let machine = Here::whole();
        Ok(Box::new(DiskWithErrors { disk, machine }))
    },
};

struct DiskWithErrors {
    disk: Disk,
    machine: Here,
}

impl Case for DiskWithErrors {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.machine
    }

    fn inject(&mut self) -> Result<()> {
        self.disk.break_once()
    }

    fn expect(&self) -> Expected {
        let mount = self.disk.mount().display().to_string();
        Expected::new("disk.fs-errors", mount, "warning", "errors")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        self.disk.repair()
    }
}
