//! A service that takes longer to start than the service manager waits.

use anyhow::Result;

use super::{Case, Cure, Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::patient::Machine;
use crate::program::wait;

pub(super) const FAULT: Fault = Fault {
    id: "service-never-ready",
    area: "service",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        let more = "Type=notify\nTimeoutStartSec=1";
        guest.service(UNIT, "Accounting", "/bin/sleep infinity", more)?;
        guest.run(&["systemctl", "enable", UNIT])?;
        Ok(Box::new(ServiceNeverReady { guest }))
    },
};

const UNIT: &str = "accounting.service";

struct ServiceNeverReady {
    guest: Guest,
}

impl Case for ServiceNeverReady {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.guest
    }

    fn inject(&mut self) -> Result<()> {
        self.guest
            .run(&["systemctl", "start", "--no-block", UNIT])?;
        wait("the end of the service", || {
            self.guest.has_state(UNIT, "failed")
        })
    }

    fn expect(&self) -> Expected {
        Expected::new("service.failed", UNIT, "critical", "failed").because("too long")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        self.guest
            .run(&["systemctl", "reset-failed", UNIT])
            .map(drop)
    }
}
