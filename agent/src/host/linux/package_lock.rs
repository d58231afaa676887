//! Who holds the lock of the package manager (proc_locks(5)).

use std::os::unix::fs::MetadataExt as _;

use super::process::process;
use crate::host::{Host, PackageLock, Term, Unavailable};

const LOCKS: &str = "/proc/locks";
/// Of dpkg and apt, of rpm.
const FILES: &[&str] = &[
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/lock",
    "/var/lib/apt/lists/lock",
    "/var/cache/apt/archives/lock",
    "/var/lib/rpm/.rpm.lock",
    "/usr/lib/sysimage/rpm/.rpm.lock",
];

pub(in crate::host) fn package_lock(host: &Host) -> Result<Option<PackageLock>, Unavailable> {
    let mut files = FILES
        .iter()
        .filter_map(|path| Some((*path, std::fs::metadata(host.path(path)).ok()?)))
        .peekable();
    if files.peek().is_none() {
        return Err(Unavailable::absent(Term::PackageManager));
    }
    let locks: Vec<Lock> =
        host.with_file(LOCKS, |text| text.lines().filter_map(parse).collect())?;
    for (path, file) in files {
        let is_it = |lock: &&Lock| {
            // Some file systems show the kernel another device than programs.
            let same = (rustix::fs::major(file.dev()), rustix::fs::minor(file.dev()));
            lock.inode == file.ino() && (lock.device == same || same.0 == 0 || lock.device.0 == 0)
        };
        if let Some(lock) = locks.iter().find(is_it) {
            let holder = process(host, lock.pid)?;
            return Ok(Some(PackageLock {
                path: path.into(),
                pid: lock.pid,
                process: holder.name,
                started_us: holder.started_us,
            }));
        }
    }
    Ok(None)
}

#[derive(Debug, PartialEq)]
struct Lock {
    pid: u32,
    device: (u32, u32),
    inode: u64,
}

/// `1: POSIX  ADVISORY  WRITE 1234 08:01:5678 0 EOF`. Who waits for a lock has an arrow, and is not who holds it; of a
/// process in another container the number is 0.
fn parse(line: &str) -> Option<Lock> {
    let words = line.split_whitespace().collect::<Vec<_>>();
    let [_, _, _, "WRITE", pid, file, ..] = words[..] else {
        return None;
    };
    let mut parts = file.split(':');
    let mut hexadecimal = || u32::from_str_radix(parts.next()?, 16).ok();
    let device = (hexadecimal()?, hexadecimal()?);
    Some(Lock {
        pid: pid.parse().ok().filter(|pid| *pid > 0)?,
        device,
        inode: parts.next()?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn the_holder_is_told_from_who_waits() {
        let lock = parse("3: POSIX  ADVISORY  WRITE 812 fe:01:131 0 EOF").unwrap();
        assert_eq!((lock.pid, lock.device, lock.inode), (812, (0xfe, 1), 131));
        for other in [
            "3: -> POSIX  ADVISORY  WRITE 813 fe:01:131 0 EOF",
            "4: POSIX  ADVISORY  READ 812 fe:01:131 0 EOF",
            "5: OFDLCK ADVISORY  WRITE -1 fe:01:131 0 EOF",
            "6: POSIX  ADVISORY  WRITE 0 fe:01:131 0 EOF",
            "nonsense",
        ] {
            assert_eq!(parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_lock_that_no_process_holds_is_none() {
        let tree = Tree::new(&[("/var/lib/dpkg/lock", ""), (LOCKS, "")]);
        assert_eq!(package_lock(&tree.host()), Ok(None));
        let inode = std::fs::metadata(tree.host().path("/var/lib/dpkg/lock")).unwrap();
        let held = format!("1: POSIX  ADVISORY  WRITE 9 00:05:{} 0 EOF\n", inode.ino());
        tree.write(LOCKS, &held);
        tree.write("/proc/stat", "btime 1000\n");
        tree.write(
            "/proc/9/stat",
            "9 (apt-get) S 1 1 1 0 -1 4194560 1 0 0 0 1 5 0 0 20 0 1 0 500 1 25 1",
        );
        let found = package_lock(&tree.host()).unwrap().unwrap();
        assert_eq!(
            (found.process.as_str(), found.started_us),
            ("apt-get", 1_005_000_000)
        );
        assert!(package_lock(&Tree::new(&[]).host()).is_err());
    }
}
