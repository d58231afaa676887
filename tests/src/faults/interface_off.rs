//! A network interface that is switched off.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "interface-off",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| office.network.ip(&["link", "set", "eth0", "down"]),
    expect: |_| Expected::new("net.link", "", "critical", "off"),
    cure: Way::Hand(|office| {
        office.network.ip(&["link", "set", "eth0", "up"])?;
        let here = office.network.here().to_owned();
        office
            .network
            .ip(&["route", "replace", "default", "via", &here])
    }),
};
