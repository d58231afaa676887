//! No way out of the local network.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "route-missing",
    area: "network",
    needs: NEEDS,
    make: || Office::case(WRONG),
};

const WRONG: Wrong = Wrong {
    inject: |office| office.network.ip(&["route", "del", "default"]),
    mend: |office| {
        let here = office.network.here().to_owned();
        office
            .network
            .ip(&["route", "add", "default", "via", &here])
    },
    expect: |_| Expected::new("net.route", "", "critical", "none"),
};
