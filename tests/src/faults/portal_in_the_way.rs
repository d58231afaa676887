//! A portal that answers in everybody's place until one has signed in, as those of hotels do.

use super::{Expected, Fault};
use crate::visited::{NEEDS, Visited};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "portal-in-the-way",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Visited::new(&["http"])?),
};

const WRONG: Wrong<Visited> = Wrong {
    inject: |visited| {
        visited
            .web
            .answers("302 Found\r\nLocation: http://login.hotel.test/?from=here");
        Ok(())
    },
    expect: |visited| Expected::new("net.target", visited.target(0), "critical", "portal"),
    cure: Way::Hand(|visited| {
        visited.web.answers("200 OK");
        Ok(())
    }),
};
