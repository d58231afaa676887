//! What changes the machine, beside starting programs. Only `apply` calls it.

use std::time::Duration;

use crate::plan::{File, Signal};

use super::{Host, os};

/// Why a file was left alone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Kept {
    /// There is a link on the way, or another file system.
    #[error("its way there leads elsewhere")]
    LeadsElsewhere,
    #[error("a folder on the way may be changed by others")]
    FolderOfOthers,
    #[error("it is another file now")]
    Changed,
    #[error("it belongs to another user")]
    FileOfOthers,
    #[error("it is gone")]
    Gone,
    #[error("files are not changed on this operating system")]
    Unsupported,
    #[error("{why}")]
    Refused { why: String },
}

/// Why a process was not signalled, or is still there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignalFailed {
    /// It is gone, or its number belongs to another.
    OtherProcess,
    StillRuns,
    Refused {
        why: String,
    },
}

impl Host {
    /// Whether this process has root's rights.
    pub fn is_root(&self) -> bool {
        os::is_root()
    }

    /// Removes `file` below the absolute folder `root`; gives the bytes freed.
    ///
    /// Every folder on the way is opened from the one before without following links; each must belong to root or
    /// to this user, and be writable by nobody else.
    pub(crate) fn remove(&self, root: &str, file: &File) -> Result<u64, Kept> {
        os::remove(self, root, file)
    }

    /// Replaces line `line` of the file at `path` (see `Step::ChangeLine`). The way there is gone as for `remove`; owner,
    /// mode, extended attributes and all other lines stay as they are.
    pub(crate) fn change_line(
        &self,
        path: &str,
        line: u32,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<(), Kept> {
        os::change_line(self, path, line, from, to)
    }

    /// Empties `file`, which has no name any more and which this process has open; gives the bytes freed.
    pub(crate) fn release(
        &self,
        pid: u32,
        start_us: i64,
        descriptor: u32,
        file: &File,
    ) -> Result<u64, Kept> {
        os::release(self, pid, start_us, descriptor, file)
    }

    /// Gives those threads of the process that has this number and start the nice value `to` that have `from`.
    pub(crate) fn renice(
        &self,
        pid: u32,
        start_us: i64,
        from: i32,
        to: i32,
    ) -> Result<(), SignalFailed> {
        os::renice(self, pid, start_us, from, to)
    }

    /// Signals the process that has this number and start, and waits at most `wait` until it is gone; not at all
    /// where the signal ends nothing.
    pub(crate) async fn signal(
        &self,
        pid: u32,
        start_us: i64,
        signal: Signal,
        wait: Duration,
    ) -> Result<(), SignalFailed> {
        os::signal(self, pid, start_us, signal, wait).await
    }
}
