//! A processor at the end of what it stands.

use super::{Expected, Fault};
use crate::recorded::{Recorded, SENSORS};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "processor-hot",
    area: "hardware",
    needs: &[],
    make: || WRONG.at(Recorded::new(SENSORS)?),
};

const PACKAGE: &str = "/sys/class/hwmon/hwmon1/temp1_input";

const WRONG: Wrong<Recorded> = Wrong {
    inject: |at| at.write(PACKAGE, "101000\n"),
    expect: |_| {
        Expected::new(
            "hardware.temperature",
            "coretemp Package id 0",
            "critical",
            "hot",
        )
        .because("Dust")
    },
    cure: Way::Hand(|at| at.write(PACKAGE, "52000\n")),
};
