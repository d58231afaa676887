//! A file system of /etc/fstab that is not mounted.

use super::{Expected, Fault};
use crate::machine::{Disk, OF_DISKS};
use crate::patient::{Here, Machine, With};
use crate::program::{Running, output};
use crate::wrong::{Place, Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "disk-not-mounted",
    area: "disk",
    needs: &[OF_DISKS],
    make: || {
        let disk = Disk::new(16)?;
        let fstab = disk.fstab("defaults")?;
        let script = format!("mount --bind {} /etc/fstab", fstab.path().display());
        WRONG.at(Apart {
            machine: Here::apart(&script)?,
            mount: disk.mount().display().to_string(),
            _disk: disk,
        })
    },
};

/// A machine with mounts of its own. What is unmounted there stays mounted here, so that the device keeps its image.
struct Apart {
    machine: With<Running>,
    mount: String,
    _disk: Disk,
}

impl Place for Apart {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.machine
    }
}

const WRONG: Wrong<Apart> = Wrong {
    inject: |at| output(&mut at.machine.command(&["umount", &at.mount])).map(drop),
    expect: |at| Expected::new("mount.missing", &at.mount, "critical", "missing"),
    cure: Way::Action("mount.mount", |at| Ok(vec![format!("mount={}", at.mount)])),
};
