//! Services, packages, logs. All of it is for a worker.

use super::{Host, Unavailable, os};

/// A service of the service manager.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// `ssh.service`.
    pub unit: String,
    pub description: String,
    /// `loaded`, `not-found`, `masked`, `error`.
    pub load: String,
    /// `active`, `inactive`, `failed`, `activating`, `deactivating`.
    pub active: String,
    /// The manager's finer word: `running`, `exited`, `auto-restart`.
    pub sub: String,
    /// `enabled`, `disabled`, `static`, `masked`.
    pub enabled: Option<String>,
    /// Why it failed: `exit-code`, `signal`, `timeout`, `oom-kill`, `start-limit-hit`.
    pub result: Option<String>,
    /// Exit status or signal number of its main process.
    pub exit_status: Option<i64>,
    /// How often the manager has started it anew by itself.
    pub restarts: Option<i64>,
    /// When it came into this state, microseconds since 1970 UTC.
    pub since_us: Option<i64>,
}

/// A service that the manager has started anew by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restarting {
    pub service: Service,
    /// Restarts in the time asked for; `None`: no journal tells.
    pub recent: Option<u64>,
}

/// A unit that is wanted and cannot be started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockedUnit {
    pub unit: String,
    /// Else there is no file of it.
    pub is_masked: bool,
    /// An active target that it is enabled for, though masked.
    pub wanted_by: Option<String>,
    /// A unit that needs it and is enabled or runs.
    pub needed_by: Option<String>,
    pub needed_by_runs: bool,
}

/// How long an administrator has forbidden a unit to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    Lasting,
    UntilRestart,
}

/// A process holds the lock of the package manager.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageLock {
    pub path: String,
    pub pid: u32,
    pub process: String,
    /// Microseconds since 1970 UTC; it holds the lock since then at most.
    pub started_us: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    pub name: String,
    pub version: String,
    pub architecture: String,
    /// `dpkg`, `rpm`.
    pub manager: &'static str,
    /// `installed`, or what else dpkg calls it: `half-configured`.
    pub state: String,
    pub installed_bytes: Option<u64>,
}

/// What the package manager would do to one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageChange {
    pub deed: PackageDeed,
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageDeed {
    Install,
    Configure,
    Remove,
}

impl PackageDeed {
    pub const ALL: [Self; 3] = [Self::Install, Self::Configure, Self::Remove];

    pub fn word(self) -> &'static str {
        match self {
            Self::Install => "install",
            Self::Configure => "configure",
            Self::Remove => "remove",
        }
    }
}

/// Which records of the log are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogQuery {
    pub unit: Option<String>,
    /// Microseconds since 1970 UTC.
    pub since_us: Option<i64>,
    pub until_us: Option<i64>,
    /// At most this syslog severity (RFC 5424 §6.2.1): 3 is errors and worse.
    pub severity: Option<u8>,
    /// Part of the text, as it stands.
    pub contains: Option<String>,
    /// The last ones of this many.
    pub most: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogRecord {
    pub at_us: i64,
    pub severity: Option<u8>,
    pub unit: Option<String>,
    pub program: Option<String>,
    pub pid: Option<u32>,
    pub text: String,
}

impl Host {
    /// Services that the manager knows. `Absent` where no manager runs.
    pub fn services(&self) -> Result<Vec<Service>, Unavailable> {
        os::services(self, false)
    }

    /// Only those that failed, with why.
    pub fn failed_services(&self) -> Result<Vec<Service>, Unavailable> {
        os::services(self, true)
    }

    /// Those that run or are about to and that the manager has started anew; counted is what it did since `since_us`.
    pub fn restarting_services(&self, since_us: i64) -> Result<Vec<Restarting>, Unavailable> {
        os::restarting_services(self, since_us)
    }

    /// Units that are enabled, or needed by what is, and that are masked or not there.
    pub fn blocked_units(&self) -> Result<Vec<BlockedUnit>, Unavailable> {
        os::blocked_units(self)
    }

    /// The administrator's mask of a unit; `None`: there is none, though its package may bring one.
    pub fn mask(&self, unit: &str) -> Option<Mask> {
        os::mask(self, unit)
    }

    /// Whether a service manager runs at all; cheap.
    pub fn has_service_manager(&self) -> bool {
        os::has_service_manager(self)
    }

    pub fn packages(&self) -> Result<Vec<Package>, Unavailable> {
        os::packages(self)
    }

    /// Name and state of each package that is not completely installed.
    pub fn broken_packages(&self) -> Result<Vec<(String, String)>, Unavailable> {
        os::broken_packages(self)
    }

    /// What the package manager would do to finish what is half installed; for a worker.
    pub fn package_repair(&self) -> Result<Vec<PackageChange>, Unavailable> {
        os::package_repair(self)
    }

    /// Who works on packages now; cheap.
    pub fn package_lock(&self) -> Result<Option<PackageLock>, Unavailable> {
        os::package_lock(self)
    }

    /// The folders or the file that `logs` reads.
    pub fn log_sources(&self) -> Vec<&'static str> {
        os::log_sources(self)
    }

    /// The last records that match, oldest first.
    pub fn logs(&self, query: &LogQuery) -> Result<Vec<LogRecord>, Unavailable> {
        os::logs(self, query)
    }
}
