//! A file system of /etc/fstab that is not mounted.

use std::io::Write as _;

use anyhow::Result;

use super::{Case, Cure, Expected, Fault};
use crate::machine::{Disk, OF_DISKS};
use crate::patient::{Here, Machine};
use crate::program::command;

pub(super) const FAULT: Fault = Fault {
    id: "disk-not-mounted",
    area: "disk",
    needs: &[OF_DISKS],
    make: || {
        let disk = Disk::new(16)?;
        let mut fstab = tempfile::NamedTempFile::new()?;
        writeln!(
            fstab,
            "{} {} ext4 defaults 0 2",
            disk.device()?,
            disk.mount().display()
        )?;
        let table = fstab.path().to_owned();
        let machine = Here::part(move |arguments| {
            let mut inside = command("unshare");
            let own = "mount --bind \"$0\" /etc/fstab && exec \"$@\"";
            inside.args(["--mount", "--propagation=slave", "sh", "-c", own]);
            inside.arg(&table).args(arguments);
            inside
        });
        Ok(Box::new(DiskNotMounted {
            disk,
            machine,
            _fstab: fstab,
        }))
    },
};

struct DiskNotMounted {
    disk: Disk,
    machine: Here,
    _fstab: tempfile::NamedTempFile,
}

impl Case for DiskNotMounted {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.machine
    }

    fn inject(&mut self) -> Result<()> {
        self.disk.take_down()
    }

    fn expect(&self) -> Expected {
        let mount = self.disk.mount().display().to_string();
        Expected::new("mount.missing", mount, "critical", "missing")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        self.disk.put_up()
    }
}
