//! An interface that takes smaller packets than the network needs.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "packets-too-small",
    area: "network",
    needs: NEEDS,
    make: || Office::case(WRONG),
};

const WRONG: Wrong = Wrong {
    inject: |office| office.network.ip(&["link", "set", "eth0", "mtu", "600"]),
    mend: |office| office.network.ip(&["link", "set", "eth0", "mtu", "1500"]),
    expect: |_| Expected::new("net.mtu", "eth0", "warning", "small"),
};
