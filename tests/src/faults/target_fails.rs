//! A server that answers that what it serves has failed.

use super::{Expected, Fault};
use crate::visited::{NEEDS, Visited};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "target-fails",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Visited::new(&["https"])?),
};

const WRONG: Wrong<Visited> = Wrong {
    inject: |visited| {
        visited.web.answers("503 Service Unavailable");
        Ok(())
    },
    expect: |visited| Expected::new("net.target", visited.target(0), "critical", "server_error"),
    cure: Way::Hand(|visited| {
        visited.web.answers("200 OK");
        Ok(())
    }),
};
