//! A file system full of logs that were put aside long ago.

use super::Fault;
use crate::machine::{Disk, OF_DISKS, file_of_days_ago};
use crate::patient::Here;
use crate::program::command;
use crate::wrong::{Way, WithDisk, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "disk-full-of-logs",
    area: "disk",
    needs: &[OF_DISKS],
    make: || {
        let disk = Disk::new(64)?;
        let mount = disk.mount();
        let machine = Here::part(move |arguments| {
            let mut inside = command("unshare");
            let own = "mount --bind \"$0\" /var/log && exec \"$@\"";
            inside.args(["--mount", "sh", "-c", own]);
            inside.arg(&mount).args(arguments);
            inside
        });
        WRONG.at(WithDisk::new(disk, machine))
    },
};

const WRONG: Wrong<WithDisk> = Wrong {
    inject: |at| {
        for n in 1..6 {
            let name = format!("mail.log.{n}");
            file_of_days_ago(&at.disk.mount().join(name), 8, 30)?;
        }
        at.disk.fill("mail.log").map(drop)
    },
    expect: |at| at.expect("disk.space", "critical", "full"),
    cure: Way::Action("logs.vacuum", |_| Ok(vec![])),
};
