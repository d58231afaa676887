//! A default route that swallows everything.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "route-black-hole",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| {
        let here = office.network.here().to_owned();
        office.network.ip(&["route", "del", "default"])?;
        office
            .network
            .ip(&["route", "add", "default", "via", &here, "metric", "100"])?;
        office
            .network
            .ip(&["route", "add", "blackhole", "default", "metric", "5"])
    },
    expect: |_| Expected::new("net.route", "IPv4", "critical", "forbidden"),
    cure: Way::Hand(|office| {
        office
            .network
            .ip(&["route", "del", "blackhole", "default", "metric", "5"])
    }),
};
