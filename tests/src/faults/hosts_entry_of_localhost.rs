//! A line of /etc/hosts that leads the machine's own name elsewhere.

use super::{Expected, Fault};
use crate::office::{NEEDS, Office};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "hosts-entry-of-localhost",
    area: "network",
    needs: NEEDS,
    make: || WRONG.at(Office::new()?),
};

const WRONG: Wrong<Office> = Wrong {
    inject: |office| office.network.write("hosts", "203.0.113.9 localhost\n"),
    expect: |_| Expected::new("net.hosts", "localhost", "critical", "localhost"),
    cure: Way::Hand(|office| office.network.write("hosts", "127.0.0.1 localhost\n")),
};
