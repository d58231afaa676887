//! An update that a restart has to finish.

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "restart-wanted",
    area: "package",
    needs: NEEDS,
    make: || WRONG.at(Guest::boot()?),
};

/// What Debian's packages write (update-notifier-common, unattended-upgrades).
const WANTED: &str = "/run/reboot-required";

const WRONG: Wrong<Guest> = Wrong {
    inject: |guest| {
        let script =
            format!("echo '*** System restart required ***' >{WANTED}; echo libc6 >{WANTED}.pkgs");
        guest.run(&["sh", "-c", &script]).map(drop)
    },
    expect: |_| Expected::new("os.reboot-required", "", "warning", "packages"),
    cure: Way::Hand(|guest| {
        let packages = format!("{WANTED}.pkgs");
        guest.run(&["rm", WANTED, &packages]).map(drop)
    }),
};
