//! A way that swallows large packets without a word.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "large-packets-swallowed",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| office.forbid("netdev", "ingress", "meta length gt 1400 drop"),
    expect: |office| Expected::new("net.mtu", office.network.here(), "critical", "swallowed"),
    cure: Way::Hand(|office| office.allow("netdev")),
};
