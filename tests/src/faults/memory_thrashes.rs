//! A machine that swaps all the time: what it works with is larger than its memory.

use super::{Expected, Fault};
use crate::recorded::{Recorded, Sampled};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "memory-thrashes",
    area: "memory",
    needs: &[],
    make: || {
        let machine = Recorded::new(&[
            (
                "/proc/meminfo",
                "MemTotal: 8000000 kB\nMemAvailable: 900000 kB\nSwapTotal: 8000000 kB\nSwapFree: 2000000 kB\n",
            ),
            (PRESSURE, CALM),
        ])?;
        machine.record(60, |ago| {
            let swapped = (60 - ago) * (20 << 20) * 60;
            let series = |name| Sampled::new(name, "", 0, swapped);
            (
                vec![series("swap.in_bytes"), series("swap.out_bytes")],
                Vec::new(),
            )
        })?;
        WRONG.at(machine)
    },
};

const PRESSURE: &str = "/proc/pressure/memory";
/// Swapped, and nobody waits for it.
const CALM: &str = "some avg10=0.10 avg60=0.20 avg300=0.20 total=9\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=3\n";
const THRASHES: &str = "some avg10=61.00 avg60=58.00 avg300=55.00 total=9\nfull avg10=8.00 avg60=8.00 avg300=7.00 total=3\n";

const WRONG: Wrong<Recorded> = Wrong {
    inject: |at| at.write(PRESSURE, THRASHES),
    expect: |_| {
        Expected::new("memory.swap", "", "critical", "thrashes").because("larger than the memory")
    },
    cure: Way::Hand(|at| at.write(PRESSURE, CALM)),
};
