//! A service that was killed, on a machine under systemd.

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::program::wait;
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "service-killed",
    area: "service",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        guest.service(UNIT, "Label printing", "/bin/sleep infinity", "")?;
        guest.run(&["systemctl", "enable", "--now", UNIT])?;
        WRONG.at(guest)
    },
};

const UNIT: &str = "labels.service";

const WRONG: Wrong<Guest> = Wrong {
    inject: |guest| {
        guest.run(&["systemctl", "kill", "--signal=KILL", UNIT])?;
        wait("the end of the service", || guest.has_state(UNIT, "failed"))
    },
    expect: |_| Expected::new("service.failed", UNIT, "critical", "failed").because("signal 9"),
    cure: Way::Action("service.restart", |_| Ok(vec![format!("unit={UNIT}")])),
};
