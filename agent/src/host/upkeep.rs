//! What keeps a machine going, and what shows that it does not: time daemons, crashes, updates, certificates, starts.
//! All of it but the kernel's marks is for a worker.

use super::{Host, Unavailable, os};

/// A program that keeps the clock right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeDaemon {
    /// `chrony`, `ntpd`, `phc2sys`, `systemd-timesyncd`.
    pub name: String,
    /// Servers and clocks that it may ask; `None`: it does not say.
    pub sources: Option<u64>,
}

/// A program ended because of an error of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crash {
    /// Microseconds since 1970 UTC.
    pub at_us: i64,
    pub program: String,
    pub pid: Option<u32>,
    /// Who recorded it: `systemd-coredump`, `apport`, `kernel`.
    pub source: &'static str,
    /// What the kernel said, or where the memory was kept.
    pub detail: String,
}

/// What the kernel has noted against itself (kernel: Documentation/admin-guide/tainted-kernels.rst).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KernelMarks {
    /// It went on after an oops or a BUG.
    pub has_died: bool,
    /// A processor was kept busy in the kernel for too long.
    pub has_locked_up: bool,
    /// The processor reported an error of the machine.
    pub has_machine_check: bool,
    /// Modules from elsewhere were loaded: the kernel's own people do not answer for them.
    pub has_foreign_modules: bool,
    /// First line of what the log says of it, where it still does.
    pub said: Option<String>,
    /// Records of a kernel that died before this start, as the firmware kept them (pstore).
    pub kept: Vec<String>,
}

/// A newer version of an installed package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Update {
    pub package: String,
    pub installed: String,
    pub available: String,
    /// It closes a hole.
    pub is_security: bool,
}

/// A certificate that a service of this machine shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub path: String,
    /// The service, or the folder that keeps it.
    pub used_by: String,
    pub validity: Result<Validity, Unavailable>,
}

/// Whom a certificate names, and from when until when, microseconds since 1970 UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    pub subject: String,
    pub issuer: String,
    pub not_before_us: i64,
    pub not_after_us: i64,
}

/// Errors in the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorLog {
    pub counts: Vec<ErrorCount>,
    /// How far back they were counted.
    pub reaches_us: i64,
    pub window_us: i64,
}

/// What one program wrote in one window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorCount {
    /// 0: the window that ends now.
    pub windows_ago: u64,
    /// Empty: several of them.
    pub program: String,
    pub errors: u64,
}

/// A start of the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Boot {
    /// Microseconds since 1970 UTC.
    pub at_us: i64,
    /// The last that is known of it.
    pub until_us: Option<i64>,
    pub id: Option<String>,
    /// It came to its end as it should; `None`: that is not on record, or it has not ended.
    pub was_shut_down: Option<bool>,
}

/// What the service manager starts at a time (systemd.timer(5)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timer {
    pub unit: String,
    pub is_active: bool,
    /// The unit that it starts.
    pub starts: String,
    /// Microseconds since 1970 UTC.
    pub last_us: Option<i64>,
    pub next_us: Option<i64>,
    pub result: Option<String>,
}

impl Host {
    /// Time daemons that run, each once.
    pub fn time_daemons(&self) -> Result<Vec<TimeDaemon>, Unavailable> {
        os::time_daemons(self)
    }

    /// Whether anything on this machine may set its clock; in most containers nothing may. Cheap.
    pub fn may_set_clock(&self) -> Result<bool, Unavailable> {
        os::may_set_clock(self)
    }

    /// Crashes that are on record, oldest first.
    pub fn crashes(&self) -> Result<Vec<Crash>, Unavailable> {
        os::crashes(self)
    }

    /// Reads the log only where there is a mark. Cheap.
    pub fn kernel_marks(&self) -> Result<KernelMarks, Unavailable> {
        os::kernel_marks(self)
    }

    /// What could be installed, by the package manager's own lists.
    pub fn updates(&self) -> Result<Vec<Update>, Unavailable> {
        os::updates(self)
    }

    /// When those lists were fetched, microseconds since 1970 UTC. Cheap.
    pub fn lists_fetched_us(&self) -> Option<i64> {
        os::lists_fetched_us(self)
    }

    /// Certificates in the files that configurations of services name.
    pub fn certificates(&self) -> Result<Vec<Certificate>, Unavailable> {
        os::certificates(self)
    }

    /// Errors of the last day, as the journal has them.
    pub fn error_log(&self) -> Result<ErrorLog, Unavailable> {
        os::error_log(self)
    }

    /// Starts that are on record, oldest first.
    pub fn boots(&self) -> Result<Vec<Boot>, Unavailable> {
        os::boots(self)
    }

    pub fn timers(&self) -> Result<Vec<Timer>, Unavailable> {
        os::timers(self)
    }
}
