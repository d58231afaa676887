//! A service that writes errors as it never did: the journal has a quiet day behind it.

use std::fmt::Write as _;
use std::fs::File;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};

use super::{Expected, Fault};
use crate::guest::{self, Guest};
use crate::program::command;
use crate::wrong::{Way, Wrong};

pub(super) const FAULT: Fault = Fault {
    id: "log-burst",
    area: "service",
    needs: &[
        guest::NEEDS[0],
        guest::NEEDS[1],
        guest::NEEDS[2],
        (IMPORT, "systemd-journal-remote"),
    ],
    make: || {
        let guest = Guest::boot()?;
        quiet_day(&guest)?;
        WRONG.at(guest)
    },
};

/// It writes journals of records from elsewhere.
const IMPORT: &str = "/lib/systemd/systemd-journal-remote";

/// Puts a journal of yesterday into the guest: a word every ten minutes, an error every two hours.
fn quiet_day(guest: &Guest) -> Result<()> {
    let machine = guest.run(&["cat", "/etc/machine-id"])?;
    let boot = guest
        .run(&["cat", "/proc/sys/kernel/random/boot_id"])?
        .replace('-', "");
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let mut records = String::new();
    for n in (3..160).rev() {
        let priority = if n % 12 == 0 { 3 } else { 6 };
        // systemd: docs/JOURNAL_EXPORT_FORMATS.md
        write!(
            records,
            "__REALTIME_TIMESTAMP={}000000\n__MONOTONIC_TIMESTAMP={}\n_BOOT_ID={}\n_MACHINE_ID={}\n\
             PRIORITY={priority}\nSYSLOG_IDENTIFIER=backup\nMESSAGE=one more\n\n",
            now - n * 600,
            1_000_000 * (200 - n),
            boot.trim(),
            machine.trim(),
        )?;
    }
    let source = tempfile::NamedTempFile::new()?;
    std::fs::write(source.path(), records)?;
    let folder = guest.path(&format!("/var/log/journal/{}", machine.trim()));
    std::fs::create_dir_all(&folder)?;
    let mut import = command(IMPORT);
    import
        .arg("--output")
        .arg(folder.join("yesterday.journal"))
        .arg("-");
    let done = import.stdin(File::open(source.path())?).output()?;
    ensure!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let seen = guest.run(&["journalctl", "--quiet", "--identifier=backup", "--lines=1"])?;
    seen.lines()
        .next()
        .context("the guest does not see its journal")
        .map(drop)
}

const WRONG: Wrong<Guest> = Wrong {
    inject: |guest| {
        let loud = "for n in $(seq 100); do echo \"no connection to the scanner: $n\"; done | logger -t scanner -p err";
        guest.run(&["sh", "-c", loud])?;
        guest.run(&["journalctl", "--sync"]).map(drop)
    },
    expect: |_| Expected::new("logs.errors", "", "warning", "burst").because("scanner wrote"),
    // What is written in the journal of now is gone, as it is by itself a quarter of an hour later.
    cure: Way::Hand(|guest| {
        guest.run(&["journalctl", "--rotate"])?;
        guest.run(&[
            "sh",
            "-c",
            "rm -rf /run/log/journal/*/*@*.journal /var/log/journal/*/*@*.journal",
        ])?;
        Ok(())
    }),
};
