//! A service that is enabled and that somebody has masked.

use anyhow::Result;

use super::{Case, Cure, Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::patient::Machine;

pub(super) const FAULT: Fault = Fault {
    id: "service-masked",
    area: "service",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        // Where a package puts it.
        let unit = format!("[Service]\nExecStart=/bin/sleep infinity\n{INSTALL}");
        std::fs::write(guest.path("/usr/lib/systemd/system").join(UNIT), unit)?;
        guest.run(&["systemctl", "daemon-reload"])?;
        guest.run(&["systemctl", "enable", "--now", UNIT])?;
        Ok(Box::new(ServiceMasked { guest }))
    },
};

const UNIT: &str = "backups.service";
const INSTALL: &str = "[Install]\nWantedBy=multi-user.target\n";

struct ServiceMasked {
    guest: Guest,
}

impl Case for ServiceMasked {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.guest
    }

    fn inject(&mut self) -> Result<()> {
        self.guest
            .run(&["systemctl", "mask", "--now", UNIT])
            .map(drop)
    }

    fn expect(&self) -> Expected {
        Expected::new("service.masked-but-wanted", UNIT, "warning", "masked")
            .because("forbidden its start")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        self.guest.run(&["systemctl", "unmask", UNIT])?;
        self.guest.run(&["systemctl", "start", UNIT]).map(drop)
    }
}
