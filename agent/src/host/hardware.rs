//! The machine's parts and how they fare: sensors, battery, memory modules, arrays, disks.

use super::{Host, Unavailable, os};

/// A sensor that has limits of its own, as its driver tells them (kernel: Documentation/hwmon/sysfs-interface.rst).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sensor {
    pub name: String,
    /// Turns in a minute; else thousandths of a degree Celsius.
    pub is_fan: bool,
    pub value: i64,
    /// A fan's least, where one is set.
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub critical: Option<i64>,
    /// The chip itself says that it is critical.
    pub has_alarm: bool,
}

/// kernel: Documentation/ABI/testing/sysfs-class-power
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Battery {
    pub name: String,
    /// What it holds when it is full, of what it was made for.
    pub health_percent: Option<u64>,
    pub cycles: Option<u64>,
    /// What its own electronics say: `Good`, `Overheat`, `Dead`.
    pub health: Option<String>,
    pub model: Option<String>,
}

/// Errors of a memory module, since the driver counts (kernel: Documentation/driver-api/edac.rst).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryErrors {
    /// What the board calls its place, or the controller where no module is told.
    pub module: String,
    pub corrected: u64,
    pub uncorrected: u64,
}

/// An array of disks, of /proc/mdstat (md(4)).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Raid {
    pub name: String,
    /// `raid1`; empty: it does not run.
    pub level: String,
    pub is_active: bool,
    /// Members that it wants, and that it has.
    pub wanted: u64,
    pub working: u64,
    pub failed: Vec<String>,
    /// A member is being filled.
    pub rebuilt_percent: Option<f64>,
}

/// How long the processors were slowed down for heat since boot (kernel: arch/x86/kernel/cpu/mce/therm_throt.c).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Throttling {
    pub times: u64,
    /// Of the processor that was slowed down for longest; absent: this kernel counts the times only.
    pub longest_ms: Option<u64>,
}

/// What a disk says of itself, as smartctl(8) reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiskHealth {
    /// As in /dev.
    pub disk: String,
    pub model: Option<String>,
    pub serial: Option<String>,
    /// Its own verdict.
    pub has_passed: Option<bool>,
    /// Attributes that have fallen below what the maker allows.
    pub failing: Vec<String>,
    /// Sectors that were replaced, that wait to be, and that could not be read.
    pub reallocated: Option<u64>,
    pub pending: Option<u64>,
    pub uncorrectable: Option<u64>,
    /// Of NVMe: errors of the flash memory, spare and least spare, life used (NVM Express Base Specification 2.0, §5.16.1.3).
    pub media_errors: Option<u64>,
    pub spare_percent: Option<u64>,
    pub spare_least_percent: Option<u64>,
    pub used_percent: Option<u64>,
    pub critical_warning: Option<u64>,
    pub celsius: Option<i64>,
    pub hours: Option<u64>,
    /// Why it says nothing.
    pub trouble: Option<String>,
}

impl Host {
    /// Sensors of temperature and fans. Those of disks are left out: asking them is a command to the disk.
    pub fn sensors(&self) -> Result<Vec<Sensor>, Unavailable> {
        os::sensors(self)
    }

    /// The machine's own batteries, and not those of mice.
    pub fn batteries(&self) -> Result<Vec<Battery>, Unavailable> {
        os::batteries(self)
    }

    /// `Absent` where nothing counts them.
    pub fn memory_errors(&self) -> Result<Vec<MemoryErrors>, Unavailable> {
        os::memory_errors(self)
    }

    /// Arrays of the kernel's own; none is no error.
    pub fn raids(&self) -> Result<Vec<Raid>, Unavailable> {
        os::raids(self)
    }

    pub fn throttling(&self) -> Result<Throttling, Unavailable> {
        os::throttling(self)
    }

    /// Asks each disk; for a worker.
    pub fn disk_health(&self) -> Result<Vec<DiskHealth>, Unavailable> {
        os::disk_health(self)
    }
}
