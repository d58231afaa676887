//! Nothing is changed on an operating system that is not known.

use std::time::Duration;

use crate::host::{Host, Kept, SignalFailed};
use crate::plan::{File, Signal};

pub(in crate::host) fn remove(_: &Host, _: &str, _: &File) -> Result<u64, Kept> {
    Err(Kept::Unsupported)
}

pub(in crate::host) fn change_line(
    _: &Host,
    _: &str,
    _: u32,
    _: Option<&str>,
    _: Option<&str>,
) -> Result<(), Kept> {
    Err(Kept::Unsupported)
}

pub(in crate::host) fn release(_: &Host, _: u32, _: i64, _: u32, _: &File) -> Result<u64, Kept> {
    Err(Kept::Unsupported)
}

pub(in crate::host) fn renice(
    _: &Host,
    _: u32,
    _: i64,
    _: i32,
    _: i32,
) -> Result<(), SignalFailed> {
    Err(SignalFailed::Refused {
        why: "nice values are not known on this operating system".into(),
    })
}

pub(in crate::host) async fn signal(
    _: &Host,
    _: u32,
    _: i64,
    _: Signal,
    _: Duration,
) -> Result<(), SignalFailed> {
    Err(SignalFailed::Refused {
        why: "signals are not known on this operating system".into(),
    })
}
