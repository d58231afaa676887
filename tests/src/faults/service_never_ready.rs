//! A service that takes longer to start than the service manager waits.

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::program::wait;
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "service-never-ready",
    area: "service",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        let more = "Type=notify\nTimeoutStartSec=1";
        guest.service(UNIT, "Accounting", "/bin/sleep infinity", more)?;
        guest.run(&["systemctl", "enable", UNIT])?;
        WRONG.at(guest)
    },
};

const UNIT: &str = "accounting.service";

const WRONG: Wrong<Guest> = Wrong {
    inject: |guest| {
        guest.run(&["systemctl", "start", "--no-block", UNIT])?;
        wait("the end of the service", || guest.has_state(UNIT, "failed"))
    },
    expect: |_| Expected::new("service.failed", UNIT, "critical", "failed").because("too long"),
    cure: Way::Hand(|guest| guest.run(&["systemctl", "reset-failed", UNIT]).map(drop)),
};
