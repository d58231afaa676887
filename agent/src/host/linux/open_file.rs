//! /proc/PID/fd: what processes hold open.

use std::collections::{BTreeMap, HashSet};
use std::os::unix::fs::MetadataExt as _;

use super::process::{each_pid, process};
use crate::host::{DeletedFiles, Descriptors, Host, Term, Unavailable};

const WHAT: Term = Term::OthersFiles;
/// proc_pid_fd(5): what the link of a file says that has no name any more.
pub(super) const DELETED: &str = " (deleted)";
/// st_blocks counts these (stat(3type)).
pub(super) const BLOCK_BYTES: u64 = 512;

/// Gives `visit` each process and the names in its fd folder. Permission: of one at least they may not be seen.
fn each_folder(host: &Host, visit: &mut dyn FnMut(u32, &[String])) -> Result<(), Unavailable> {
    let mut hidden = None;
    each_pid(
        host,
        &mut |pid| match host.names(&format!("/proc/{pid}/fd")) {
            Ok(names) => visit(pid, &names),
            Err(Unavailable::Permission { .. }) => hidden = Some(pid),
            // It has ended meanwhile.
            Err(_) => {}
        },
    )?;
    match hidden {
        Some(_) => Err(Unavailable::Permission { what: WHAT.into() }),
        None => Ok(()),
    }
}

pub(in crate::host) fn deleted_files(host: &Host) -> Result<Vec<DeletedFiles>, Unavailable> {
    let mut held = BTreeMap::<((u32, u32), u32), DeletedFiles>::new();
    let mut seen = HashSet::new();
    each_folder(host, &mut |pid, names| {
        for name in names {
            let link = host.path(&format!("/proc/{pid}/fd/{name}"));
            let Ok(target) = std::fs::read_link(&link) else {
                continue;
            };
            let Some(path) = target.to_str().and_then(|path| path.strip_suffix(DELETED)) else {
                continue;
            };
            let Ok(file) = std::fs::metadata(&link) else {
                continue;
            };
            let is_new = seen.insert((file.dev(), file.ino()));
            if !file.is_file() || file.nlink() > 0 || !is_new {
                continue;
            }
            let device = numbers(file.dev());
            let bytes = file.blocks() * BLOCK_BYTES;
            let of = held.entry((device, pid)).or_insert_with(|| DeletedFiles {
                device,
                pid,
                ..DeletedFiles::default()
            });
            of.bytes += bytes;
            if bytes >= of.largest_bytes {
                of.largest_bytes = bytes;
                of.largest = path.to_owned();
            }
        }
    })?;
    let mut held: Vec<DeletedFiles> = held.into_values().collect();
    for one in &mut held {
        if let Ok(process) = process(host, one.pid) {
            (one.process, one.started_us) = (process.name, process.started_us);
        }
    }
    Ok(held)
}

pub(in crate::host) fn descriptors(host: &Host) -> Result<Vec<Descriptors>, Unavailable> {
    let mut all = Vec::new();
    each_folder(host, &mut |pid, names| {
        let limits = host.text(&format!("/proc/{pid}/limits"));
        if let (Ok(limits), Ok(process)) = (limits, process(host, pid)) {
            all.push(Descriptors {
                pid,
                process: process.name,
                started_us: process.started_us,
                used: names.len() as u64,
                most: most_files(&limits),
            });
        }
    })?;
    Ok(all)
}

/// Major and minor.
pub(super) fn numbers(device: u64) -> (u32, u32) {
    (rustix::fs::major(device), rustix::fs::minor(device))
}

/// The soft limit of proc_pid_limits(5); `None`: unlimited.
fn most_files(limits: &str) -> Option<u64> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_file_that_is_gone_and_open_is_held_by_this_process() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[7; 1 << 16]).unwrap();
        file.sync_all().unwrap();
        let device = file.metadata().unwrap().dev();
        let device = numbers(device);
        let host = Host::this();
        match deleted_files(&host) {
            Ok(held) => {
                let own = held
                    .iter()
                    .find(|held| held.pid == std::process::id() && held.device == device);
                assert!(own.unwrap().bytes >= 1 << 16, "{held:?}");
            }
            Err(why) => assert_eq!(why, Unavailable::Permission { what: WHAT.into() }),
        }
    }

    #[test]
    fn the_soft_limit_counts() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units\n\
                      Max open files            1024                 524288               files\n";
        assert_eq!(most_files(limits), Some(1024));
        assert_eq!(
            most_files("Max open files   unlimited unlimited files\n"),
            None
        );
        if let Ok(all) = descriptors(&Host::this()) {
            let own = all.iter().find(|one| one.pid == std::process::id());
            assert!(own.unwrap().used > 2, "{own:?}");
        }
    }
}
