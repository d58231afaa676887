//! A package whose installation fails at its end.

use anyhow::{Result, ensure};

use super::{Case, Cure, Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::patient::Machine;

pub(super) const FAULT: Fault = Fault {
    id: "package-half-configured",
    area: "package",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        guest.run(&["mkdir", "-p", "/root/labels/DEBIAN"])?;
        let folder = guest.path("/root/labels/DEBIAN");
        std::fs::write(folder.join("control"), CONTROL)?;
        std::fs::write(folder.join("postinst"), "#!/bin/sh\nexit 1\n")?;
        guest.run(&["chmod", "755", "/root/labels/DEBIAN/postinst"])?;
        guest.run(&["dpkg-deb", "--build", "/root/labels", DEB])?;
        Ok(Box::new(PackageHalfConfigured { guest }))
    },
};

const DEB: &str = "/root/labels.deb";
const CONTROL: &str = "Package: labels\nVersion: 1\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\n\
                       Description: prints labels\n";

struct PackageHalfConfigured {
    guest: Guest,
}

impl Case for PackageHalfConfigured {
    fn machine(&mut self) -> &mut dyn Machine {
        &mut self.guest
    }

    fn inject(&mut self) -> Result<()> {
        let installed = self.guest.run(&["dpkg", "--install", DEB]);
        ensure!(installed.is_err(), "it is installed nevertheless");
        Ok(())
    }

    fn expect(&self) -> Expected {
        Expected::new("os.packages-broken", "", "critical", "broken")
            .because("labels is half-configured")
    }

    fn cure(&self) -> Result<Cure> {
        Ok(Cure::Hand)
    }

    fn by_hand(&mut self) -> Result<()> {
        self.guest.run(&["dpkg", "--purge", "labels"]).map(drop)
    }
}
