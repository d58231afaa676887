//! An operating system whose support has ended, as it says itself.

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "system-out-of-support",
    area: "package",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        WRONG.at(guest)
    },
};

const WRONG: Wrong<Guest> = Wrong {
    inject: |guest| {
        let script = "echo SUPPORT_END=2021-06-30 >>/etc/os-release";
        guest.run(&["sh", "-c", script]).map(drop)
    },
    expect: |_| Expected::new("os.end-of-life", "", "warning", "ended"),
    cure: Way::Hand(|guest| {
        let release = "/etc/os-release";
        guest
            .run(&["sed", "-i", "/^SUPPORT_END=/d", release])
            .map(drop)
    }),
};
