//! A server whose certificate is issued by an authority that is not installed on the machine.

use super::{Expected, Fault};
use crate::visited::{NEEDS, Visited};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "target-certificate-untrusted",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Visited::new(&["tls"])?),
};

const WRONG: Wrong<Visited> = Wrong {
    inject: |visited| {
        visited
            .web
            .shows(crate::web::Authority::new("Other CA")?.issue(visited.name(), 2090)?)
    },
    expect: |visited| {
        Expected::new(
            "net.target",
            visited.target(0),
            "critical",
            "unknown_authority",
        )
        .because("Other CA issued it")
    },
    cure: Way::Hand(|visited| {
        visited
            .web
            .shows(visited.authority.issue(visited.name(), 2090)?)
    }),
};
