//! A machine that knows no name server.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "resolver-empty",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| office.network.write("resolv.conf", "# made by nobody\n"),
    expect: |_| Expected::new("net.resolver", "", "critical", "empty"),
    cure: Way::Hand(|office| {
        let text = format!("nameserver {}\n", office.network.here());
        office.network.write("resolv.conf", &text)
    }),
};
