//! An address of IPv6 and no way out for it.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "ipv6-without-path",
    area: "network",
    needs: NEEDS,
    make: || Office::case(WRONG),
};

const WRONG: Wrong = Wrong {
    inject: |office| {
        office
            .network
            .ip(&["address", "add", "2001:db8::5/64", "dev", "eth0", "nodad"])
    },
    mend: |office| {
        office
            .network
            .ip(&["address", "del", "2001:db8::5/64", "dev", "eth0"])
    },
    expect: |_| Expected::new("net.ipv6", "", "warning", "no_route"),
};
