//! A service that ends again and again until the service manager gives it up.

use anyhow::Result;

use super::{Case, Cure, Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::patient::Machine;
use crate::program::wait;

pub(super) const FAULT: Fault = Fault {
    id: "service-gives-up",
    area: "service",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        let more = "Restart=always\nRestartSec=100ms";
        guest.service(UNIT, "Backup", PROGRAM, more)?;
        guest.run(&["systemctl", "enable", "--now", UNIT])?;
        Ok(Box::new(ServiceGivesUp { guest }))
    },
};

const UNIT: &str = "backup.service";
const PROGRAM: &str = "/bin/sh -c 'test ! -e /run/broken && exec sleep infinity'";

struct ServiceGivesUp {
    guest: Guest,
}

impl Case for ServiceGivesUp {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.guest
    }

    fn inject(&mut self) -> Result<()> {
        self.guest.run(&["touch", "/run/broken"])?;
        self.guest
            .run(&["systemctl", "kill", "--signal=KILL", UNIT])?;
        wait("the end of the service", || {
            self.guest.has_state(UNIT, "failed")
        })
    }

    fn expect(&self) -> Expected {
        Expected::new("service.failed", UNIT, "critical", "failed").because("any more")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        self.guest.run(&["rm", "/run/broken"])?;
        self.guest.run(&["systemctl", "reset-failed", UNIT])?;
        self.guest.run(&["systemctl", "start", UNIT]).map(drop)
    }
}
