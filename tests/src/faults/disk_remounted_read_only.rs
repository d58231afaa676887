//! A file system that somebody has made read-only, against /etc/fstab and though it has no errors.

use super::Fault;
use crate::machine::{Disk, OF_DISKS};
use crate::patient::Here;
use crate::program::command;
use crate::wrong::{Way, WithDisk, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "disk-remounted-read-only",
    area: "disk",
    needs: &[OF_DISKS],
    make: || {
        let disk = Disk::new(16)?;
        let fstab = disk.fstab("defaults")?;
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
    inject: |at| at.disk.remount("ro"),
    expect: |at| {
        at.expect("disk.readonly", "critical", "readonly")
            .because("/etc/fstab wants it")
    },
    cure: Way::Action("mount.remount", |at| {
        Ok(vec![format!("mount={}", at.disk.mount().display())])
    }),
};
