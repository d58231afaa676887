//! An address of IPv6 and no way out for it.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "ipv6-without-path",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| {
        office
            .network
            .ip(&["address", "add", "2001:db8::5/64", "dev", "eth0", "nodad"])
    },
    expect: |_| Expected::new("net.ipv6", "", "warning", "no_route"),
    cure: Way::Hand(|office| {
        office
            .network
            .ip(&["address", "del", "2001:db8::5/64", "dev", "eth0"])
    }),
};
