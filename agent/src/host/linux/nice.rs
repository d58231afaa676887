//! Nice values, which Linux keeps for each thread (sched(7)).

use rustix::process::{Pid, getpriority_process, setpriority_process};

use super::signal::{handle, has_ended, refused};
use crate::host::{Host, SignalFailed, Term, Unavailable};

/// Looks at the threads of a process that starts new ones meanwhile; those have the value of who started them.
const LOOKS: usize = 16;

/// Of the first thread.
pub(in crate::host) fn nice(pid: u32) -> Result<i32, Unavailable> {
    let what = || Term::Process.of(pid.to_string());
    let id = Pid::from_raw(pid as i32).ok_or_else(|| Unavailable::absent(what()))?;
    getpriority_process(Some(id)).map_err(|error| Unavailable::io(what(), &error.into()))
}

pub(in crate::host) fn renice(
    host: &Host,
    pid: u32,
    start_us: i64,
    from: i32,
    to: i32,
) -> Result<(), SignalFailed> {
    let handle = handle(host, pid, start_us)?;
    let mut n_changed = 0;
    for _ in 0..LOOKS {
        let before = n_changed;
        for thread in threads(host, pid) {
            // A thread that has ended meanwhile is no error.
            if getpriority_process(Some(thread)) == Ok(from) {
                setpriority_process(Some(thread), to).map_err(refused)?;
                n_changed += 1;
            }
        }
        if n_changed == before {
            break;
        }
    }
    // The numbers were of this process for as long as it is there.
    if has_ended(&handle)? {
        return Err(SignalFailed::OtherProcess);
    }
    match n_changed {
        0 => Err(SignalFailed::Refused {
            why: format!("no thread of it has the nice value {from} any more"),
        }),
        _ => Ok(()),
    }
}

fn threads(host: &Host, pid: u32) -> Vec<Pid> {
    let names = host.names(&format!("/proc/{pid}/task"));
    let names = names.unwrap_or_default();
    let numbers = names.iter().filter_map(|name| name.parse().ok());
    numbers.filter_map(Pid::from_raw).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of this test's own threads alone, told from others by a value that only they have.
    #[test]
    fn every_thread_that_has_the_value_gets_the_new_one_and_no_other() {
        let host = Host::this();
        let pid = std::process::id();
        let start_us = host.process(pid).unwrap().start_us;
        let was = nice(pid).unwrap();
        let (from, to) = (was + 5, was + 6);
        let none = Err(SignalFailed::Refused {
            why: format!("no thread of it has the nice value {from} any more"),
        });
        assert_eq!(renice(&host, pid, start_us, from, to), none);
        let (ready, begun) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            let mut go_on = Vec::new();
            let threads = [(); 2].map(|()| {
                let (ready, (go, wait)) = (ready.clone(), std::sync::mpsc::channel::<()>());
                go_on.push(go);
                scope.spawn(move || {
                    let own = Some(rustix::thread::gettid());
                    setpriority_process(own, from).unwrap();
                    ready.send(()).unwrap();
                    wait.recv().ok();
                    getpriority_process(own).unwrap()
                })
            });
            for _ in 0..2 {
                begun.recv().unwrap();
            }
            let other = renice(&host, pid, start_us + 10_000, from, to);
            assert_eq!(other, Err(SignalFailed::OtherProcess));
            assert_eq!(renice(&host, pid, start_us, from, to), Ok(()));
            drop(go_on);
            assert_eq!(threads.map(|thread| thread.join().unwrap()), [to, to]);
        });
        assert_eq!(nice(pid), Ok(was));
    }
}
