//! Questions to the name server are swallowed on the way.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "name-server-silent",
    area: "network",
    needs: NEEDS,
    make: || Office::case(WRONG),
};

const WRONG: Wrong = Wrong {
    inject: |office| {
        office.forbid(
            "inet",
            "input",
            "meta l4proto { tcp, udp } th dport 53 drop",
        )
    },
    mend: |office| office.allow("inet"),
    expect: |network| Expected::new("net.dns", network.here(), "critical", "silent"),
};
