//! What the programs that are started for a job take of the processor.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::process::Child;

/// Clones count together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meter(Arc<AtomicU64>);

impl Meter {
    /// Microseconds so far.
    pub(crate) fn cpu_us(&self) -> i64 {
        self.0.load(Ordering::Relaxed) as i64
    }

    pub(crate) fn add(&self, cpu_us: u64) {
        self.0.fetch_add(cpu_us, Ordering::Relaxed);
    }

    /// Counts what a child, and those of its own that have ended, have taken. It has not been waited for: then nobody
    /// knows any more.
    pub(crate) fn read(&self, child: &Child) {
        if let Some(cpu_us) = child.id().and_then(taken_us) {
            self.add(cpu_us);
        }
    }
}

/// Microseconds of processor time that this thread has taken so far; 0 where the system does not tell.
pub(crate) fn own_cpu_us() -> u64 {
    #[cfg(target_os = "linux")]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        time.tv_sec as u64 * 1_000_000 + time.tv_nsec as u64 / 1000
    }
    #[cfg(not(target_os = "linux"))]
    0
}

/// Ready when `child` has ended; what it took can still be read then. At once where the system does not tell.
#[allow(
    deprecated,
    reason = "unsound only over what gives another descriptor each time, which an owned one does not"
)]
pub(crate) async fn ended(child: &Child) {
    #[cfg(target_os = "linux")]
    if let Some(pid) = child.id().and_then(pid)
        && let Ok(handle) = rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::NONBLOCK)
        && let Ok(handle) = tokio::io::unix::AsyncFd::new(handle)
    {
        // An error here is found again by who waits for the child.
        handle.readable().await.ok();
    }
    #[cfg(not(target_os = "linux"))]
    let _: &Child = child;
}

#[cfg(target_os = "linux")]
fn pid(id: u32) -> Option<rustix::process::Pid> {
    rustix::process::Pid::from_raw(i32::try_from(id).ok()?)
}

/// Microseconds of a process and of those of its children that it has waited for, proc_pid_stat(5).
#[cfg(target_os = "linux")]
fn taken_us(pid: u32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let ticks_a_second = rustix::param::clock_ticks_per_second();
    taken_ticks(&text).map(|ticks| ticks * 1_000_000 / ticks_a_second.max(1))
}

#[cfg(not(target_os = "linux"))]
fn taken_us(_: u32) -> Option<u64> {
    None
}

/// Fields 14 to 17: own and of children, in user and in kernel mode.
#[cfg(target_os = "linux")]
fn taken_ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let fields = after_name.split_whitespace().skip(11).take(4);
    let ticks: Vec<u64> = fields.map_while(|field| field.parse().ok()).collect();
    (ticks.len() == 4).then(|| ticks.iter().sum())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_children_took_counts() {
        let stat = "42 (a) R (b)) S 7 1 1 0 -1 4194560 1 0 0 0 150 50 30 20 20 0 3 0 999 1 25 1";
        assert_eq!(taken_ticks(stat), Some(250));
        assert_eq!(taken_ticks("42 (a) S 7"), None);
    }

    #[tokio::test]
    async fn a_program_that_works_is_counted_when_it_has_ended() {
        let path = crate::host::program::find("sh").unwrap();
        let mut command = crate::host::program::command(&path);
        let work = "n=0; while [ $n -lt 200000 ]; do n=$((n+1)); done";
        command.args(["-c", work]);
        let mut child = tokio::process::Command::from(command).spawn().unwrap();
        let meter = Meter::default();
        ended(&child).await;
        meter.read(&child);
        assert!(meter.cpu_us() > 0);
        assert!(child.wait().await.unwrap().success());
        // It is gone, and with it what it took.
        let taken = meter.cpu_us();
        meter.read(&child);
        assert_eq!(meter.cpu_us(), taken);
    }
}
