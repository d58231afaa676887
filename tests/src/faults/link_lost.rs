//! A cable that is pulled.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "link-lost",
    area: "network",
    needs: NEEDS,
    make: || Office::case(WRONG),
};

const WRONG: Wrong = Wrong {
    inject: |office| {
        office
            .network
            .outside(&["link", "set", &office.network.interface(), "down"])
    },
    mend: |office| {
        office
            .network
            .outside(&["link", "set", &office.network.interface(), "up"])
    },
    expect: |_| Expected::new("net.link", "", "critical", "none").because("cable"),
};
