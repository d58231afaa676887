//! A network interface that is switched off.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "interface-off",
    area: "network",
    needs: NEEDS,
    make: || Office::case(WRONG),
};

const WRONG: Wrong = Wrong {
    inject: |office| office.network.ip(&["link", "set", "eth0", "down"]),
    mend: |office| {
        office.network.ip(&["link", "set", "eth0", "up"])?;
        let here = office.network.here().to_owned();
        office
            .network
            .ip(&["route", "replace", "default", "via", &here])
    },
    expect: |_| Expected::new("net.link", "", "critical", "off"),
};
