//! The way out of the local network is switched off.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "gateway-dead",
    area: "network",
    needs: NEEDS,
    make: || Office::case(WRONG),
};

const WRONG: Wrong = Wrong {
    inject: |office| {
        let here = format!("{}/30", office.network.here());
        office
            .network
            .outside(&["address", "del", &here, "dev", &office.network.interface()])
    },
    mend: |office| {
        let here = format!("{}/30", office.network.here());
        office
            .network
            .outside(&["address", "add", &here, "dev", &office.network.interface()])
    },
    expect: |network| Expected::new("net.gateway", network.here(), "critical", "silent"),
};
