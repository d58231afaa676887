//! A better default route that leads to a machine that is not there.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "route-into-nowhere",
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
        let nowhere = [
            "default",
            "via",
            "203.0.113.1",
            "dev",
            "eth0",
            "onlink",
            "metric",
            "50",
        ];
        office
            .network
            .ip(&[&["route", "add"], &nowhere[..]].concat())
    },
    expect: |_| {
        Expected::new("net.route", "IPv4", "critical", "shadowed").because("does not answer")
    },
    cure: Way::Hand(|office| {
        office
            .network
            .ip(&["route", "del", "default", "via", "203.0.113.1"])
    }),
};
