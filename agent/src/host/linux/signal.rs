//! Signals by process handle (pidfd_open(2)), so that a number that is given anew is never hit.

use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, pidfd_open, pidfd_send_signal};

use crate::host::{Host, SignalFailed};
use crate::plan::Signal;

/// How often a process is looked at that is to go.
const LOOK: Duration = Duration::from_millis(20);

pub(in crate::host) async fn signal(
    host: &Host,
    pid: u32,
    start_us: i64,
    signal: Signal,
    wait: Duration,
) -> Result<(), SignalFailed> {
    let handle = handle(host, pid, start_us)?;
    let number = match signal {
        Signal::Terminate => rustix::process::Signal::TERM,
        Signal::Kill => rustix::process::Signal::KILL,
        Signal::Reload => rustix::process::Signal::HUP,
    };
    pidfd_send_signal(&handle, number).map_err(refused)?;
    if signal == Signal::Reload {
        return Ok(());
    }
    let until = tokio::time::Instant::now() + wait;
    loop {
        if has_ended(&handle)? {
            return Ok(());
        }
        if tokio::time::Instant::now() >= until {
            return Err(SignalFailed::StillRuns);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Of the process that has this number and start.
pub(super) fn handle(host: &Host, pid: u32, start_us: i64) -> Result<OwnedFd, SignalFailed> {
    let id = Pid::from_raw(pid as i32).ok_or(SignalFailed::OtherProcess)?;
    let handle = pidfd_open(id, PidfdFlags::empty()).map_err(refused)?;
    // Asked after the handle is there: whatever the number means from now on, the handle is of this process.
    match host.process(pid) {
        Ok(process) if process.start_us == start_us => Ok(handle),
        Ok(_) | Err(_) => Err(SignalFailed::OtherProcess),
    }
}

pub(super) fn has_ended(handle: &OwnedFd) -> Result<bool, SignalFailed> {
    // Readable: it has ended (pidfd_open(2)).
    let mut ended = [PollFd::new(handle, PollFlags::IN)];
    match poll(&mut ended, Some(&Timespec::default())) {
        Ok(0) | Err(Errno::INTR) => Ok(false),
        Ok(_) => Ok(true),
        Err(error) => Err(refused(error)),
    }
}

pub(super) fn refused(error: Errno) -> SignalFailed {
    match error {
        Errno::SRCH => SignalFailed::OtherProcess,
        other => SignalFailed::Refused {
            why: crate::text::reason(&other.into()),
        },
    }
}
