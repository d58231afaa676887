//! Questions to the name server are swallowed on the way.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "name-server-silent",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| {
        office.forbid(
            "inet",
            "input",
            "meta l4proto { tcp, udp } th dport 53 drop",
        )
    },
    expect: |office| Expected::new("net.dns", office.network.here(), "critical", "silent"),
    cure: Way::Hand(|office| office.allow("inet")),
};
