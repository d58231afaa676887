//! A gateway that loses every second packet.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "gateway-loses",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| {
        office.forbid(
            "inet",
            "input",
            "icmp type echo-request numgen inc mod 2 == 0 drop",
        )
    },
    expect: |office| Expected::new("net.gateway", office.network.here(), "warning", "loses"),
    cure: Way::Hand(|office| office.allow("inet")),
};
