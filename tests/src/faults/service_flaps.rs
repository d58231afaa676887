//! A service that ends at once, is started anew and so never fails.

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::program::wait;
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "service-flaps",
    area: "service",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        let more = "Restart=always\nRestartSec=2500ms";
        guest.service(UNIT, "Scanner", PROGRAM, more)?;
        guest.run(&["systemctl", "enable", "--now", UNIT])?;
        WRONG.at(guest)
    },
};

const UNIT: &str = "scanner.service";
const PROGRAM: &str = "/bin/sh -c 'test -e /run/broken && exit 7; exec sleep infinity'";

const WRONG: Wrong<Guest> = Wrong {
    inject: |guest| {
        guest.run(&["touch", "/run/broken"])?;
        guest.run(&["systemctl", "kill", UNIT])?;
        wait("some restarts", || {
            let shown = ["systemctl", "show", "--value", "--property=NRestarts", UNIT];
            let restarts: u32 = guest.run(&shown).ok()?.trim().parse().ok()?;
            (restarts > 3).then_some(())
        })
    },
    expect: |_| Expected::new("service.flapping", UNIT, "critical", "flaps").because("status 7"),
    cure: Way::Hand(|guest| {
        guest.run(&["rm", "/run/broken"])?;
        guest.run(&["systemctl", "restart", UNIT])?;
        // Else it is said to flap for another minute.
        guest.run(&["systemctl", "reset-failed", UNIT]).map(drop)
    }),
};
