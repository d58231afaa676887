//! A service that is enabled and that somebody has masked.

use super::{Expected, Fault};
use crate::guest::{Guest, NEEDS};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "service-masked",
    area: "service",
    needs: NEEDS,
    make: || {
        let guest = Guest::boot()?;
        // Where a package puts it.
        let unit = format!("[Service]\nExecStart=/bin/sleep infinity\n{INSTALL}");
        std::fs::write(guest.path("/usr/lib/systemd/system").join(UNIT), unit)?;
        guest.run(&["systemctl", "daemon-reload"])?;
        guest.run(&["systemctl", "enable", "--now", UNIT])?;
        WRONG.at(guest)
    },
};

const UNIT: &str = "backups.service";
const INSTALL: &str = "[Install]\nWantedBy=multi-user.target\n";

const WRONG: Wrong<Guest> = Wrong {
    inject: |guest| guest.run(&["systemctl", "mask", "--now", UNIT]).map(drop),
    expect: |_| {
        Expected::new("service.masked-but-wanted", UNIT, "warning", "masked")
            .because("forbidden its start")
    },
    cure: Way::Action("service.unmask", |_| Ok(vec![format!("unit={UNIT}")])),
};
