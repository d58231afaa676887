//! The way out of the local network is switched off.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::program::wait;
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "gateway-dead",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| {
        let here = format!("{}/30", office.network.here());
        office
            .network
            .outside(&["address", "del", &here, "dev", &office.network.interface()])
    },
    expect: |office| Expected::new("net.gateway", office.network.here(), "critical", "silent"),
    cure: Way::Hand(|office| {
        let here = format!("{}/30", office.network.here());
        office
            .network
            .outside(&["address", "add", &here, "dev", &office.network.interface()])?;
        // The kernel asks for an address that did not answer once in a second.
        let ping = ["ping", "-c", "1", "-W", "1", office.network.here()];
        wait("the gateway", || office.inside(&ping).ok())
    }),
};
