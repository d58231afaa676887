//! A file system that the kernel has made read-only after an error.

use anyhow::Result;

use super::{Case, Cure, Expected, Fault};
use crate::machine::{Disk, OF_DISKS};
use crate::patient::{Here, Machine};

pub(super) const FAULT: Fault = Fault {
    id: "disk-turned-read-only",
    area: "disk",
    needs: &[OF_DISKS],
    make: || {
        let disk = Disk::new(64)?;
        disk.remount("errors=remount-ro")?;
        let machine = Here::whole();
        Ok(Box::new(DiskTurnedReadOnly { disk, machine }))
    },
};

struct DiskTurnedReadOnly {
    disk: Disk,
    machine: Here,
}

impl Case for DiskTurnedReadOnly {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.machine
    }

    fn inject(&mut self) -> Result<()> {
        self.disk.break_once()
    }

    fn expect(&self) -> Expected {
        let mount = self.disk.mount().display().to_string();
        Expected::new("disk.readonly", mount, "critical", "readonly").because("error")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        self.disk.repair()
    }
}
