//! A machine that has not asked for updates for two months.

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "update-lists-stale",
    area: "package",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        guest.run(&["mkdir", "-p", "/srv/archive"])?;
        std::fs::write(guest.path("/srv/archive/Packages"), "")?;
        let source = "deb [trusted=yes] file:/srv/archive ./\n";
        std::fs::write(guest.path("/etc/apt/sources.list"), source)?;
        guest.run(&["apt-get", "update"])?;
        WRONG.at(guest)
    },
};

const WRONG: Wrong<Guest> = Wrong {
    inject: |guest| {
        guest
            .run(&["touch", "--date=60 days ago", "/var/lib/apt/lists/partial"])
            .map(drop)
    },
    expect: |_| Expected::new("os.updates", "lists", "warning", "stale"),
    cure: Way::Hand(|guest| guest.run(&["apt-get", "update"]).map(drop)),
};
