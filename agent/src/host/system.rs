//! The machine itself: what it is, its processors, memory, load, clock.

use super::{Host, Unavailable, os};

/// What the firmware says of the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct System {
    pub hostname: String,
    pub vendor: Option<String>,
    pub product: Option<String>,
    pub serial: Option<String>,
    pub board_id: Option<String>,
    /// `laptop`, `desktop`, `server` … (SMBIOS 3.7 §7.4.1).
    pub chassis: Option<String>,
    pub firmware_version: Option<String>,
    pub firmware_date: Option<String>,
    pub virtualisation: Option<String>,
    pub machine_id: Option<String>,
}

/// os-release(5), and what runs of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Os {
    pub id: String,
    pub name: String,
    pub version: Option<String>,
    pub codename: Option<String>,
    /// Last day of its support, `2027-06-01`.
    pub support_end: Option<String>,
    pub kernel: String,
    pub architecture: String,
    pub time_zone: Option<String>,
    pub boot_id: Option<String>,
    pub booted_us: Option<i64>,
}

/// A processor package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cpu {
    pub socket: u32,
    pub model: String,
    pub vendor: Option<String>,
    pub cores: u32,
    pub threads: u32,
    /// The fastest it can go, where the machine says so.
    pub max_hz: Option<u64>,
    pub microcode: Option<String>,
}

/// Time in each mode since boot, in hundredths of a second (proc_stat(5)): user, nice, system, idle, waiting for
/// I/O, hardware interrupts, software interrupts, stolen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CpuTimes {
    /// Absent: all of them together.
    pub cpu: Option<u32>,
    pub modes: [u64; 8],
}

/// Of all processors, since boot; the last two are of now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CpuCounters {
    pub interrupts: u64,
    pub context_switches: u64,
    pub forks: u64,
    pub running: u64,
    pub blocked: u64,
}

/// proc_loadavg(5). Averages in hundredths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    pub minute_1: u64,
    pub minutes_5: u64,
    pub minutes_15: u64,
    pub runnable: u64,
    pub threads: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    Cpu,
    Memory,
    Io,
}

/// Share of time that work stood still, in hundredths of a percent
/// (kernel: Documentation/accounting/psi.rst).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stall {
    pub seconds_10: u64,
    pub seconds_60: u64,
    pub seconds_300: u64,
    pub total_us: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pressure {
    /// At least one task stood still.
    pub some: Option<Stall>,
    /// All did.
    pub full: Option<Stall>,
}

/// proc_meminfo(5), in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    pub total: u64,
    pub free: u64,
    pub available: u64,
    pub buffers: u64,
    pub cached: u64,
    pub active: u64,
    pub inactive: u64,
    pub anonymous: u64,
    pub mapped: u64,
    pub shared: u64,
    pub slab: u64,
    pub slab_reclaimable: u64,
    pub kernel_stack: u64,
    pub page_tables: u64,
    pub dirty: u64,
    pub writeback: u64,
    pub unevictable: u64,
    pub committed: u64,
    pub commit_limit: u64,
    pub swap_total: u64,
    pub swap_free: u64,
    pub swap_cached: u64,
    pub huge_total: u64,
    pub hardware_corrupted: u64,
}

/// proc_vmstat(5), since boot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    pub faults: u64,
    pub major_faults: u64,
    pub paged_in_bytes: u64,
    pub paged_out_bytes: u64,
    pub swapped_in_bytes: u64,
    pub swapped_out_bytes: u64,
    pub oom_kills: u64,
}

/// Sockets in use and what the protocols count since boot (RFC 4022, RFC 4113, RFC 4293).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sockets {
    pub used: u64,
    pub tcp_in_use: u64,
    pub tcp_orphans: u64,
    pub tcp_time_wait: u64,
    pub udp_in_use: u64,
    pub tcp_established: u64,
    pub tcp_opened: u64,
    pub tcp_accepted: u64,
    pub tcp_failed: u64,
    pub tcp_reset: u64,
    pub tcp_sent: u64,
    pub tcp_resent: u64,
    pub tcp_errors: u64,
    pub udp_received: u64,
    pub udp_no_port: u64,
    pub udp_errors: u64,
    pub udp_sent: u64,
    pub ip_discarded: u64,
}

/// A sensor, in thousandths of a degree Celsius.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Temperature {
    pub sensor: String,
    pub millidegrees: i64,
}

/// What the kernel's log still says of kills for want of memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OomLog {
    pub kills: Vec<OomKill>,
    /// Moment of its oldest record, microseconds since 1970 UTC; what was before is forgotten. Absent: nothing is.
    pub begins_us: Option<i64>,
}

/// The kernel ended a process for want of memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OomKill {
    /// Not before this moment and not after the other, microseconds since 1970 UTC: the kernel's log does not count
    /// the time that the machine slept.
    pub from_us: i64,
    pub until_us: i64,
    /// A group of processes had used up what it may have, and not the machine.
    pub of_group: bool,
    pub process: String,
    pub pid: u32,
}

/// What the machine's own time daemon says.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockState {
    /// `chrony`, `systemd-timesyncd`, `ntpd`.
    pub daemon: &'static str,
    pub synchronised: bool,
    /// How far this clock is ahead of the source's, as the daemon last measured.
    pub offset_us: Option<i64>,
    pub source: Option<String>,
}

/// Why the machine wants to be started anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RebootNeed {
    None,
    /// Packages asked for it.
    Packages(Vec<String>),
    /// The running kernel's modules are gone.
    KernelGone {
        running: String,
    },
}

impl Host {
    pub fn system(&self) -> Result<System, Unavailable> {
        os::system(self)
    }

    /// What people call the system and its version, "Debian GNU/Linux 12" (os-release(5)); of one that does not say, its family.
    pub fn os_name(&self) -> String {
        os::os_name(self).unwrap_or_else(|| std::env::consts::OS.to_owned())
    }

    pub fn os(&self) -> Result<Os, Unavailable> {
        os::os(self)
    }

    pub fn cpus(&self) -> Result<Vec<Cpu>, Unavailable> {
        os::cpus(self)
    }

    /// Processors that run now.
    pub fn n_cpus(&self) -> Result<u32, Unavailable> {
        os::n_cpus(self)
    }

    /// Gives `visit` the times of all processors together, then of each.
    pub fn cpu_times(&self, visit: &mut dyn FnMut(CpuTimes)) -> Result<CpuCounters, Unavailable> {
        os::cpu_times(self, visit)
    }

    pub fn load(&self) -> Result<Load, Unavailable> {
        os::load(self)
    }

    pub fn pressure(&self, resource: Resource) -> Result<Pressure, Unavailable> {
        os::pressure(self, resource)
    }

    pub fn memory(&self) -> Result<Memory, Unavailable> {
        os::memory(self)
    }

    pub fn paging(&self) -> Result<Paging, Unavailable> {
        os::paging(self)
    }

    pub fn sockets(&self) -> Result<Sockets, Unavailable> {
        os::sockets(self)
    }

    pub fn temperatures(&self) -> Result<Vec<Temperature>, Unavailable> {
        os::temperatures(self)
    }

    /// Those that the kernel's log still holds, oldest first.
    pub fn oom_kills(&self) -> Result<OomLog, Unavailable> {
        os::oom_kills(self)
    }

    /// Asks the time daemon; for a worker.
    pub fn clock_state(&self) -> Result<ClockState, Unavailable> {
        os::clock_state(self)
    }

    pub fn reboot_need(&self) -> Result<RebootNeed, Unavailable> {
        os::reboot_need(self)
    }

    /// Seconds since boot, sleep included.
    pub fn uptime_seconds(&self) -> Result<u64, Unavailable> {
        os::uptime_seconds(self)
    }
}
