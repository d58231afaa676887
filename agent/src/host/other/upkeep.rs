//! What keeps a machine going, and its parts: nothing of it is read yet.

use tokio_rustls::rustls::pki_types::CertificateDer;

use super::unknown;
use crate::host::{
    Battery, Boot, Certificate, Crash, DiskHealth, ErrorLog, Host, KernelMarks, MemoryErrors, Raid,
    Sensor, Term, Throttling, TimeDaemon, Timer, Unavailable, Update,
};

pub(in crate::host) fn time_daemons(_: &Host) -> Result<Vec<TimeDaemon>, Unavailable> {
    unknown(Term::TimeDaemons)
}

pub(in crate::host) fn may_set_clock(_: &Host) -> Result<bool, Unavailable> {
    unknown(Term::ClockSetters)
}

pub(in crate::host) fn authorities(_: &Host) -> Result<Vec<CertificateDer<'static>>, Unavailable> {
    unknown(Term::Trusted)
}

pub(in crate::host) fn crashes(_: &Host) -> Result<Vec<Crash>, Unavailable> {
    unknown(Term::Crashes)
}

pub(in crate::host) fn kernel_marks(_: &Host) -> Result<KernelMarks, Unavailable> {
    unknown(Term::KernelMarks)
}

pub(in crate::host) fn updates(_: &Host) -> Result<Vec<Update>, Unavailable> {
    unknown(Term::Updates)
}

pub(in crate::host) fn lists_fetched_us(_: &Host) -> Option<i64> {
    None
}

pub(in crate::host) fn certificates(_: &Host) -> Result<Vec<Certificate>, Unavailable> {
    unknown(Term::Certificates)
}

pub(in crate::host) fn error_log(_: &Host) -> Result<ErrorLog, Unavailable> {
    unknown(Term::ErrorLog)
}

pub(in crate::host) fn sensors(_: &Host) -> Result<Vec<Sensor>, Unavailable> {
    unknown(Term::Sensors)
}

pub(in crate::host) fn throttling(_: &Host) -> Result<Throttling, Unavailable> {
    unknown(Term::Throttling)
}

pub(in crate::host) fn batteries(_: &Host) -> Result<Vec<Battery>, Unavailable> {
    unknown(Term::Batteries)
}

pub(in crate::host) fn memory_errors(_: &Host) -> Result<Vec<MemoryErrors>, Unavailable> {
    unknown(Term::MemoryErrors)
}

pub(in crate::host) fn raids(_: &Host) -> Result<Vec<Raid>, Unavailable> {
    unknown(Term::Arrays)
}

pub(in crate::host) fn disk_health(_: &Host) -> Result<Vec<DiskHealth>, Unavailable> {
    unknown(Term::DiskHealth)
}

pub(in crate::host) fn boots(_: &Host) -> Result<Vec<Boot>, Unavailable> {
    unknown(Term::Starts)
}

pub(in crate::host) fn timers(_: &Host) -> Result<Vec<Timer>, Unavailable> {
    unknown(Term::Timers)
}
