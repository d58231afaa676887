//! What the tests need beside Rust: installed when this runs as root on Debian, named otherwise.

use std::path::Path;

use anyhow::Result;

use crate::shell;

/// Something that tests need.
struct Need {
    /// A file or program that shows it is there.
    shown_by: &'static [&'static str],
    package: &'static str,
    what_for: &'static str,
}

const NEEDS: &[Need] = &[
    Need {
        shown_by: &["/usr/lib/postgresql/*/bin/initdb"],
        package: "postgresql",
        what_for: "the store's tests on PostgreSQL",
    },
    Need {
        shown_by: &["x86_64-w64-mingw32-gcc"],
        package: "gcc-mingw-w64-x86-64",
        what_for: "compiling the agent's library for Windows",
    },
    Need {
        shown_by: &["ss"],
        package: "iproute2",
        what_for: "comparing facts with ip and ss",
    },
    Need {
        shown_by: &["systemd-nspawn"],
        package: "systemd-container",
        what_for: "guests under systemd",
    },
    Need {
        shown_by: &["debootstrap"],
        package: "debootstrap",
        what_for: "guests under systemd",
    },
    Need {
        shown_by: &["dnsmasq"],
        package: "dnsmasq-base",
        what_for: "a name server that can die",
    },
    Need {
        shown_by: &["mkfs.ext4", "/usr/sbin/mkfs.ext4", "/sbin/mkfs.ext4"],
        package: "e2fsprogs",
        what_for: "disks that can be full",
    },
    Need {
        shown_by: &["sqlite3"],
        package: "sqlite3",
        what_for: "somebody else who locks the record",
    },
    Need {
        shown_by: &["nft", "/usr/sbin/nft", "/sbin/nft"],
        package: "nftables",
        what_for: "a network that loses what it is given",
    },
    Need {
        shown_by: &["/usr/lib/nagios/plugins/check_disk"],
        package: "monitoring-plugins-basic",
        what_for: "what other tools find of the same faults",
    },
    Need {
        shown_by: &["/usr/lib/nagios/plugins/check_dns"],
        package: "monitoring-plugins-standard",
        what_for: "what other tools find of the same faults",
    },
    Need {
        shown_by: &["ping"],
        package: "iputils-ping",
        what_for: "seeing that a gateway is back",
    },
    Need {
        shown_by: &["nslookup"],
        package: "bind9-dnsutils",
        what_for: "what other tools find of the same faults",
    },
    Need {
        shown_by: &["mksquashfs"],
        package: "squashfs-tools",
        what_for: "images that are full by nature",
    },
    Need {
        shown_by: &["faketime"],
        package: "faketime",
        what_for: "devices whose clocks are wrong",
    },
    Need {
        shown_by: &["/usr/sbin/chronyd"],
        package: "chrony",
        what_for: "a clock that is wrong, or that nobody keeps",
    },
    Need {
        shown_by: &["/lib/systemd/systemd-journal-remote"],
        package: "systemd-journal-remote",
        what_for: "a journal with a day behind it",
    },
    Need {
        shown_by: &["fuse2fs"],
        package: "fuse2fs",
        what_for: "a mount that hangs",
    },
    Need {
        shown_by: &["genisoimage"],
        package: "genisoimage",
        what_for: "a disc that is full by nature",
    },
    Need {
        shown_by: &["fuseiso"],
        package: "fuseiso",
        what_for: "a disc where the kernel reads none",
    },
    Need {
        shown_by: &["qemu-system-x86_64"],
        package: "qemu-system-x86",
        what_for: "a machine that runs out of memory",
    },
    Need {
        shown_by: &["chromium"],
        package: "chromium",
        what_for: "the console's stories",
    },
    Need {
        shown_by: &["/usr/lib/python3/dist-packages/pip", "pip3", "pip"],
        package: "python3-pip",
        what_for: "fetching Node for the console",
    },
    Need {
        shown_by: &["busybox"],
        package: "busybox-static",
        what_for: "a machine that runs out of memory",
    },
];

/// The Windows target of Rust.
pub(crate) const WINDOWS: &str = "x86_64-pc-windows-gnu";

/// Installs what is missing; gives what stays missing, each as the reason to skip what needs it.
pub(crate) fn prepare() -> Result<Vec<String>> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !is_there(need)).collect();
    let mut skipped = Vec::new();
    if !missing.is_empty() {
        let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
        if is_root() && shell::has("apt-get") {
            shell::say(&format!("installing {}", packages.join(", ")));
            install(&packages)?;
        } else {
            skipped.extend(reasons(&missing));
        }
    }
    if !has_target() {
        let added = shell::output(shell::program("rustup").args(["target", "add", WINDOWS]));
        if let Err(error) = added {
            skipped.push(format!(
                "compiling for Windows: rustup target add {WINDOWS} failed: {error}"
            ));
        }
    }
    Ok(skipped)
}

/// What each is missing for, and the one command that brings all of them.
fn reasons(missing: &[&Need]) -> Vec<String> {
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    let command = format!("apt-get install -y {}", packages.join(" "));
    let reason = |need: &&Need| {
        let Need {
            what_for, package, ..
        } = need;
        format!("{what_for}: needs {package}; as root: {command}")
    };
    missing.iter().map(reason).collect()
}

fn install(packages: &[&str]) -> Result<()> {
    let apt = || {
        let mut apt = shell::program("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    // Lists may be old or missing; an update that fails leaves the old ones.
    if let Err(error) = shell::output(apt().arg("update")) {
        shell::say(&format!("{error}"));
    }
    shell::output(
        apt()
            .args(["install", "-y", "--no-install-recommends"])
            .args(packages),
    )
    .map(drop)
}

fn is_there(need: &Need) -> bool {
    need.shown_by.iter().any(|shown| {
        if let Some((above, below)) = shown.split_once("/*/") {
            // Whichever version.
            let versions = std::fs::read_dir(above).into_iter().flatten().flatten();
            versions
                .into_iter()
                .any(|version| version.path().join(below).exists())
        } else if shown.starts_with('/') {
            Path::new(shown).exists()
        } else {
            shell::has(shown)
        }
    })
}

/// Whether Rust's standard library for Windows is there.
pub(crate) fn has_target() -> bool {
    shell::output(shell::program("rustup").args(["target", "list", "--installed"]))
        .is_ok_and(|list| list.lines().any(|line| line == WINDOWS))
}

/// Whether this runs as root.
pub(crate) fn is_root() -> bool {
    shell::output(shell::program("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_the_command_that_brings_it() {
        let missing = [&NEEDS[2], &NEEDS[4]];
        assert_eq!(
            reasons(&missing),
            [
                "comparing facts with ip and ss: needs iproute2; as root: apt-get install -y iproute2 debootstrap",
                "guests under systemd: needs debootstrap; as root: apt-get install -y iproute2 debootstrap",
            ]
        );
    }

    #[test]
    fn what_this_runs_on_is_there() {
        let need = |shown_by| Need {
            shown_by,
            package: "p",
            what_for: "a test",
        };
        assert!(is_there(&need(&["/nowhere", "sh"])));
        assert!(is_there(&need(&["/proc/*/stat"])));
        assert!(!is_there(&need(&["/proc/*/nothing"])));
        assert!(!is_there(&need(&["/nowhere", "no such program"])));
    }
}
