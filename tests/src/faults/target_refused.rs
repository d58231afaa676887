//! A service that is down on a machine that answers, in a network that works.

use super::{Expected, Fault};
use crate::visited::{NEEDS, Visited};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "target-refused",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Visited::new(&["tcp"])?),
};

const WRONG: Wrong<Visited> = Wrong {
    inject: |visited| visited.web.stops(),
    expect: |visited| Expected::new("net.target", visited.target(0), "critical", "refused"),
    cure: Way::Hand(|visited| visited.web.goes_on()),
};
