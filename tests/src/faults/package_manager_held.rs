//! An installation that has not come to its end for hours, and that lets no other begin.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::patient::Machine;
use crate::program::wait;
use crate::world::World;
use crate::wrong::{Place, Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "package-manager-held",
    area: "package",
    needs: &[NEEDS[0], NEEDS[1], NEEDS[2], ("faketime", "faketime")],
    make: || {
        let guest = Guest::boot()?;
        guest.run(&["mkdir", "-p", "/root/labels/DEBIAN"])?;
        let at = |file: &str| guest.path(&format!("/root/{file}"));
        fs::write(at("labels/DEBIAN/control"), CONTROL)?;
        fs::write(
            at("labels/DEBIAN/postinst"),
            "#!/bin/sh\ntest -e /root/slow && sleep infinity\nexit 0\n",
        )?;
        guest.run(&["chmod", "755", "/root/labels/DEBIAN/postinst"])?;
        guest.run(&["dpkg-deb", "--build", "/root/labels", DEB])?;
        let clock = CLOCKS.iter().find(|path| fs::exists(path).unwrap_or(false));
        fs::copy(
            clock.context("faketime's library is not there")?,
            at("clock.so"),
        )?;
        WRONG.at(Later(guest))
    },
};

const DEB: &str = "/root/labels.deb";
const CONTROL: &str = "Package: labels\nVersion: 1\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\n\
                       Description: prints labels\n";
const CLOCKS: &[&str] = &[
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
];

/// A guest whose agent looks at it two hours later.
struct Later(Guest);

impl Machine for Later {
    fn command(&self, arguments: &[&str]) -> Command {
        let later = ["env", "LD_PRELOAD=/root/clock.so", "FAKETIME=+2h"];
        self.0.command(&[&later, arguments].concat())
    }

    fn start(&mut self, world: &mut World) -> Result<String> {
        self.0.start(world)
    }

    fn program(&self) -> std::path::PathBuf {
        self.0.program()
    }
}

impl Place for Later {
    fn machine(&mut self) -> &mut dyn Machine {
        self
    }
}

const WRONG: Wrong<Later> = Wrong {
    inject: |at| {
        at.0.run(&["touch", "/root/slow"])?;
        at.0.run(&["systemd-run", "--unit=installs", "dpkg", "--install", DEB])?;
        wait("an installation that stands still", || {
            at.0.run(&["pgrep", "-f", "labels.postinst"]).ok()
        })
        .map(drop)
    },
    expect: |_| Expected::new("os.package-lock", "", "warning", "held"),
    cure: Way::Hand(|at| {
        at.0.run(&["rm", "/root/slow"])?;
        at.0.run(&["systemctl", "stop", "installs"])?;
        at.0.run(&["dpkg", "--configure", "-a"]).map(drop)
    }),
};
