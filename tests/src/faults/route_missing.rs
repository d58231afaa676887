//! No way out of the local network.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "route-missing",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| office.network.ip(&["route", "del", "default"]),
    expect: |_| Expected::new("net.route", "", "critical", "none"),
    cure: Way::Action("net.route-set", |office| {
        let gateway = format!("gateway={}", office.network.here());
        Ok(vec!["interface=eth0".into(), gateway])
    }),
};
