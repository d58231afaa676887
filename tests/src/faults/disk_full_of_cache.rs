//! A file system full of packages that were downloaded and installed long ago.

use anyhow::Result;

use super::{Case, Cure, Expected, Fault};
use crate::machine::{ARCHIVES, Disk, OF_DISKS, old_file, with_own_cache};
use crate::patient::{Here, Machine};

pub(super) const FAULT: Fault = Fault {
    id: "disk-full-of-cache",
    area: "disk",
    needs: &[OF_DISKS],
    make: || {
        let disk = Disk::new(64)?;
        let mount = disk.mount();
        let machine = Here::part(move |arguments| with_own_cache(ARCHIVES, &mount, arguments));
        Ok(Box::new(DiskFullOfCache { disk, machine }))
    },
};

struct DiskFullOfCache {
    disk: Disk,
    machine: Here,
}

impl Case for DiskFullOfCache {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.machine
    }

    fn inject(&mut self) -> Result<()> {
        for n in 0..5 {
            let name = format!("package_{n}_all.deb");
            old_file(&self.disk.mount().join(name), 8)?;
        }
        self.disk.fill("something").map(drop)
    }

    fn expect(&self) -> Expected {
        let mount = self.disk.mount().display().to_string();
        Expected::new("disk.space", mount, "critical", "full")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Action("disk.clean", vec![]))
    }
}
