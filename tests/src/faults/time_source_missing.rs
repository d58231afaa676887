//! A time daemon that nobody has told whom to ask.

use super::{Expected, Fault};
use crate::timed::{NEEDS, Timed};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "time-source-missing",
    area: "time",
    needs: NEEDS,
    make: || WRONG.at(Timed::new()?),
};

const WRONG: Wrong<Timed> = Wrong {
    inject: |at| {
        at.stop()?;
        at.start("")
    },
    expect: |_| {
        Expected::new("time.daemon", "", "warning", "sourceless").because("names no server")
    },
    cure: Way::Hand(|at| {
        at.stop()?;
        at.start_as_before()
    }),
};
