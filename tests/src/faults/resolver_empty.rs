//! A machine that knows no name server.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "resolver-empty",
    area: "network",
    needs: NEEDS,
    make: || Office::case(WRONG),
};

const WRONG: Wrong = Wrong {
    inject: |office| office.network.write("resolv.conf", "# made by nobody\n"),
    mend: |office| {
        let text = format!("nameserver {}\n", office.network.here());
        office.network.write("resolv.conf", &text)
    },
    expect: |_| Expected::new("net.resolver", "", "critical", "empty"),
};
