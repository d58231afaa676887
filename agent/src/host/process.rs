//! Processes, users, sessions.

use super::{Host, Unavailable, os};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProcessState {
    Running,
    #[default]
    Sleeping,
    /// Waits for a disk or another machine, and cannot be ended meanwhile.
    Blocked,
    Stopped,
    /// Has ended; its parent has not asked how.
    Zombie,
    Idle,
}

impl ProcessState {
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Sleeping => "sleeping",
            Self::Blocked => "blocked",
            Self::Stopped => "stopped",
            Self::Zombie => "zombie",
            Self::Idle => "idle",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Process {
    pub pid: u32,
    pub parent: u32,
    pub name: String,
    pub user_id: u32,
    pub state: ProcessState,
    /// Microseconds since 1970 UTC, for people: it moves when the clock is set.
    pub started_us: i64,
    /// Microseconds since boot. With the pid it tells a process from any other of this boot.
    pub start_us: i64,
    /// Both modes, since the start.
    pub cpu_us: u64,
    pub resident_bytes: u64,
    pub threads: u32,
    /// Kernel's own.
    pub kernel: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    pub name: String,
    pub id: u32,
    pub group_id: u32,
    pub full_name: String,
    pub home: String,
    pub shell: String,
}

/// Someone is logged in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    pub id: String,
    pub user: String,
    pub terminal: Option<String>,
    /// Where from, when from elsewhere.
    pub remote: Option<String>,
    /// `x11`, `wayland`, `tty`, `mir`, `unspecified`.
    pub kind: Option<String>,
    pub started_us: Option<i64>,
    pub user_id: Option<u32>,
    /// "user", "greeter" and others, as logind has them.
    pub class: Option<String>,
    /// It is the one before whom somebody sits now.
    pub active: bool,
}

/// What the agent itself takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnCost {
    /// In both modes, with children that have ended, in hundredths of a second.
    pub cpu_centiseconds: u64,
    pub resident_bytes: u64,
    pub threads: u64,
    pub descriptors: u64,
}

/// Files without a name on one file system that a process still has open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeletedFiles {
    /// Major and minor number, as a `Filesystem` has it.
    pub device: (u32, u32),
    pub pid: u32,
    pub process: String,
    /// Microseconds since 1970 UTC.
    pub started_us: i64,
    pub bytes: u64,
    /// What the largest was called.
    pub largest: String,
    pub largest_bytes: u64,
}

/// How many files, connections and the like a process has open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Descriptors {
    pub pid: u32,
    pub process: String,
    /// Microseconds since 1970 UTC.
    pub started_us: i64,
    pub used: u64,
    /// `None`: there is no limit.
    pub most: Option<u64>,
}

/// How many processes and threads there are, of those that there may be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskLimit {
    /// A unit of the service manager; `None`: the machine.
    pub unit: Option<String>,
    pub used: u64,
    pub most: u64,
}

/// A process that waits in the kernel and cannot be ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StuckProcess {
    pub pid: u32,
    pub process: String,
    /// Microseconds since 1970 UTC.
    pub started_us: i64,
    /// Since it last ran; `None`: this kernel does not tell.
    pub stuck_us: Option<i64>,
    /// The kernel's function that it waits in, for who may know.
    pub waits_in: Option<String>,
}

/// A file without a name that one process still has open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldFile {
    /// The process's own number of it.
    pub descriptor: u32,
    /// The one it had.
    pub path: String,
    /// What it takes on its file system.
    pub bytes: u64,
    /// Major and minor number of that, as a `Filesystem` has it.
    pub numbers: (u32, u32),
    /// The same as one number, as stat(2) gives it.
    pub device: u64,
    pub inode: u64,
    /// Some process has it in its memory, and would be ended at the next look if it were shorter (mmap(2), SIGBUS).
    pub is_mapped: bool,
}

/// A process that uses what is mounted somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MountUser {
    pub pid: u32,
    pub process: String,
}

impl Host {
    /// The machine's own limit and those of units that have one.
    pub fn task_limits(&self) -> Result<Vec<TaskLimit>, Unavailable> {
        os::task_limits(self)
    }

    /// Processes that wait in the kernel now, its own apart.
    pub fn blocked_processes(&self) -> Result<Vec<StuckProcess>, Unavailable> {
        os::blocked_processes(self)
    }

    /// Files without a name that this process has open, each once; for a worker.
    pub fn held_files(&self, pid: u32) -> Result<Vec<HeldFile>, Unavailable> {
        os::held_files(self, pid)
    }

    /// Processes that have something of `mount` open, or stand in it; for a worker. A process in a container of its own
    /// is not seen.
    pub fn mount_users(&self, mount: &str) -> Result<Vec<MountUser>, Unavailable> {
        os::mount_users(self, mount)
    }

    /// The nice value of a process's first thread.
    pub fn nice(&self, pid: u32) -> Result<i32, Unavailable> {
        os::nice(pid)
    }

    /// A file that several processes have open is counted once. Slow with many processes: for a worker. Permission:
    /// what another user's processes have open is not seen.
    pub fn deleted_files(&self) -> Result<Vec<DeletedFiles>, Unavailable> {
        os::deleted_files(self)
    }

    /// Of each process. For a worker, as above.
    pub fn descriptors(&self) -> Result<Vec<Descriptors>, Unavailable> {
        os::descriptors(self)
    }

    /// All processes, without their arguments. About 10 µs each.
    pub fn processes(&self) -> Result<Vec<Process>, Unavailable> {
        os::processes(self)
    }

    /// One process; `Absent` when there is none.
    pub fn process(&self, pid: u32) -> Result<Process, Unavailable> {
        os::process(self, pid)
    }

    /// Its arguments as it was started or has since written them.
    pub fn arguments(&self, pid: u32) -> Result<Vec<String>, Unavailable> {
        os::arguments(self, pid)
    }

    pub fn users(&self) -> Result<Vec<User>, Unavailable> {
        os::users(self)
    }

    pub fn sessions(&self) -> Result<Vec<Session>, Unavailable> {
        os::sessions(self)
    }

    pub fn n_processes(&self) -> Result<u64, Unavailable> {
        os::n_processes(self)
    }

    pub fn own_cost(&self) -> Result<OwnCost, Unavailable> {
        os::own_cost(self)
    }
}
