//! A service that ends again and again until the service manager gives it up.

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::program::wait;
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "service-gives-up",
    area: "service",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        let more = "Restart=always\nRestartSec=100ms";
        guest.service(UNIT, "Backup", PROGRAM, more)?;
        guest.run(&["systemctl", "enable", "--now", UNIT])?;
        WRONG.at(guest)
    },
};

const UNIT: &str = "backup.service";
const PROGRAM: &str = "/bin/sh -c 'test ! -e /run/broken && exec sleep infinity'";

const WRONG: Wrong<Guest> = Wrong {
    inject: |guest| {
        guest.run(&["touch", "/run/broken"])?;
        guest.run(&["systemctl", "kill", "--signal=KILL", UNIT])?;
        wait("the end of the service", || guest.has_state(UNIT, "failed"))
    },
    expect: |_| Expected::new("service.failed", UNIT, "critical", "failed").because("any more"),
    cure: Way::Hand(|guest| {
        guest.run(&["rm", "/run/broken"])?;
        guest.run(&["systemctl", "reset-failed", UNIT])?;
        guest.run(&["systemctl", "start", UNIT]).map(drop)
    }),
};
