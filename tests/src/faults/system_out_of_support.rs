//! An operating system whose support has ended, as it says itself.

use anyhow::Result;

use super::{Case, Cure, Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::patient::Machine;

pub(super) const FAULT: Fault = Fault {
    id: "system-out-of-support",
    area: "package",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        Ok(Box::new(SystemOutOfSupport { guest }))
    },
};

struct SystemOutOfSupport {
    guest: Guest,
}

impl Case for SystemOutOfSupport {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.guest
    }

    fn inject(&mut self) -> Result<()> {
        let script = "echo SUPPORT_END=2021-06-30 >>/etc/os-release";
        self.guest.run(&["sh", "-c", script]).map(drop)
    }

    fn expect(&self) -> Expected {
        Expected::new("os.end-of-life", "", "warning", "ended")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        let release = "/etc/os-release";
        self.guest
            .run(&["sed", "-i", "/^SUPPORT_END=/d", release])
            .map(drop)
    }
}
