//! A service that ends at once, is started anew and so never fails.

use anyhow::Result;

use super::{Case, Cure, Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::patient::Machine;
use crate::program::wait;

pub(super) const FAULT: Fault = Fault {
    id: "service-flaps",
    area: "service",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        let more = "Restart=always\nRestartSec=2500ms";
        guest.service(UNIT, "Scanner", PROGRAM, more)?;
        guest.run(&["systemctl", "enable", "--now", UNIT])?;
        Ok(Box::new(ServiceFlaps { guest }))
    },
};

const UNIT: &str = "scanner.service";
const PROGRAM: &str = "/bin/sh -c 'test -e /run/broken && exit 7; exec sleep infinity'";

struct ServiceFlaps {
    guest: Guest,
}

impl Case for ServiceFlaps {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.guest
    }

    fn inject(&mut self) -> Result<()> {
        self.guest.run(&["touch", "/run/broken"])?;
        self.guest.run(&["systemctl", "kill", UNIT])?;
        wait("some restarts", || {
            let shown = ["systemctl", "show", "--value", "--property=NRestarts", UNIT];
            let restarts: u32 = self.guest.run(&shown).ok()?.trim().parse().ok()?;
            (restarts > 3).then_some(())
        })
    }

    fn expect(&self) -> Expected {
        Expected::new("service.flapping", UNIT, "critical", "flaps").because("status 7")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        self.guest.run(&["rm", "/run/broken"])?;
        self.guest.run(&["systemctl", "restart", UNIT])?;
        // Else it is said to flap for another minute.
        self.guest
            .run(&["systemctl", "reset-failed", UNIT])
            .map(drop)
    }
}
