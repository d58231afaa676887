//! A server that the machine's people need, whose certificate nobody has renewed.

use super::{Expected, Fault};
use crate::visited::{NEEDS, Visited};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "target-certificate-expired",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Visited::new(&["https"])?),
};

const WRONG: Wrong<Visited> = Wrong {
    inject: |visited| {
        visited
            .web
            .shows(visited.authority.issue(visited.name(), 2025)?)
    },
    expect: |visited| {
        Expected::new("net.target", visited.target(0), "critical", "expired")
            .because("nobody has renewed it")
    },
    cure: Way::Hand(|visited| {
        visited
            .web
            .shows(visited.authority.issue(visited.name(), 2090)?)
    }),
};
