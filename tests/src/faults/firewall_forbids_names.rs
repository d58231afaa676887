//! Rules of the machine's own that let no question for a name out.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "firewall-forbids-names",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| {
        let rules = "table inet own { chain c { type filter hook output priority 0; meta l4proto { tcp, udp } th dport 53 drop; }; }";
        office.inside(&["nft", rules])
    },
    expect: |office| {
        Expected::new(
            "net.firewall",
            format!("{}:53", office.network.here()),
            "critical",
            "forbidden",
        )
    },
    cure: Way::Hand(|office| office.inside(&["nft", "delete", "table", "inet", "own"])),
};
