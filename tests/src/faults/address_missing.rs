//! An interface that has lost its address.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "address-missing",
    area: "network",
    needs: NEEDS,
    make: || Office::case(WRONG),
};

const WRONG: Wrong = Wrong {
    inject: |office| office.network.ip(&["address", "flush", "dev", "eth0"]),
    mend: |office| {
        let there = format!("{}/30", office.network.there());
        office
            .network
            .ip(&["address", "add", &there, "dev", "eth0"])?;
        let here = office.network.here().to_owned();
        office
            .network
            .ip(&["route", "add", "default", "via", &here])
    },
    expect: |_| Expected::new("net.address", "eth0", "critical", "none"),
};
