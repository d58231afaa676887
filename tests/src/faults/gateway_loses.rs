//! A gateway that loses every second packet.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "gateway-loses",
    area: "network",
    needs: NEEDS,
    make: || Office::case(WRONG),
};

const WRONG: Wrong = Wrong {
    inject: |office| {
        office.forbid(
            "inet",
            "input",
            "icmp type echo-request numgen inc mod 2 == 0 drop",
        )
    },
    mend: |office| office.allow("inet"),
    expect: |network| Expected::new("net.gateway", network.here(), "warning", "loses"),
};
