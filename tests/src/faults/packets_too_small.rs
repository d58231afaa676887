//! An interface that takes smaller packets than the network needs.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "packets-too-small",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| office.network.ip(&["link", "set", "eth0", "mtu", "600"]),
    expect: |_| Expected::new("net.mtu", "eth0", "warning", "small"),
    cure: Way::Hand(|office| office.network.ip(&["link", "set", "eth0", "mtu", "1500"])),
};
