//! Emptying a file that has no name any more, through the process that still has it open.

use rustix::fs::{FileType, Mode, OFlags, fstat, ftruncate, open};

use super::folder::kept;
use super::open_file::BLOCK_BYTES;
use super::signal::handle;
use crate::host::{Host, Kept};
use crate::plan::File;

pub(in crate::host) fn release(
    host: &Host,
    pid: u32,
    start_us: i64,
    descriptor: u32,
    file: &File,
) -> Result<u64, Kept> {
    let handle = handle(host, pid, start_us).map_err(|_| Kept::Gone)?;
    let link = host.path(&format!("/proc/{pid}/fd/{descriptor}"));
    // Looked at before it is opened: opening what is no plain file may do something.
    let found = open(link, OFlags::PATH | OFlags::CLOEXEC, Mode::empty()).map_err(kept)?;
    let stat = fstat(&found).map_err(kept)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile || stat.st_nlink != 0 {
        return Err(Kept::Changed);
    }
    if stat.st_dev != file.device || stat.st_ino != file.inode {
        return Err(Kept::Changed);
    }
    let own = std::os::fd::AsRawFd::as_raw_fd(&found);
    let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let writable = open(format!("/proc/self/fd/{own}"), flags, Mode::empty()).map_err(kept)?;
    drop(handle);
    ftruncate(&writable, 0).map_err(kept)?;
    Ok(stat.st_blocks as u64 * BLOCK_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;
    use std::os::unix::fs::MetadataExt as _;

    fn planned(file: &std::fs::File) -> File {
        let stat = file.metadata().unwrap();
        File {
            path: "/gone".into(),
            bytes: stat.len(),
            device: stat.dev(),
            inode: stat.ino(),
        }
    }

    #[test]
    fn only_the_very_file_of_the_very_process_is_emptied() {
        let host = Host::this();
        let pid = std::process::id();
        let start_us = host.process(pid).unwrap().start_us;
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[7; 1 << 16]).unwrap();
        let planned_file = planned(&file);
        let number = file.as_raw_fd() as u32;
        let release = |start_us, number, file: &File| release(&host, pid, start_us, number, file);

        let other = File {
            inode: planned_file.inode + 1,
            ..planned_file.clone()
        };
        assert_eq!(release(start_us, number, &other), Err(Kept::Changed));
        assert_eq!(
            release(start_us + 10_000, number, &planned_file),
            Err(Kept::Gone)
        );
        let mut named = tempfile::NamedTempFile::new().unwrap();
        named.write_all(b"dear").unwrap();
        let at = named.as_file().as_raw_fd() as u32;
        assert_eq!(
            release(start_us, at, &planned(named.as_file())),
            Err(Kept::Changed)
        );
        assert_eq!(named.as_file().metadata().unwrap().len(), 4);
        assert_eq!(file.metadata().unwrap().len(), 1 << 16);

        assert!(release(start_us, number, &planned_file).is_ok());
        assert_eq!(file.metadata().unwrap().len(), 0);
    }
}
