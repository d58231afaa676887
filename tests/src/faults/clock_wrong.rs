//! A clock that is five minutes behind.

use super::{Expected, Fault};
use crate::timed::{NEEDS, Timed};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "clock-wrong",
    area: "time",
    needs: NEEDS,
    make: || WRONG.at(Timed::new()?),
};

const WRONG: Wrong<Timed> = Wrong {
    // To the daemon it is one whether this clock or the server's is wrong.
    inject: |at| at.set_ahead(300),
    expect: |_| Expected::new("time.offset", "", "critical", "wrong"),
    cure: Way::Hand(|at| at.set_ahead(0)),
};
