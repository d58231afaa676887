//! A fan that stands still although it has to turn.

use super::{Expected, Fault};
use crate::recorded::{Recorded, SENSORS};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "fan-stopped",
    area: "hardware",
    needs: &[],
    make: || WRONG.at(Recorded::new(SENSORS)?),
};

const TURNS: &str = "/sys/class/hwmon/hwmon2/fan2_input";
const ALARM: &str = "/sys/class/hwmon/hwmon2/fan2_alarm";

const WRONG: Wrong<Recorded> = Wrong {
    inject: |at| {
        at.write(TURNS, "0\n")?;
        at.write(ALARM, "1\n")
    },
    expect: |_| {
        Expected::new(
            "hardware.temperature",
            "nct6775 fan2",
            "critical",
            "stopped",
        )
    },
    cure: Way::Hand(|at| {
        at.write(TURNS, "1120\n")?;
        at.write(ALARM, "0\n")
    }),
};
