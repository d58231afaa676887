//! A server that shows another one's certificate.

use super::{Expected, Fault};
use crate::visited::{NEEDS, Visited};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "target-certificate-of-another",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Visited::new(&["https"])?),
};

const WRONG: Wrong<Visited> = Wrong {
    inject: |visited| {
        visited
            .web
            .shows(visited.authority.issue("mail.office.test", 2090)?)
    },
    expect: |visited| Expected::new("net.target", visited.target(0), "critical", "other_name"),
    cure: Way::Hand(|visited| {
        visited
            .web
            .shows(visited.authority.issue(visited.name(), 2090)?)
    }),
};
