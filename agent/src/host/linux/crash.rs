//! Crashes on record: systemd-coredump(8), apport, and the kernel's own word of a signal that nobody handled.

use std::time::UNIX_EPOCH;

use crate::host::{Crash, Host, Unavailable};

use super::kernel_log::{each_line, moment_and_text, slept_us};
use super::process::booted_us;
use super::system::is_container;

const COREDUMPS: &str = "/var/lib/systemd/coredump";
const APPORT: &str = "/var/crash";
/// Two records of one process within this are of one crash.
const TOGETHER_US: i64 = 60_000_000;
/// Files that are looked at in a folder, and crashes that are told: the newest.
const MOST: usize = 1000;

pub(in crate::host) fn crashes(host: &Host) -> Result<Vec<Crash>, Unavailable> {
    let dumped = host.names(COREDUMPS).unwrap_or_default();
    let mut crashes: Vec<Crash> = dumped
        .iter()
        .take(MOST)
        .filter_map(|name| coredump(name))
        .collect();
    let reports = host.names(APPORT).unwrap_or_default();
    let reported = reports
        .iter()
        .take(MOST)
        .filter_map(|name| apport(host, name));
    crashes.extend(reported);
    // A container sees the log of the machine around it.
    let logged = match is_container(host) {
        true => Ok(Vec::new()),
        false => of_kernel(host),
    };
    // Without the log what is on the disk is still told; without either nothing is.
    let logged = match logged {
        Err(why) if crashes.is_empty() => return Err(why),
        logged => logged.unwrap_or_default(),
    };
    let is_known = |one: &Crash| {
        let same =
            |other: &Crash| other.pid == one.pid && (other.at_us - one.at_us).abs() < TOGETHER_US;
        crashes.iter().any(same)
    };
    let new: Vec<Crash> = logged.into_iter().filter(|one| !is_known(one)).collect();
    crashes.extend(new);
    crashes.sort_by_key(|crash| crash.at_us);
    crashes.drain(..crashes.len().saturating_sub(MOST));
    Ok(crashes)
}

/// `core.NAME.UID.BOOT.PID.MICROSECONDS`, and how it is packed (systemd: src/coredump/coredump.c).
fn coredump(file: &str) -> Option<Crash> {
    let rest = file.strip_prefix("core.")?;
    let packed = [".zst", ".lz4", ".xz"]
        .iter()
        .find_map(|end| rest.strip_suffix(end));
    let mut words = packed.unwrap_or(rest).rsplitn(5, '.');
    let at_us = words.next()?.parse().ok()?;
    let pid = words.next()?.parse().ok()?;
    let program = words.nth(2)?;
    Some(Crash {
        at_us,
        // A dot of the name is written as `\x2e`.
        program: program.replace("\\x2e", ".").replace("\\x20", " "),
        pid: Some(pid),
        source: "systemd-coredump",
        detail: format!("{COREDUMPS}/{file}"),
    })
}

/// `_usr_bin_gedit.1000.crash`, written when it crashed (Ubuntu: apport).
fn apport(host: &Host, file: &str) -> Option<Crash> {
    let name = file.strip_suffix(".crash")?;
    let (program, _) = name.rsplit_once('.')?;
    let path = format!("{APPORT}/{file}");
    let written = std::fs::symlink_metadata(host.path(&path))
        .ok()?
        .modified()
        .ok()?;
    Some(Crash {
        at_us: written.duration_since(UNIX_EPOCH).ok()?.as_micros() as i64,
        program: program.rsplit('_').next()?.to_owned(),
        pid: None,
        source: "apport",
        detail: path,
    })
}

fn of_kernel(host: &Host) -> Result<Vec<Crash>, Unavailable> {
    let (booted_us, slept_us) = (booted_us(host)?, slept_us(host));
    let mut found = Vec::new();
    each_line(host, &mut |line| {
        let said = moment_and_text(line, booted_us, slept_us);
        found.extend(said.and_then(|(at_us, text)| unhandled(at_us, text)));
    })?;
    Ok(found)
}

/// `gedit[123]: segfault at 0 ip … error 4 in …`, `traps: gedit[123] trap invalid opcode ip:…` (kernel:
/// arch/x86/mm/fault.c, arch/x86/kernel/traps.c; others write `gedit[123]: unhandled signal 11 …`).
fn unhandled(at_us: i64, text: &str) -> Option<Crash> {
    let of_trap = text.strip_prefix("traps: ");
    let (program, rest) = of_trap.unwrap_or(text).split_once('[')?;
    let (pid, rest) = rest.split_once(']')?;
    let what = rest.trim_start_matches([':', ' ']);
    let is_crash = ["segfault at ", "unhandled ", "general protection", "trap "]
        .iter()
        .any(|begin| what.starts_with(begin));
    let pid = pid.parse().ok()?;
    is_crash.then(|| Crash {
        at_us,
        program: program.to_owned(),
        pid: Some(pid),
        source: "kernel",
        detail: text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &str) {
        let found = crashes(&Tree::new(files).host()).map(|crashes| {
            let one =
                |of: &Crash| format!("{} {} {:?} {}", of.at_us, of.program, of.pid, of.source);
            crashes.iter().map(one).collect::<Vec<_>>().join("\n")
        });
        let found = found.unwrap_or_else(|why| why.to_string());
        assert_eq!(found, expected);
    }

    const LOG: &str = "6,1,5000000,-;gedit[123]: segfault at 0 ip 0000 sp 0000 error 4 in gedit[0+1]\n\
                       6,2,6000000,-;traps: java[9] trap invalid opcode ip:0 sp:0 error:0 in libjvm.so[0+1]\n\
                       6,3,7000000,-;usb 1-1: new device\n 4[5]: not a crash\n";

    #[test]
    fn the_kernels_word_of_a_crash_is_understood() {
        let booted = ("/proc/stat", "btime 1000\n");
        check(
            &[booted, ("/dev/kmsg", LOG)],
            "1005000000 gedit Some(123) kernel\n1006000000 java Some(9) kernel",
        );
        // Of the machine around it.
        check(&[booted, ("/dev/kmsg", LOG), ("/.dockerenv", "")], "");
        check(&[booted], "there is no /dev/kmsg");
    }

    #[test]
    fn a_crash_with_a_core_is_told_once() {
        check(
            &[
                ("/proc/stat", "btime 1000\n"),
                ("/dev/kmsg", LOG),
                (
                    "/var/lib/systemd/coredump/core.gedit.1000.0b0b.123.1005100000.zst",
                    "",
                ),
                (
                    "/var/lib/systemd/coredump/core.my\\x2eapp.0.0b0b.5.900000000",
                    "",
                ),
                ("/var/lib/systemd/coredump/other", ""),
            ],
            "900000000 my.app Some(5) systemd-coredump\n1005100000 gedit Some(123) systemd-coredump\n\
             1006000000 java Some(9) kernel",
        );
    }

    #[test]
    fn a_report_of_apport_is_as_old_as_its_file() {
        let tree = Tree::new(&[("/var/crash/_usr_bin_gedit.1000.crash", "")]);
        let found = crashes(&tree.host()).unwrap();
        assert_eq!(
            (found[0].program.as_str(), found[0].source),
            ("gedit", "apport")
        );
        assert!(found[0].at_us > 1_700_000_000_000_000);
    }
}
