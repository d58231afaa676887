//! A disk that loses 5 GiB an hour, steadily, for hours.

use super::{Expected, Fault};
use crate::recorded::{Recorded, Sampled};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "disk-fills-up",
    area: "disk",
    needs: &[],
    make: || {
        let machine = Recorded::new(&[
            (
                "/proc/self/mountinfo",
                "1 0 8:1 / /srv rw - ext4 /dev/sda1 rw\n",
            ),
            ("/srv/letter", ""),
        ])?;
        loses(&machine, 0)?;
        WRONG.at(machine)
    },
};

const GIB: i64 = 1 << 30;

/// Of 60 GiB that were free four hours ago, so much every minute since, with what comes and goes.
fn loses(machine: &Recorded, bytes: i64) -> anyhow::Result<()> {
    machine.record(240, |ago| {
        let breath = (ago % 7) * (3 << 20);
        let free = 60 * GIB - (240 - ago) * bytes - breath;
        (
            vec![Sampled::new("disk.available_bytes", "mount=/srv", 0, free)],
            Vec::new(),
        )
    })
}

const WRONG: Wrong<Recorded> = Wrong {
    inject: |at| loses(at, 5 * GIB / 60),
    expect: |_| Expected::new("disk.fill-forecast", "/srv", "warning", "fills"),
    cure: Way::Hand(|at| loses(at, 0)),
};
