//! A cable that is pulled.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "link-lost",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| {
        office
            .network
            .outside(&["link", "set", &office.network.interface(), "down"])
    },
    expect: |_| Expected::new("net.link", "", "critical", "none").because("cable"),
    cure: Way::Hand(|office| {
        office
            .network
            .outside(&["link", "set", &office.network.interface(), "up"])
    }),
};
