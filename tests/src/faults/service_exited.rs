//! A service whose program has ended with an error.

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::program::wait;
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "service-exited",
    area: "service",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        guest.service(UNIT, "Mail filter", PROGRAM, "")?;
        guest.run(&["systemctl", "enable", "--now", UNIT])?;
        WRONG.at(guest)
    },
};

const UNIT: &str = "filter.service";
/// One that a signal makes end with status 3.
const PROGRAM: &str = "/bin/sh -c 'trap \"exit 3\" USR1; while :; do sleep 600 & wait $!; done'";

const WRONG: Wrong<Guest> = Wrong {
    inject: |guest| {
        let kill = [
            "systemctl",
            "kill",
            "--kill-who=main",
            "--signal=USR1",
            UNIT,
        ];
        wait("the end of the service", || {
            // A shell that is about to wait does not notice a signal.
            guest.run(&kill).ok();
            guest.has_state(UNIT, "failed")
        })
    },
    expect: |_| Expected::new("service.failed", UNIT, "critical", "failed").because("status 3"),
    cure: Way::Action("service.restart", |_| Ok(vec![format!("unit={UNIT}")])),
};
