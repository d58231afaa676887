//! A process that has spun for hours on a machine that is slow for it.

use sonde_agent::recorder::Busy;

use super::{Expected, Fault};
use crate::recorded::Recorded;
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "processor-hogged",
    area: "process",
    needs: &[],
    make: || {
        let pressure = "some avg10=45.00 avg60=44.00 avg300=43.00 total=9\n";
        let machine = Recorded::new(&[("/proc/pressure/cpu", pressure)])?;
        spins(&machine, 120)?;
        WRONG.at(machine)
    },
};

/// At so many thousandths of a processor.
fn spins(machine: &Recorded, permille: u32) -> anyhow::Result<()> {
    machine.record(180, |_| {
        let process = Busy {
            pid: 815,
            name: "gnome-shell".into(),
            cpu_permille: permille,
            ..Busy::default()
        };
        (Vec::new(), vec![process])
    })
}

const WRONG: Wrong<Recorded> = Wrong {
    inject: |at| spins(at, 995),
    expect: |_| Expected::new("cpu.hog", "gnome-shell 815", "warning", "hog"),
    cure: Way::Hand(|at| spins(at, 120)),
};
