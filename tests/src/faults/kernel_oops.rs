//! A kernel of which a part has died.

use super::{Expected, Fault};
use crate::recorded::Recorded;
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "kernel-oops",
    area: "kernel",
    needs: &[],
    make: || {
        let machine = Recorded::new(&[
            ("/proc/stat", "btime 1795000000\n"),
            (LOG, WELL),
            (TAINTED, "0\n"),
        ])?;
        WRONG.at(machine)
    },
};

const LOG: &str = "/dev/kmsg";
const TAINTED: &str = "/proc/sys/kernel/tainted";
const WELL: &str = "6,1,5000000,-;e1000e: eth0 NIC Link is Up\n";
/// As Linux 6.1 writes it.
const OOPS: &str = "6,1,5000000,-;e1000e: eth0 NIC Link is Up\n\
    1,804,93771000000,-;BUG: kernel NULL pointer dereference, address: 0000000000000010\n\
    1,805,93771000010,-;#PF: supervisor read access in kernel mode\n\
    4,808,93771000040,-;Oops: 0000 [#1] PREEMPT SMP NOPTI\n\
    4,809,93771000050,-;CPU: 3 PID: 812 Comm: kworker/3:2 Not tainted 6.1.0-18-amd64 #1  Debian 6.1.76-1\n";

const WRONG: Wrong<Recorded> = Wrong {
    inject: |at| {
        at.write(LOG, OOPS)?;
        // The mark D.
        at.write(TAINTED, "128\n")
    },
    expect: |_| {
        Expected::new("kernel.oops", "", "critical", "died")
            .because("kernel NULL pointer dereference")
    },
    cure: Way::Hand(|at| {
        at.write(LOG, WELL)?;
        at.write(TAINTED, "0\n")
    }),
};
