//! A service whose program has ended with an error.

use anyhow::Result;

use super::{Case, Cure, Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::patient::Machine;
use crate::program::wait;

pub(super) const FAULT: Fault = Fault {
    id: "service-exited",
    area: "service",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        guest.service(UNIT, "Mail filter", PROGRAM, "")?;
        guest.run(&["systemctl", "enable", "--now", UNIT])?;
        Ok(Box::new(ServiceExited { guest }))
    },
};

const UNIT: &str = "filter.service";
/// One that a signal makes end with status 3.
const PROGRAM: &str = "/bin/sh -c 'trap \"exit 3\" USR1; while :; do sleep 600 & wait $!; done'";

struct ServiceExited {
    guest: Guest,
}

impl Case for ServiceExited {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.guest
    }

    fn inject(&mut self) -> Result<()> {
        self.guest.run(&[
            "systemctl",
            "kill",
            "--kill-who=main",
            "--signal=USR1",
            UNIT,
        ])?;
        wait("the end of the service", || {
            self.guest.has_state(UNIT, "failed")
        })
    }

    fn expect(&self) -> Expected {
        Expected::new("service.failed", UNIT, "critical", "failed").because("status 3")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Action(
            "service.restart",
            vec![format!("unit={UNIT}")],
        ))
    }
}
