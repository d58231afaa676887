//! A memory module with errors that its code cannot correct.

use super::{Expected, Fault};
use crate::recorded::Recorded;
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "memory-module-fails",
    area: "hardware",
    needs: &[],
    make: || {
        let machine = Recorded::new(&[
            (
                "/proc/meminfo",
                "MemTotal: 16000000 kB\nMemAvailable: 9000000 kB\n",
            ),
            ("/sys/devices/system/edac/mc/mc0/mc_name", "F17h\n"),
            (
                "/sys/devices/system/edac/mc/mc0/dimm0/dimm_label",
                "DIMM_A1\n",
            ),
            (
                "/sys/devices/system/edac/mc/mc0/dimm3/dimm_label",
                "DIMM_B2\n",
            ),
        ])?;
        counts(&machine, 0, 0)?;
        WRONG.at(machine)
    },
};

/// The module in B2 has made so many errors that were corrected, and that were not.
fn counts(machine: &Recorded, corrected: u32, uncorrected: u32) -> anyhow::Result<()> {
    for (module, corrected, uncorrected) in [("dimm0", 0, 0), ("dimm3", corrected, uncorrected)] {
        let folder = format!("/sys/devices/system/edac/mc/mc0/{module}");
        machine.write(
            &format!("{folder}/dimm_ce_count"),
            &format!("{corrected}\n"),
        )?;
        machine.write(
            &format!("{folder}/dimm_ue_count"),
            &format!("{uncorrected}\n"),
        )?;
    }
    let folder = "/sys/devices/system/edac/mc/mc0";
    machine.write(&format!("{folder}/ce_count"), &format!("{corrected}\n"))?;
    machine.write(&format!("{folder}/ue_count"), &format!("{uncorrected}\n"))
}

const WRONG: Wrong<Recorded> = Wrong {
    inject: |at| counts(at, 5120, 2),
    expect: |_| {
        Expected::new(
            "hardware.memory-errors",
            "DIMM_B2",
            "critical",
            "uncorrected",
        )
        .because("reseat")
    },
    cure: Way::Hand(|at| counts(at, 0, 0)),
};
