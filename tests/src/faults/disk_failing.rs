//! A hard disk that says itself that it is failing.

use super::{Expected, Fault};
use crate::recorded::{Recorded, said_by_smartctl};
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "disk-failing",
    area: "hardware",
    needs: &[],
    make: || {
        WRONG.at(Recorded::new(&[
            ("/sys/block/sda/size", "1953525168\n"),
            (&said_by_smartctl("sda"), WELL),
        ])?)
    },
};

const WELL: &str = r#"{"json_format_version":[1,0],"smartctl":{"version":[7,3],"exit_status":0},
"device":{"name":"/dev/sda","type":"sat","protocol":"ATA"},"model_name":"ST1000LM035-1RK172","serial_number":"WDE0ABCD",
"smart_status":{"passed":true},"ata_smart_attributes":{"revision":10,"table":[
{"id":5,"name":"Reallocated_Sector_Ct","value":100,"worst":100,"thresh":36,"when_failed":"","flags":{"prefailure":true},"raw":{"value":0,"string":"0"}},
{"id":187,"name":"Reported_Uncorrect","value":100,"worst":100,"thresh":0,"when_failed":"","flags":{"prefailure":false},"raw":{"value":0,"string":"0"}},
{"id":197,"name":"Current_Pending_Sector","value":100,"worst":100,"thresh":0,"when_failed":"","flags":{"prefailure":false},"raw":{"value":0,"string":"0"}},
{"id":198,"name":"Offline_Uncorrectable","value":100,"worst":100,"thresh":0,"when_failed":"","flags":{"prefailure":false},"raw":{"value":0,"string":"0"}}]},
"power_on_time":{"hours":21034},"temperature":{"current":38}}"#;

/// Bit 3 of its exit code: the disk's own verdict.
const FAILING: &str = r#"{"json_format_version":[1,0],"smartctl":{"version":[7,3],"exit_status":24},
"device":{"name":"/dev/sda","type":"sat","protocol":"ATA"},"model_name":"ST1000LM035-1RK172","serial_number":"WDE0ABCD",
"smart_status":{"passed":false},"ata_smart_attributes":{"revision":10,"table":[
{"id":5,"name":"Reallocated_Sector_Ct","value":21,"worst":21,"thresh":36,"when_failed":"now","flags":{"prefailure":true},"raw":{"value":3184,"string":"3184"}},
{"id":187,"name":"Reported_Uncorrect","value":1,"worst":1,"thresh":0,"when_failed":"","flags":{"prefailure":false},"raw":{"value":412,"string":"412"}},
{"id":197,"name":"Current_Pending_Sector","value":96,"worst":96,"thresh":0,"when_failed":"","flags":{"prefailure":false},"raw":{"value":712,"string":"712"}},
{"id":198,"name":"Offline_Uncorrectable","value":96,"worst":96,"thresh":0,"when_failed":"","flags":{"prefailure":false},"raw":{"value":712,"string":"712"}}]},
"power_on_time":{"hours":21034},"temperature":{"current":38}}"#;

const WRONG: Wrong<Recorded> = Wrong {
    inject: |at| at.write(&said_by_smartctl("sda"), FAILING),
    expect: |_| {
        Expected::new("disk.health", "sda", "critical", "failing").because("Reallocated_Sector_Ct")
    },
    cure: Way::Hand(|at| at.write(&said_by_smartctl("sda"), WELL)),
};
