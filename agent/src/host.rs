//! The machine as a value: where its files are, what time it is, how a program or a worker child is started.
//!
//! What differs per operating system is in `host/linux.rs` and its folder, or in `host/other.rs`; both offer the
//! same functions, so that a table, a metric or a check calls one method and knows no operating system.

mod change;
mod network;
mod process;
pub mod program;
mod service;
mod storage;
mod system;
mod unavailable;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as os;
#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(not(target_os = "linux"))]
use other as os;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::Semaphore;

pub use change::{Kept, SignalFailed};
pub use network::{
    Address, Echo, Family, Interface, InterfaceCounters, Listener, NameServer, Neighbour, Route,
};
pub use process::{OwnCost, Process, ProcessState, Session, User};
pub use service::{LogQuery, LogRecord, Package, Service};
pub use storage::{CacheFile, Disk, DiskCounters, Filesystem, Storage, Usage};
pub use system::{
    ClockState, Cpu, CpuCounters, CpuTimes, Load, Memory, OomKill, Os, Paging, Pressure,
    RebootNeed, Resource, Sockets, Stall, System, Temperature,
};
pub use unavailable::{TEXTS as UNAVAILABLE_TEXTS, Unavailable};

/// Worker children at a time.
pub const WORKERS: usize = 4;
/// Largest file of the system that is read whole.
const FILE_BYTES: usize = 16 << 20;

/// One machine. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Host {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Before every path; empty on the machine itself.
    root: PathBuf,
    clock: Clock,
    workers: Workers,
    places: Arc<Semaphore>,
    /// Reused for every file, so that a sample allocates nothing for it.
    buffer: Mutex<Vec<u8>>,
}

#[derive(Clone, Copy, Debug)]
enum Clock {
    System,
    Fixed { us: i64 },
}

/// Where what belongs into a worker is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Workers {
    /// In this process: recorded trees in tests, and inside the worker itself.
    Here,
    /// In a child of this binary, whatever has become of its path.
    Child,
    /// In a child of the program at this path.
    Program(PathBuf),
}

impl Host {
    /// The machine this process runs on.
    pub fn this() -> Self {
        Self::with(PathBuf::new(), Clock::System, Workers::Child)
    }

    /// A recorded tree below `root`, at the moment `now_us` (microseconds since 1970 UTC).
    pub fn recorded(root: impl Into<PathBuf>, now_us: i64) -> Self {
        Self::with(root.into(), Clock::Fixed { us: now_us }, Workers::Here)
    }

    /// The same machine with its worker's jobs done as told.
    pub fn with_workers(&self, workers: Workers) -> Self {
        Self::with(self.shared.root.clone(), self.shared.clock, workers)
    }

    fn with(root: PathBuf, clock: Clock, workers: Workers) -> Self {
        Self {
            shared: Arc::new(Shared {
                root,
                clock,
                workers,
                places: Arc::new(Semaphore::new(WORKERS)),
                buffer: Mutex::default(),
            }),
        }
    }

    /// Microseconds since 1970 UTC.
    pub fn now_us(&self) -> i64 {
        match self.shared.clock {
            Clock::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| since.as_micros() as i64),
            Clock::Fixed { us } => us,
        }
    }

    /// Whether this is the running machine and no recorded tree.
    pub fn is_live(&self) -> bool {
        self.shared.root.as_os_str().is_empty()
    }

    pub(crate) fn root(&self) -> &Path {
        &self.shared.root
    }

    pub(crate) fn workers(&self) -> &Workers {
        &self.shared.workers
    }

    /// Room for `WORKERS` children.
    pub(crate) fn places(&self) -> &Arc<Semaphore> {
        &self.shared.places
    }

    /// Where the machine's absolute `path` is on this one.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        if self.is_live() {
            return PathBuf::from(path);
        }
        self.shared.root.join(path.trim_start_matches('/'))
    }

    /// Gives `read` the content of the machine's file at the absolute `path`; bytes that are no UTF-8 become
    /// U+FFFD.
    pub(crate) fn with_file<T>(
        &self,
        path: &str,
        read: impl FnOnce(&str) -> T,
    ) -> Result<T, Unavailable> {
        let mut buffer = {
            let mut shared = self
                .shared
                .buffer
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *shared)
        };
        buffer.clear();
        let outcome = if self.is_live() {
            fill(Path::new(path), &mut buffer)
        } else {
            fill(&self.path(path), &mut buffer)
        }
        .map_err(|error| Unavailable::io(path, &error))
        .map(|()| read(&String::from_utf8_lossy(&buffer)));
        if buffer.capacity() > 256 << 10 {
            buffer = Vec::new();
        }
        *self
            .shared
            .buffer
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = buffer;
        outcome
    }

    /// The file's whole text.
    pub(crate) fn text(&self, path: &str) -> Result<String, Unavailable> {
        self.with_file(path, str::to_owned)
    }

    /// A file that holds one line, without spaces around it; none when it is empty or not there.
    pub(crate) fn line(&self, path: &str) -> Option<String> {
        self.with_file(path, |text| {
            let line = text.lines().next().unwrap_or_default();
            let line = line.trim_matches(|c: char| c.is_whitespace() || c == '\0');
            (!line.is_empty()).then(|| line.to_owned())
        })
        .ok()
        .flatten()
    }

    /// A file that holds one whole number.
    pub(crate) fn number(&self, path: &str) -> Option<i64> {
        self.with_file(path, |text| text.trim().parse().ok())
            .ok()
            .flatten()
    }

    /// Names in the machine's folder at the absolute `path`, sorted.
    pub(crate) fn names(&self, path: &str) -> Result<Vec<String>, Unavailable> {
        let mut names = std::fs::read_dir(self.path(path))
            .map_err(|error| Unavailable::io(path, &error))?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect::<Vec<_>>();
        names.sort_unstable();
        Ok(names)
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }
}

/// Appends the file at `path` to `buffer`, in as few reads as a file of /proc takes.
fn fill(path: &Path, buffer: &mut Vec<u8>) -> std::io::Result<()> {
    use std::io::Read as _;
    let mut file = std::fs::File::open(path)?;
    loop {
        let length = buffer.len();
        if length > FILE_BYTES {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        buffer.resize((length * 2).max(8 << 10), 0);
        match file.read(&mut buffer[length..]) {
            Ok(0) => {
                buffer.truncate(length);
                return Ok(());
            }
            Ok(n) => buffer.truncate(length + n),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {
                buffer.truncate(length);
            }
            Err(error) => {
                buffer.truncate(length);
                return Err(error);
            }
        }
    }
}

/// Makes this process what a worker is: last in the queue for processor and disk, limited to `cpu` time and
/// `memory_bytes`, gone when its parent is, and nobody where `as_root` is not set.
///
/// Only for a process with one thread.
pub(crate) fn lower(
    as_root: bool,
    cpu: std::time::Duration,
    memory_bytes: u64,
) -> std::io::Result<()> {
    os::lower(as_root, cpu, memory_bytes)
}

#[cfg(test)]
pub(crate) mod recorded {
    //! Small trees written by tests.

    use std::path::PathBuf;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::Host;

    /// A folder that is gone when the test is.
    pub(crate) struct Tree {
        root: PathBuf,
    }

    impl Tree {
        /// Files by absolute path and content.
        pub(crate) fn new(files: &[(&str, &str)]) -> Self {
            static N_TREES: AtomicUsize = AtomicUsize::new(0);
            let number = N_TREES.fetch_add(1, Ordering::Relaxed);
            let root = std::env::temp_dir().join(format!("sonde-{}-{number}", std::process::id()));
            std::fs::create_dir_all(&root).unwrap();
            let tree = Self { root };
            for (path, content) in files {
                tree.write(path, content);
            }
            tree
        }

        pub(crate) fn write(&self, path: &str, content: &str) {
            let path = self.root.join(path.trim_start_matches('/'));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }

        /// At 2026-11-24 05:45:00 UTC.
        pub(crate) fn host(&self) -> Host {
            Host::recorded(&self.root, 1_795_499_100_000_000)
        }
    }

    impl Drop for Tree {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.root).ok();
        }
    }
}
