//! An interface that has lost its address.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "address-missing",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| office.network.ip(&["address", "flush", "dev", "eth0"]),
    expect: |_| Expected::new("net.address", "eth0", "critical", "none"),
    cure: Way::Hand(|office| {
        let there = format!("{}/30", office.network.there());
        office
            .network
            .ip(&["address", "add", &there, "dev", "eth0"])?;
        let here = office.network.here().to_owned();
        office
            .network
            .ip(&["route", "add", "default", "via", &here])
    }),
};
