//! A service that another, which is not there, keeps from starting: nothing shows as failed.

use anyhow::{Result, ensure};

use super::{Case, Cure, Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::patient::Machine;

pub(super) const FAULT: Fault = Fault {
    id: "service-lacks-another",
    area: "service",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        guest.service(NEEDED, "Database", "/bin/sleep infinity", "")?;
        let needs = format!("[Unit]\nRequires={NEEDED}\nAfter={NEEDED}");
        guest.service(UNIT, "Orders", "/bin/sleep infinity", &needs)?;
        guest.run(&["systemctl", "enable", "--now", UNIT])?;
        Ok(Box::new(ServiceLacksAnother { guest }))
    },
};

const UNIT: &str = "orders.service";
const NEEDED: &str = "orders-database.service";

struct ServiceLacksAnother {
    guest: Guest,
}

impl Case for ServiceLacksAnother {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.guest
    }

    fn inject(&mut self) -> Result<()> {
        let unit = format!("/etc/systemd/system/{NEEDED}");
        self.guest.run(&["systemctl", "stop", UNIT, NEEDED])?;
        self.guest.run(&["mv", &unit, "/root"])?;
        self.guest.run(&["systemctl", "daemon-reload"])?;
        let started = self.guest.run(&["systemctl", "start", UNIT]);
        ensure!(started.is_err(), "it starts nevertheless");
        Ok(())
    }

    fn expect(&self) -> Expected {
        Expected::new("service.masked-but-wanted", NEEDED, "critical", "needed")
            .because("There is no unit")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        let kept = format!("/root/{NEEDED}");
        self.guest.run(&["mv", &kept, "/etc/systemd/system"])?;
        self.guest.run(&["systemctl", "daemon-reload"])?;
        self.guest.run(&["systemctl", "start", UNIT]).map(drop)
    }
}
