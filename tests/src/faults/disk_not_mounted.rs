//! A file system of /etc/fstab that is not mounted.

use std::io::Write as _;

use super::Fault;
use crate::machine::{Disk, OF_DISKS};
use crate::patient::Here;
use crate::program::command;
use crate::wrong::{Way, WithDisk, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "disk-not-mounted",
    area: "disk",
    needs: &[OF_DISKS],
    make: || {
        let disk = Disk::new(16)?;
        let mut fstab = tempfile::NamedTempFile::new()?;
        let (device, mount) = (disk.device()?, disk.mount());
        writeln!(fstab, "{device} {} ext4 defaults 0 2", mount.display())?;
        let machine = Here::part(move |arguments| {
            let mut inside = command("unshare");
            let own = "mount --bind \"$0\" /etc/fstab && exec \"$@\"";
            inside.args(["--mount", "--propagation=slave", "sh", "-c", own]);
            inside.arg(fstab.path()).args(arguments);
            inside
        });
        WRONG.at(WithDisk::new(disk, machine))
    },
};

const WRONG: Wrong<WithDisk> = Wrong {
    inject: |at| at.disk.take_down(),
    expect: |at| at.expect("mount.missing", "critical", "missing"),
    cure: Way::Hand(|at| at.disk.put_up()),
};
