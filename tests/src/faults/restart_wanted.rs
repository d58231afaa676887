//! An update that a restart has to finish.

use anyhow::Result;

use super::{Case, Cure, Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::patient::Machine;

pub(super) const FAULT: Fault = Fault {
    id: "restart-wanted",
    area: "package",
    needs: NEEDS,
    make: || {
        Ok(Box::new(RestartWanted {
            guest: Guest::boot()?,
        }))
    },
};

/// What Debian's packages write (update-notifier-common, unattended-upgrades).
const WANTED: &str = "/run/reboot-required";

struct RestartWanted {
    guest: Guest,
}

impl Case for RestartWanted {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.guest
    }

    fn inject(&mut self) -> Result<()> {
        let script =
            format!("echo '*** System restart required ***' >{WANTED}; echo libc6 >{WANTED}.pkgs");
        self.guest.run(&["sh", "-c", &script]).map(drop)
    }

    fn expect(&self) -> Expected {
        Expected::new("os.reboot-required", "", "warning", "packages")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        let packages = format!("{WANTED}.pkgs");
        self.guest.run(&["rm", WANTED, &packages]).map(drop)
    }
}
