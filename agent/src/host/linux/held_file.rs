//! Files without a name that one process has open, one by one.

use std::collections::HashSet;
use std::os::unix::fs::MetadataExt as _;

use super::open_file::{BLOCK_BYTES, DELETED, numbers};
use super::process::each_pid;
use crate::host::{HeldFile, Host, Unavailable};

pub(in crate::host) fn held_files(host: &Host, pid: u32) -> Result<Vec<HeldFile>, Unavailable> {
    let mut held = Vec::new();
    let mut seen = HashSet::new();
    for name in host.names(&format!("/proc/{pid}/fd"))? {
        let link = host.path(&format!("/proc/{pid}/fd/{name}"));
        // What is closed meanwhile is no error.
        let (Ok(target), Ok(file)) = (std::fs::read_link(&link), std::fs::metadata(&link)) else {
            continue;
        };
        let path = target.to_str().and_then(|path| path.strip_suffix(DELETED));
        let (Some(path), Ok(descriptor)) = (path, name.parse()) else {
            continue;
        };
        if file.is_file() && file.nlink() == 0 && seen.insert((file.dev(), file.ino())) {
            held.push(HeldFile {
                descriptor,
                path: path.to_owned(),
                bytes: file.blocks() * BLOCK_BYTES,
                numbers: numbers(file.dev()),
                device: file.dev(),
                inode: file.ino(),
                is_mapped: false,
            });
        }
    }
    if !held.is_empty() {
        let mapped = mapped(host, pid)?;
        for file in &mut held {
            file.is_mapped = mapped.contains(&file.inode);
        }
    }
    Ok(held)
}

/// Inodes of files without a name that this process, or another one that may be looked into, has in its memory
/// (proc_pid_maps(5)). Root may look into all but those that have more rights than itself, from outside a container.
/// Devices are not compared: some file systems tell another one there.
fn mapped(host: &Host, pid: u32) -> Result<HashSet<u64>, Unavailable> {
    let mut inodes = HashSet::new();
    let mut read = |pid: u32| {
        host.with_file(&format!("/proc/{pid}/maps"), |text| {
            inodes.extend(text.lines().filter_map(gone));
        })
    };
    read(pid)?;
    each_pid(host, &mut |other| drop(read(other)))?;
    Ok(inodes)
}

/// Address, permissions, offset, device, inode, path.
fn gone(line: &str) -> Option<u64> {
    let line = line.strip_suffix(DELETED)?;
    line.split_ascii_whitespace().nth(4)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn each_file_without_a_name_is_told_and_none_with_one() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[7; 1 << 16]).unwrap();
        file.sync_all().unwrap();
        let named = tempfile::Builder::new().suffix(DELETED).tempfile();
        let named = named.unwrap();
        let inode = |file: &std::fs::File| file.metadata().unwrap().ino();
        let held = held_files(&Host::this(), std::process::id()).unwrap();
        let own = held.iter().find(|held| held.inode == inode(&file)).unwrap();
        assert!(own.bytes >= 1 << 16 && !own.is_mapped, "{held:?}");
        assert!(held.iter().all(|held| held.inode != inode(named.as_file())));
    }

    #[test]
    fn a_file_in_memory_is_known_by_its_inode() {
        let line = "7f0c1000-7f0c2000 r--s 00000000 fd:01 1234        /var/lib/x y.db (deleted)";
        assert_eq!(gone(line), Some(1234));
        assert_eq!(gone("7f0c1000-7f0c2000 r--p 0 fd:01 7 /usr/lib/x.so"), None);
    }
}
