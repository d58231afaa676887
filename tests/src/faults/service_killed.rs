//! A service that was killed, on a machine under systemd.

use anyhow::Result;

use super::{Case, Cure, Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::patient::Machine;
use crate::program::wait;

pub(super) const FAULT: Fault = Fault {
    id: "service-killed",
    area: "service",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        guest.service(UNIT, "Label printing", "/bin/sleep infinity", "")?;
        guest.run(&["systemctl", "enable", "--now", UNIT])?;
        Ok(Box::new(ServiceKilled { guest }))
    },
};

const UNIT: &str = "labels.service";

struct ServiceKilled {
    guest: Guest,
}

impl Case for ServiceKilled {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.guest
    }

    fn inject(&mut self) -> Result<()> {
        self.guest
            .run(&["systemctl", "kill", "--signal=KILL", UNIT])?;
        wait("the end of the service", || {
            self.guest.has_state(UNIT, "failed")
        })
    }

    fn expect(&self) -> Expected {
        Expected::new("service.failed", UNIT, "critical", "failed").because("signal 9")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Action(
            "service.restart",
            vec![format!("unit={UNIT}")],
        ))
    }
}
