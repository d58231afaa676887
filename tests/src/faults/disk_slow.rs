//! A disk that took 6 ms for a request all day, and takes 200 since a quarter of an hour.

use super::{Expected, Fault};
use crate::recorded::{Recorded, Sampled};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "disk-slow",
    area: "disk",
    needs: &[],
    make: || {
        let machine = Recorded::new(&[])?;
        takes(&machine, 6)?;
        WRONG.at(machine)
    },
};

/// So many milliseconds for each request of the last quarter of an hour.
fn takes(machine: &Recorded, ms: i64) -> anyhow::Result<()> {
    const REQUESTS: i64 = 300;
    machine.record(240, |ago| {
        let minutes = 240 - ago;
        let late = (minutes - 220).max(0);
        let spent_ms = REQUESTS * (6 * (minutes - late) + ms * late);
        let series = |name, scale, value| Sampled::new(name, "disk=sda", scale, value);
        let sampled = vec![
            series("disk.reads", 0, minutes * REQUESTS),
            series("disk.writes", 0, 0),
            series("disk.read_seconds", -3, spent_ms),
            series("disk.write_seconds", -3, 0),
        ];
        (sampled, Vec::new())
    })
}

const WRONG: Wrong<Recorded> = Wrong {
    inject: |at| takes(at, 200),
    expect: |_| Expected::new("disk.latency", "sda", "warning", "slow"),
    cure: Way::Hand(|at| takes(at, 6)),
};
