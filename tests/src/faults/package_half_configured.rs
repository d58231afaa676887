//! A package whose installation failed at its end, for a reason that has gone since.

use anyhow::ensure;

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "package-half-configured",
    area: "package",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        guest.run(&["mkdir", "-p", "/root/labels/DEBIAN"])?;
        let folder = guest.path("/root/labels/DEBIAN");
        std::fs::write(folder.join("control"), CONTROL)?;
        std::fs::write(folder.join("postinst"), "#!/bin/sh\ntest -e /run/paper\n")?;
        guest.run(&["chmod", "755", "/root/labels/DEBIAN/postinst"])?;
        guest.run(&["dpkg-deb", "--build", "/root/labels", DEB])?;
        WRONG.at(guest)
    },
};

const DEB: &str = "/root/labels.deb";
const CONTROL: &str = "Package: labels\nVersion: 1\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\n\
                       Description: prints labels\n";

const WRONG: Wrong<Guest> = Wrong {
    inject: |guest| {
        let installed = guest.run(&["dpkg", "--install", DEB]);
        ensure!(installed.is_err(), "it is installed nevertheless");
        guest.run(&["touch", "/run/paper"]).map(drop)
    },
    expect: |_| {
        Expected::new("os.packages-broken", "", "critical", "broken")
            .because("labels is half-configured")
    },
    cure: Way::Action("packages.repair", |_| Ok(vec![])),
};
