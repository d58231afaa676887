//! A better default route that leads to a machine that is not there.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "route-into-nowhere",
    area: "network",
    needs: NEEDS,
    make: || Office::case(WRONG),
};

const WRONG: Wrong = Wrong {
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
    mend: |office| {
        office
            .network
            .ip(&["route", "del", "default", "via", "203.0.113.1"])
    },
    expect: |_| {
        Expected::new("net.route", "IPv4", "critical", "shadowed").because("does not answer")
    },
};
