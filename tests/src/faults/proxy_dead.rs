//! A proxy that is set and does not run.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "proxy-dead",
    area: "network",
    needs: NEEDS,
    make: || Office::case(WRONG),
};

const WRONG: Wrong = Wrong {
    inject: |office| {
        let text = format!("http_proxy=http://{}:3128\n", office.network.here());
        office.network.write("environment", &text)
    },
    mend: |office| office.network.write("environment", ""),
    expect: |network| {
        Expected::new(
            "net.proxy",
            format!("{}:3128", network.here()),
            "critical",
            "refused",
        )
    },
};
