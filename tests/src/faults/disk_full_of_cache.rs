//! A file system full of packages that were downloaded and installed long ago.

use super::Fault;
use crate::machine::{ARCHIVES, Disk, OF_DISKS, old_file, with_own_cache};
use crate::patient::Here;
use crate::wrong::{Way, WithDisk, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "disk-full-of-cache",
    area: "disk",
    needs: &[OF_DISKS],
    make: || {
        let disk = Disk::new(64)?;
        let mount = disk.mount();
        let machine = Here::part(move |arguments| with_own_cache(ARCHIVES, &mount, arguments));
        WRONG.at(WithDisk::new(disk, machine))
    },
};

const WRONG: Wrong<WithDisk> = Wrong {
    inject: |at| {
        for n in 0..5 {
            let name = format!("package_{n}_all.deb");
            old_file(&at.disk.mount().join(name), 8)?;
        }
        at.disk.fill("something").map(drop)
    },
    expect: |at| at.expect("disk.space", "critical", "full"),
    cure: Way::Action("disk.clean", |_| Ok(vec![])),
};
