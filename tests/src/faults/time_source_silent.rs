//! A time server that answers nobody.

use super::{Expected, Fault};
use crate::timed::{NEEDS, Timed};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "time-source-silent",
    area: "time",
    needs: NEEDS,
    make: || WRONG.at(Timed::new()?),
};

const WRONG: Wrong<Timed> = Wrong {
    // A daemon that knew the time goes on for hours; one that is started anew knows nothing.
    inject: |at| {
        at.silence(true);
        at.stop()?;
        at.start(&at.server())
    },
    expect: |_| Expected::new("time.offset", "", "warning", "unsynchronised"),
    cure: Way::Hand(|at| {
        at.silence(false);
        at.stop()?;
        at.start_as_before()
    }),
};
