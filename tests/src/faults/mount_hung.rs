//! A mount whose program has stopped: whoever looks into it waits.

use super::{Expected, Fault};
use crate::patient::{Here, Machine, With};
use crate::program::{Running, output};
use crate::wrong::{Place, Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "mount-hung",
    area: "disk",
    needs: &[("fuse2fs", "fuse2fs")],
    make: || {
        let machine = Here::apart(
            "cd \"$(mktemp -d)\"; truncate -s 16M image; mkfs.ext4 -q image\n\
             mkdir -p /mnt; mount -t tmpfs tmpfs /mnt; mkdir /mnt/share\n\
             fuse2fs image /mnt/share -o allow_other >/dev/null 2>&1",
        )?;
        WRONG.at(Share(machine))
    },
};

struct Share(With<Running>);

impl Share {
    fn signal(&self, how: &str) -> anyhow::Result<()> {
        output(&mut self.0.command(&["pkill", how, "-x", "fuse2fs"])).map(drop)
    }
}

impl Place for Share {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.0
    }
}

const WRONG: Wrong<Share> = Wrong {
    inject: |at| at.signal("-STOP"),
    expect: |_| {
        Expected::new("mount.hung", "/mnt/share", "critical", "hung").because("program behind it")
    },
    cure: Way::Hand(|at| at.signal("-CONT")),
};
