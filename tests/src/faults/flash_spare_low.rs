//! A solid-state disk whose spare memory is used up.

use super::{Expected, Fault};
use crate::recorded::{Recorded, nvme};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "flash-spare-low",
    area: "hardware",
    needs: &[],
    make: || {
        let machine = Recorded::new(&[("/sys/block/nvme0n1/size", "1000215216\n")])?;
        nvme(&machine, 100, 12, 0)?;
        WRONG.at(machine)
    },
};

const WRONG: Wrong<Recorded> = Wrong {
    inject: |at| nvme(at, 8, 12, 0),
    expect: |_| Expected::new("disk.health", "nvme0n1", "critical", "spare").because("S4DXNX0R"),
    cure: Way::Hand(|at| nvme(at, 100, 12, 0)),
};
