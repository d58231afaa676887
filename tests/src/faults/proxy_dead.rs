//! A proxy that is set and does not run.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "proxy-dead",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| {
        let text = format!("http_proxy=http://{}:3128\n", office.network.here());
        office.network.write("environment", &text)
    },
    expect: |office| {
        Expected::new(
            "net.proxy",
            format!("{}:3128", office.network.here()),
            "critical",
            "refused",
        )
    },
    cure: Way::Hand(|office| office.network.write("environment", "")),
};
