//! A line of /etc/hosts that leads the machine's own name elsewhere.

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "hosts-entry-of-localhost",
    area: "network",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        std::fs::write(guest.path("/etc/hosts"), RIGHT)?;
        WRONG.at(guest)
    },
};

const RIGHT: &str = "127.0.0.1 localhost\n";

const WRONG: Wrong<Guest> = Wrong {
    inject: |guest| {
        let hosts = format!("203.0.113.9 localhost\n{RIGHT}");
        Ok(std::fs::write(guest.path("/etc/hosts"), hosts)?)
    },
    expect: |_| Expected::new("net.hosts", "localhost", "critical", "localhost"),
    cure: Way::Action("net.hosts-remove", |_| {
        Ok(vec!["name=localhost".into(), "address=203.0.113.9".into()])
    }),
};
