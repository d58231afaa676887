//! The machine as a value: where its files are, what time it is, how a program or a worker child is started.
//!
//! What differs per operating system is in `host/linux.rs` and its folder, or in `host/other.rs`; both offer the
//! same functions, so that a table, a metric or a check calls one method and knows no operating system.

mod change;
mod dns;
#[cfg(target_os = "linux")]
mod files;
mod firewall;
mod hardware;
mod lease;
mod meter;
mod network;
mod phrase;
mod plugin;
mod process;
pub mod program;
mod proxy;
mod reach;
mod service;
mod sight;
mod standing;
mod storage;
mod stuck;
mod system;
mod term;
mod unavailable;
mod upkeep;
mod visit;
mod way;
mod x509;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as os;
#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(not(target_os = "linux"))]
use other as os;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::{OnceCell, Semaphore};

use crate::facts::trends::Trend;

pub use change::{Kept, SignalFailed};
pub use dns::{Asked, Question, Record, Reply, ask};
pub use firewall::Chain;
pub use hardware::{Battery, DiskHealth, MemoryErrors, Raid, Sensor, Throttling};
pub use lease::{Lease, LeaseKeeper};
pub(crate) use meter::{Meter, ended, own_cpu_us};
pub use network::{
    Address, Echo, Family, HostsEntry, Interface, InterfaceCounters, Listener, NameServer,
    Neighbour, NeighbourEntry, PortRoom, PortUse, Resolver, ResolverFile, Route,
};
pub use phrase::Phrase;
pub use process::{
    DeletedFiles, Descriptors, HeldFile, MountUser, OwnCost, Process, ProcessState, Session,
    StuckProcess, TaskLimit, User,
};
pub use proxy::Proxy;
pub use reach::Reached;
pub use service::{
    BlockedUnit, LogQuery, LogRecord, Mask, Package, PackageChange, PackageDeed, PackageLock,
    Restarting, Service,
};
pub use sight::{Sight, Unasked};
use standing::Standing;
pub(crate) use standing::Told;
pub use standing::{Collector, StateHome};
pub use storage::{CacheFile, ConfiguredMount, Disk, DiskCounters, Filesystem, Storage, Usage};
pub(crate) use stuck::Stuck;
pub use system::{
    ClockState, Cpu, CpuCounters, CpuTimes, Load, Memory, OomKill, OomLog, Os, Paging, Pressure,
    RebootNeed, Resource, Sockets, Stall, System, Temperature,
};
pub use term::{TERMS, Term};
pub use unavailable::{TEXTS as UNAVAILABLE_TEXTS, Unavailable};
pub use upkeep::{
    Boot, Certificate, Crash, ErrorCount, ErrorLog, KernelMarks, TimeDaemon, Timer, Update,
    Validity,
};
pub use visit::{Answer, Distrust, Gone, Stage, Visit};
pub use way::{Echoes, NextHop, Way};

/// Worker children at a time.
pub const WORKERS: usize = 4;

/// One machine. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Host {
    shared: Arc<Shared>,
    /// Of one look at the machine: what was read for it.
    look: Option<Arc<Look>>,
    /// Of one job.
    meter: Option<Meter>,
}

/// What several that look at once read together.
#[derive(Debug, Default)]
struct Look {
    rooms: OnceCell<Result<Vec<Room>, Unavailable>>,
    ways: OnceCell<Result<Vec<Way>, Unavailable>>,
    asked: OnceCell<Result<Vec<Asked>, Unavailable>>,
    trends: OnceCell<Result<Vec<Trend>, Unavailable>>,
}

/// A file system that can fill up, and how full it is.
pub type Room = (Filesystem, Result<Usage, Unavailable>);

#[derive(Debug)]
struct Shared {
    /// Before every path; empty on the machine itself.
    root: PathBuf,
    clock: Clock,
    workers: Workers,
    places: Arc<Semaphore>,
    stuck: Stuck,
    turns: Arc<Semaphore>,
    values: std::sync::Mutex<crate::plugins::Values>,
    /// Reused for every file, so that a sample allocates nothing for it.
    #[cfg(target_os = "linux")]
    buffer: std::sync::Mutex<Vec<u8>>,
    standing: Standing,
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
                stuck: Stuck::default(),
                turns: Arc::new(Semaphore::new(plugin::TURNS)),
                values: std::sync::Mutex::default(),
                #[cfg(target_os = "linux")]
                buffer: std::sync::Mutex::default(),
                standing: Standing::default(),
            }),
            look: None,
            meter: None,
        }
    }

    /// The same machine for a job whose programs are counted.
    pub(crate) fn metered(&self, meter: &Meter) -> Self {
        Self {
            meter: Some(meter.clone()),
            ..self.clone()
        }
    }

    /// What the programs that are started for this job take.
    pub(crate) fn meter(&self) -> Option<&Meter> {
        self.meter.as_ref()
    }

    /// The same machine for those who look at it together.
    pub(crate) fn for_one_look(&self) -> Self {
        Self {
            shared: self.shared.clone(),
            look: Some(Arc::default()),
            meter: self.meter.clone(),
        }
    }

    fn look(&self) -> Option<&Look> {
        self.look.as_deref()
    }

    /// What `read` gives; read once in one look.
    pub(crate) async fn rooms(
        &self,
        read: impl Future<Output = Result<Vec<Room>, Unavailable>>,
    ) -> Result<Vec<Room>, Unavailable> {
        match self.look() {
            Some(look) => look.rooms.get_or_init(|| read).await.clone(),
            None => read.await,
        }
    }

    /// The same of trends.
    pub(crate) async fn trends(
        &self,
        read: impl Future<Output = Result<Vec<Trend>, Unavailable>>,
    ) -> Result<Vec<Trend>, Unavailable> {
        match self.look() {
            Some(look) => look.trends.get_or_init(|| read).await.clone(),
            None => read.await,
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

    /// Jobs of children that cannot be ended.
    pub(crate) fn stuck(&self) -> &Stuck {
        &self.shared.stuck
    }

    /// Room for `WORKERS` children.
    pub(crate) fn places(&self) -> &Arc<Semaphore> {
        &self.shared.places
    }
}

/// What a worker is and may.
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "nothing is given up there")
)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lowered {
    /// It keeps root's rights; without, it is nobody.
    pub(crate) as_root: bool,
    /// It is last in the queue for processor and disk.
    pub(crate) can_wait: bool,
    /// Processor time.
    pub(crate) cpu: std::time::Duration,
    pub(crate) memory_bytes: u64,
}

/// Makes this process a worker, gone when its parent is. Only for a process with one thread.
pub(crate) fn lower(to: Lowered) -> std::io::Result<()> {
    os::lower(to)
}

/// Makes this process, which was root's, one of the user `name`: with their groups, and no way back. Only for a process
/// with one thread, after `lower`.
///
/// # Errors
/// `NotFound` of a user that this machine does not have.
pub(crate) fn become_user(name: &str) -> std::io::Result<()> {
    os::become_user(name)
}

/// Shows a question on the desktop behind a user's bus, as that user. It may take as long as `within`.
#[cfg(target_os = "linux")]
pub(crate) async fn question(
    bus: &str,
    words: &crate::consent::Words,
    within: std::time::Duration,
) -> zbus::Result<crate::consent::Choice> {
    os::question(bus, words, within).await
}

/// Login and full name of the user with this number; `None`: there is none. It may ask a server far away, and blocks.
#[cfg(unix)]
pub(crate) fn account(user: u32) -> std::io::Result<Option<(String, String)>> {
    os::account(user)
}

/// Ends this worker and all it has started when its parent closes its input, by dying if by nothing else. After `lower`,
/// which would end the worker alone.
pub(crate) fn end_with_parent() -> std::io::Result<()> {
    os::end_with_parent()
}

pub(crate) fn this_is_root() -> bool {
    os::is_root()
}

/// Whether this process is one of the user `name`.
pub(crate) fn is_user(name: &str) -> bool {
    os::is_user(name)
}

/// Whether this process is one of the user with this number.
#[cfg(target_os = "linux")]
pub(crate) fn is_user_number(user: u32) -> bool {
    rustix::process::geteuid().as_raw() == user
}

/// Gives memory that was freed back to the system.
pub(crate) fn give_back() {
    os::give_back();
}

/// Lets go of the program's code until it runs again.
pub(crate) fn let_go() {
    os::let_go();
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
