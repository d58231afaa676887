//! A process that grows by 500 MiB an hour, with 4 GiB left.

use sonde_agent::recorder::Busy;

use super::{Expected, Fault};
use crate::recorded::Recorded;
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "memory-leak",
    area: "memory",
    needs: &[],
    make: || {
        let machine = Recorded::new(&[(
            "/proc/meminfo",
            "MemTotal: 16000000 kB\nMemAvailable: 4194304 kB\n",
        )])?;
        grows(&machine, 0)?;
        WRONG.at(machine)
    },
};

/// By so many MiB an hour, from 800 MiB on.
fn grows(machine: &Recorded, mib: u64) -> anyhow::Result<()> {
    machine.record(240, |ago| {
        let minutes = 240 - ago as u64;
        let process = Busy {
            pid: 4711,
            name: "indexer".into(),
            resident_bytes: (800 << 20) + minutes * (mib << 20) / 60,
            cpu_permille: 30,
            ..Busy::default()
        };
        (Vec::new(), vec![process])
    })
}

const WRONG: Wrong<Recorded> = Wrong {
    inject: |at| grows(at, 500),
    expect: |_| {
        Expected::new("memory.growth", "indexer 4711", "warning", "grows")
            .because("does not give it back")
    },
    cure: Way::Hand(|at| grows(at, 0)),
};
