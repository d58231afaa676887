//! A hard disk that passes its own test and has places that it cannot read.

use super::{Expected, Fault};
use crate::recorded::{Recorded, said_by_smartctl};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "disk-sectors-damaged",
    area: "hardware",
    needs: &[],
    make: || {
        let well = said(0, 0);
        WRONG.at(Recorded::new(&[
            ("/sys/block/sda/size", "1953525168\n"),
            (&said_by_smartctl("sda"), &well),
        ])?)
    },
};

/// With so many sectors that were replaced, and that wait to be.
fn said(reallocated: u32, pending: u32) -> String {
    let attribute = |id: u32, name: &str, raw: u32| {
        format!(
            r#"{{"id":{id},"name":"{name}","value":100,"worst":100,"thresh":10,"when_failed":"","raw":{{"value":{raw}}}}}"#
        )
    };
    format!(
        r#"{{"smartctl":{{"version":[7,3],"exit_status":0}},"model_name":"WDC WD10EZEX-08WN4A0","serial_number":"WD-WCC6Y",
        "smart_status":{{"passed":true}},"ata_smart_attributes":{{"table":[{},{}]}},"temperature":{{"current":34}}}}"#,
        attribute(5, "Reallocated_Sector_Ct", reallocated),
        attribute(197, "Current_Pending_Sector", pending),
    )
}

const WRONG: Wrong<Recorded> = Wrong {
    inject: |at| at.write(&said_by_smartctl("sda"), &said(48, 8)),
    expect: |_| Expected::new("disk.health", "sda", "warning", "sectors").because("WD-WCC6Y"),
    cure: Way::Hand(|at| at.write(&said_by_smartctl("sda"), &said(0, 0))),
};
