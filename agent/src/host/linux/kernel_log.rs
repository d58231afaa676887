//! Out-of-memory kills in the kernel's own log (kernel: Documentation/ABI/testing/dev-kmsg).

use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;

use crate::host::{Host, OomKill, Unavailable};

use super::process::booted_us;

const KMSG: &str = "/dev/kmsg";
/// A record is never longer.
const RECORD_BYTES: usize = 8 << 10;
/// The ring holds no more.
const MOST_RECORDS: usize = 200_000;

pub(in crate::host) fn oom_kills(host: &Host) -> Result<Vec<OomKill>, Unavailable> {
    let booted_us = booted_us(host)?;
    let broken = |error: std::io::Error| Unavailable::io(KMSG, &error);
    let mut file = std::fs::OpenOptions::new()
        .read(true)
        .custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32)
        .open(host.path(KMSG))
        .map_err(broken)?;
    let mut kills = Vec::new();
    let mut record = vec![0; RECORD_BYTES];
    for _ in 0..MOST_RECORDS {
        match file.read(&mut record) {
            Ok(0) => break,
            // The device gives one record for each read; a recorded file gives many lines.
            Ok(n) => kills.extend(
                String::from_utf8_lossy(&record[..n])
                    .lines()
                    .filter_map(|line| parse(line, booted_us)),
            ),
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            // The ring has moved on meanwhile.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            Err(error) => return Err(broken(error)),
        }
    }
    Ok(kills)
}

/// `priority,sequence,microseconds since boot,flags;text`
fn parse(line: &str, booted_us: i64) -> Option<OomKill> {
    let (head, text) = line.split_once(';')?;
    let at = text.find("Killed process ")?;
    if !text.to_ascii_lowercase().contains("out of memory") {
        return None;
    }
    let (pid, rest) = text[at + "Killed process ".len()..].split_once(" (")?;
    Some(OomKill {
        at_us: booted_us + head.split(',').nth(2)?.parse::<i64>().ok()?,
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
        let kills = oom_kills(&tree.host()).unwrap();
        assert_eq!(kills.len(), 2);
        assert_eq!((kills[0].process.as_str(), kills[0].pid), ("chrome", 321));
        assert_eq!(kills[0].at_us, 1_006_000_000);
        assert_eq!(kills[1].process, "java");
    }
}
