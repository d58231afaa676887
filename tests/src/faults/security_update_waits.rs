//! A security update that nobody has installed, in an archive of the machine's own.

use anyhow::Result;

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "security-update-waits",
    area: "package",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        guest.run(&["mkdir", "-p", ARCHIVE])?;
        let source = format!("deb [trusted=yes] file:{ARCHIVE} ./\n");
        std::fs::write(guest.path("/etc/apt/sources.list"), source)?;
        for version in ["1", "2"] {
            let folder = format!("/root/labels-{version}");
            guest.run(&["mkdir", "-p", &format!("{folder}/DEBIAN")])?;
            std::fs::write(
                guest.path(&format!("{folder}/DEBIAN/control")),
                control(version),
            )?;
            guest.run(&["dpkg-deb", "--build", &folder])?;
        }
        guest.run(&["dpkg", "--install", "/root/labels-1.deb"])?;
        publish(&guest, "1")?;
        WRONG.at(guest)
    },
};

const ARCHIVE: &str = "/srv/archive";

fn control(version: &str) -> String {
    format!(
        "Package: labels\nVersion: {version}\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\n\
         Description: prints labels\n"
    )
}

/// The archive offers this version from now on, and the machine has heard of it.
fn publish(guest: &Guest, version: &str) -> Result<()> {
    let offered = format!(
        "{}Filename: ./labels-{version}.deb\nSize: 1\n",
        control(version)
    );
    std::fs::write(guest.path(&format!("{ARCHIVE}/Packages")), &offered)?;
    let date = guest.run(&["date", "--utc", "+%a, %d %b %Y %H:%M:%S UTC"])?;
    let summed = guest.run(&["sha256sum", &format!("{ARCHIVE}/Packages")])?;
    let sum = summed.split_whitespace().next().unwrap_or_default();
    let release = format!(
        "Origin: Debian\nLabel: Debian-Security\nSuite: stable-security\nDate: {date}SHA256:\n {sum} {} Packages\n",
        offered.len()
    );
    std::fs::write(guest.path(&format!("{ARCHIVE}/Release")), release)?;
    guest.run(&["apt-get", "update"]).map(drop)
}

const WRONG: Wrong<Guest> = Wrong {
    inject: |guest| publish(guest, "2"),
    expect: |_| Expected::new("os.updates", "", "warning", "security"),
    cure: Way::Hand(|guest| {
        guest
            .run(&["dpkg", "--install", "/root/labels-2.deb"])
            .map(drop)
    }),
};
