//! A program that crashed, whose memory systemd-coredump has kept.

use std::time::{SystemTime, UNIX_EPOCH};

use super::{Expected, Fault};
use crate::recorded::Recorded;
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "program-crashed",
    area: "process",
    needs: &[],
    make: || {
        let machine = Recorded::new(&[
            ("/proc/stat", "btime 1795000000\n"),
            ("/dev/kmsg", "6,1,5000000,-;e1000e: eth0 NIC Link is Up\n"),
        ])?;
        WRONG.at(machine)
    },
};

const FOLDER: &str = "/var/lib/systemd/coredump";

const WRONG: Wrong<Recorded> = Wrong {
    inject: |at| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros();
        let file = format!(
            "{FOLDER}/core.soffice\\x2ebin.1000.5bb1a6bd81ae4d7d9b7a3a1bcbf0f7a1.4242.{now}.zst"
        );
        at.write(&file, "")
    },
    expect: |_| {
        Expected::new("crash.recent", "soffice.bin", "warning", "crashed")
            .because("systemd-coredump")
    },
    cure: Way::Hand(|at| {
        let folder = at.root().join(FOLDER.trim_start_matches('/'));
        Ok(std::fs::remove_dir_all(folder)?)
    }),
};
