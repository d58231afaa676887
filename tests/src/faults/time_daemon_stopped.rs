//! A machine whose time daemon has ended.

use super::{Expected, Fault};
use crate::timed::{NEEDS, Timed};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "time-daemon-stopped",
    area: "time",
    needs: NEEDS,
    make: || WRONG.at(Timed::new()?),
};

const WRONG: Wrong<Timed> = Wrong {
    inject: |at| at.stop(),
    expect: |_| Expected::new("time.daemon", "", "warning", "none"),
    cure: Way::Hand(|at| at.start_as_before()),
};
