//! What keeps a machine going, and its parts: nothing of it is read yet.

use tokio_rustls::rustls::pki_types::CertificateDer;

use super::unknown;
use crate::host::{
    Battery, Boot, Certificate, Crash, DiskHealth, ErrorLog, Host, KernelMarks, MemoryErrors, Raid,
    Sensor, Throttling, TimeDaemon, Timer, Unavailable, Update,
};

pub(in crate::host) fn time_daemons(_: &Host) -> Result<Vec<TimeDaemon>, Unavailable> {
    unknown("time daemons")
}

pub(in crate::host) fn may_set_clock(_: &Host) -> Result<bool, Unavailable> {
    unknown("who may set the clock")
}

pub(in crate::host) fn authorities(_: &Host) -> Result<Vec<CertificateDer<'static>>, Unavailable> {
    unknown("whom this machine trusts")
}

pub(in crate::host) fn crashes(_: &Host) -> Result<Vec<Crash>, Unavailable> {
    unknown("crashes")
}

pub(in crate::host) fn kernel_marks(_: &Host) -> Result<KernelMarks, Unavailable> {
    unknown("what the kernel notes against itself")
}

pub(in crate::host) fn updates(_: &Host) -> Result<Vec<Update>, Unavailable> {
    unknown("which updates wait")
}

pub(in crate::host) fn lists_fetched_us(_: &Host) -> Option<i64> {
    None
}

pub(in crate::host) fn certificates(_: &Host) -> Result<Vec<Certificate>, Unavailable> {
    unknown("certificates of services")
}

pub(in crate::host) fn error_log(_: &Host) -> Result<ErrorLog, Unavailable> {
    unknown("errors in the log")
}

pub(in crate::host) fn sensors(_: &Host) -> Result<Vec<Sensor>, Unavailable> {
    unknown("sensors")
}

pub(in crate::host) fn throttling(_: &Host) -> Result<Throttling, Unavailable> {
    unknown("how often the processor was slowed down")
}

pub(in crate::host) fn batteries(_: &Host) -> Result<Vec<Battery>, Unavailable> {
    unknown("batteries")
}

pub(in crate::host) fn memory_errors(_: &Host) -> Result<Vec<MemoryErrors>, Unavailable> {
    unknown("errors of the memory")
}

pub(in crate::host) fn raids(_: &Host) -> Result<Vec<Raid>, Unavailable> {
    unknown("arrays of disks")
}

pub(in crate::host) fn disk_health(_: &Host) -> Result<Vec<DiskHealth>, Unavailable> {
    unknown("what disks say of themselves")
}

pub(in crate::host) fn boots(_: &Host) -> Result<Vec<Boot>, Unavailable> {
    unknown("starts of the machine")
}

pub(in crate::host) fn timers(_: &Host) -> Result<Vec<Timer>, Unavailable> {
    unknown("timers")
}
