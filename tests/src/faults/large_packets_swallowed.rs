//! A way that swallows large packets without a word.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "large-packets-swallowed",
    area: "network",
    needs: NEEDS,
    make: || Office::case(WRONG),
};

const WRONG: Wrong = Wrong {
    inject: |office| office.forbid("netdev", "ingress", "meta length gt 1400 drop"),
    mend: |office| office.allow("netdev"),
    expect: |network| Expected::new("net.mtu", network.here(), "critical", "swallowed"),
};
