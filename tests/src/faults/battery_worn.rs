//! A notebook's battery that holds less than half of what it was made for.

use super::{Expected, Fault};
use crate::recorded::Recorded;
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "battery-worn",
    area: "hardware",
    needs: &[],
    make: || {
        WRONG.at(Recorded::new(&[
            ("/sys/class/power_supply/AC/type", "Mains\n"),
            ("/sys/class/power_supply/BAT0/type", "Battery\n"),
            ("/sys/class/power_supply/BAT0/present", "1\n"),
            ("/sys/class/power_supply/BAT0/model_name", "5B10W13930\n"),
            ("/sys/class/power_supply/BAT0/cycle_count", "871\n"),
            (
                "/sys/class/power_supply/BAT0/energy_full_design",
                "51000000\n",
            ),
            (FULL, WELL),
        ])?)
    },
};

const FULL: &str = "/sys/class/power_supply/BAT0/energy_full";
const WELL: &str = "47310000\n";

const WRONG: Wrong<Recorded> = Wrong {
    inject: |at| at.write(FULL, "21930000\n"),
    expect: |_| Expected::new("hardware.battery", "BAT0", "warning", "worn").because("871 times"),
    cure: Way::Hand(|at| at.write(FULL, WELL)),
};
