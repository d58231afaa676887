//! The kernel's own log, and its out-of-memory kills (kernel: Documentation/ABI/testing/dev-kmsg).

use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;

use crate::host::{Host, OomKill, OomLog, Unavailable};

use super::process::booted_us;

const KMSG: &str = "/dev/kmsg";
/// A record is never longer.
const RECORD_BYTES: usize = 8 << 10;
/// The ring holds no more.
const MOST_RECORDS: usize = 200_000;

pub(in crate::host) fn oom_kills(host: &Host) -> Result<OomLog, Unavailable> {
    let (booted_us, slept_us) = (booted_us(host)?, slept_us(host));
    let mut log = OomLog::default();
    let mut oldest = None;
    each_line(host, &mut |line| {
        oldest = oldest.or_else(|| head(line));
        log.kills.extend(parse(line, booted_us, slept_us));
    })?;
    // Records are numbered from boot on.
    log.begins_us = oldest
        .filter(|(number, _)| *number > 0)
        .map(|(_, us)| booted_us + slept_us + us);
    Ok(log)
}

/// Gives `visit` each line of the kernel's log, oldest first: `priority,sequence,microseconds since boot,flags;text`,
/// or one of the text's further lines.
pub(super) fn each_line(host: &Host, visit: &mut dyn FnMut(&str)) -> Result<(), Unavailable> {
    let broken = |error: std::io::Error| Unavailable::io(KMSG, &error);
    let mut file = std::fs::OpenOptions::new()
        .read(true)
        .custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32)
        .open(host.path(KMSG))
        .map_err(broken)?;
    let mut record = vec![0; RECORD_BYTES];
    for _ in 0..MOST_RECORDS {
        match file.read(&mut record) {
            Ok(0) => break,
            // The device gives one record for each read; a recorded file gives many lines.
            Ok(n) => String::from_utf8_lossy(&record[..n])
                .lines()
                .for_each(&mut *visit),
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            // The ring has moved on meanwhile.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            Err(error) => return Err(broken(error)),
        }
    }
    Ok(())
}

/// A record's moment, microseconds since 1970 UTC, as late as it may be; and its text.
pub(super) fn moment_and_text(line: &str, booted_us: i64, slept_us: i64) -> Option<(i64, &str)> {
    let (_, text) = line.split_once(';')?;
    Some((booted_us + slept_us + head(line)?.1, text))
}

/// For how long in all the machine has slept since boot.
pub(super) fn slept_us(host: &Host) -> i64 {
    if !host.is_live() {
        return 0;
    }
    let us = |clock| {
        let time = rustix::time::clock_gettime(clock);
        time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    };
    us(rustix::time::ClockId::Boottime) - us(rustix::time::ClockId::Monotonic)
}

/// Number and microseconds since boot of a record.
fn head(line: &str) -> Option<(u64, i64)> {
    let (head, _) = line.split_once(';')?;
    let mut words = head.split(',').skip(1);
    Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}

/// `priority,sequence,microseconds since boot,flags;text`
fn parse(line: &str, booted_us: i64, slept_us: i64) -> Option<OomKill> {
    let (_, text) = line.split_once(';')?;
    let at = text.find("Killed process ")?;
    let reason = text[..at].to_ascii_lowercase();
    if !reason.contains("out of memory") {
        return None;
    }
    let from_us = booted_us + head(line)?.1;
    let (pid, rest) = text[at + "Killed process ".len()..].split_once(" (")?;
    Some(OomKill {
        from_us,
        until_us: from_us + slept_us,
        of_group: reason.contains("cgroup"),
        process: rest.split_once(')')?.0.to_owned(),
        pid: pid.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn kills_of_the_machine_and_of_a_group_are_found() {
        let tree = Tree::new(&[
            ("/proc/stat", "btime 1000\n"),
            (
                KMSG,
                "6,1,5000000,-;eth0: link up\n\
                 3,2,6000000,-;Out of memory: Killed process 321 (chrome) total-vm:1kB, anon-rss:2kB\n\
                 3,3,7000000,-;Memory cgroup out of memory: Killed process 9 (java) total-vm:1kB\n",
            ),
        ]);
        let OomLog { kills, begins_us } = oom_kills(&tree.host()).unwrap();
        assert_eq!(begins_us, Some(1_005_000_000));
        assert_eq!(kills.len(), 2);
        assert_eq!((kills[0].process.as_str(), kills[0].pid), ("chrome", 321));
        assert_eq!(kills[0].from_us, 1_006_000_000);
        assert_eq!(kills[1].process, "java");
        assert_eq!((kills[0].of_group, kills[1].of_group), (false, true));
    }
}
