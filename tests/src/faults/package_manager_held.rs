//! An installation that has not come to its end for hours, and that lets no other begin.

use std::fs;

use anyhow::Context as _;

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::program::wait;
use crate::wrong::{Way, Wrong};

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
            guest.path(CLOCK),
        )?;
        WRONG.at(guest)
    },
};

const DEB: &str = "/root/labels.deb";
const CONTROL: &str = "Package: labels\nVersion: 1\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\n\
                       Description: prints labels\n";
/// What moves the clock of each program that is started from then on.
const CLOCK: &str = "/usr/lib/clock.so";
const PRELOAD: &str = "/etc/ld.so.preload";
const CLOCKS: &[&str] = &[
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
];

const WRONG: Wrong<Guest> = Wrong {
    inject: |guest| {
        guest.run(&["touch", "/root/slow"])?;
        guest.run(&["systemd-run", "--unit=installs", "dpkg", "--install", DEB])?;
        wait("an installation that stands still", || {
            guest.run(&["pgrep", "-f", "labels.postinst"]).ok()
        })
        .map(drop)?;
        // Nobody waits two hours for a test: the agent is started two hours later.
        fs::write(guest.path("/etc/faketimerc"), "+2h\n")?;
        Ok(fs::write(guest.path(PRELOAD), CLOCK)?)
    },
    expect: |_| Expected::new("os.package-lock", "", "warning", "held"),
    cure: Way::Hand(|guest| {
        fs::remove_file(guest.path(PRELOAD))?;
        guest.run(&["rm", "/root/slow"])?;
        guest.run(&["systemctl", "stop", "installs"])?;
        guest.run(&["dpkg", "--configure", "-a"]).map(drop)
    }),
};
