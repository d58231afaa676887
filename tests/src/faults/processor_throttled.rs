//! A processor that is slowed down for heat a third of the time, and the reason: it is too hot.

use super::{Expected, Fault};
use crate::recorded::{Recorded, SENSORS};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "processor-throttled",
    area: "hardware",
    needs: &[],
    make: || {
        let machine = Recorded::new(SENSORS)?;
        machine.write("/proc/uptime", "36000.00 50000.00\n")?;
        machine.write(TIMES, "12\n")?;
        machine.write(SLOWED, "900\n")?;
        WRONG.at(machine)
    },
};

const TIMES: &str = "/sys/devices/system/cpu/cpu0/thermal_throttle/package_throttle_count";
const SLOWED: &str = "/sys/devices/system/cpu/cpu0/thermal_throttle/package_throttle_total_time_ms";

const WRONG: Wrong<Recorded> = Wrong {
    inject: |at| {
        at.write(TIMES, "48210\n")?;
        at.write(SLOWED, "12100000\n")
    },
    expect: |_| {
        Expected::new("hardware.throttling", "", "critical", "often")
            .because("cooling does not suffice")
    },
    cure: Way::Hand(|at| {
        at.write(TIMES, "12\n")?;
        at.write(SLOWED, "900\n")
    }),
};
