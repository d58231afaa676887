//! A mirror of two disks of which one has failed.

use super::{Expected, Fault};
use crate::recorded::Recorded;
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "array-degraded",
    area: "disk",
    needs: &[],
    make: || WRONG.at(Recorded::new(&[(MDSTAT, WELL)])?),
};

const MDSTAT: &str = "/proc/mdstat";
const WELL: &str = "Personalities : [raid1]\nmd0 : active raid1 sdb1[1] sda1[0]\n      \
                    976630464 blocks super 1.2 [2/2] [UU]\n      bitmap: 2/8 pages [8KB], 65536KB chunk\n\nunused devices: <none>\n";
const DEGRADED: &str = "Personalities : [raid1]\nmd0 : active raid1 sdb1[1](F) sda1[0]\n      \
                        976630464 blocks super 1.2 [2/1] [U_]\n      bitmap: 5/8 pages [20KB], 65536KB chunk\n\nunused devices: <none>\n";

const WRONG: Wrong<Recorded> = Wrong {
    inject: |at| at.write(MDSTAT, DEGRADED),
    expect: |_| Expected::new("disk.raid", "md0", "critical", "degraded").because("sdb1 failed"),
    cure: Way::Hand(|at| at.write(MDSTAT, WELL)),
};
