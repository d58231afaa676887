//! Rules of the machine's own that let no question for a name out.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "firewall-forbids-names",
    area: "network",
    needs: NEEDS,
    make: || Office::case(WRONG),
};

const WRONG: Wrong = Wrong {
    inject: |office| {
        let rules = "table inet own { chain c { type filter hook output priority 0; meta l4proto { tcp, udp } th dport 53 drop; }; }";
        office.inside(&["nft", rules])
    },
    mend: |office| office.inside(&["nft", "delete", "table", "inet", "own"]),
    expect: |network| {
        Expected::new(
            "net.firewall",
            format!("{}:53", network.here()),
            "critical",
            "forbidden",
        )
    },
};
