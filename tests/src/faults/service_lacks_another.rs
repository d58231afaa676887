//! A service that another, which is not there, keeps from starting: nothing shows as failed.

use anyhow::ensure;

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "service-lacks-another",
    area: "service",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        guest.service(NEEDED, "Database", "/bin/sleep infinity", "")?;
        let needs = format!("[Unit]\nRequires={NEEDED}\nAfter={NEEDED}");
        guest.service(UNIT, "Orders", "/bin/sleep infinity", &needs)?;
        guest.run(&["systemctl", "enable", "--now", UNIT])?;
        WRONG.at(guest)
    },
};

const UNIT: &str = "orders.service";
const NEEDED: &str = "orders-database.service";

const WRONG: Wrong<Guest> = Wrong {
    inject: |guest| {
        let unit = format!("/etc/systemd/system/{NEEDED}");
        guest.run(&["systemctl", "stop", UNIT, NEEDED])?;
        guest.run(&["mv", &unit, "/root"])?;
        guest.run(&["systemctl", "daemon-reload"])?;
        let started = guest.run(&["systemctl", "start", UNIT]);
        ensure!(started.is_err(), "it starts nevertheless");
        Ok(())
    },
    expect: |_| {
        Expected::new("service.masked-but-wanted", NEEDED, "critical", "needed")
            .because("There is no unit")
    },
    cure: Way::Hand(|guest| {
        let kept = format!("/root/{NEEDED}");
        guest.run(&["mv", &kept, "/etc/systemd/system"])?;
        guest.run(&["systemctl", "daemon-reload"])?;
        guest.run(&["systemctl", "start", UNIT]).map(drop)
    }),
};
