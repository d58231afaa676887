//! /proc/stat, /proc/loadavg, /proc/uptime.

use crate::host::{CpuCounters, CpuTimes, Host, Load, Term, Unavailable};

const STAT: &str = "/proc/stat";

pub(in crate::host) fn cpu_times(
    host: &Host,
    visit: &mut dyn FnMut(CpuTimes),
) -> Result<CpuCounters, Unavailable> {
    host.with_file(STAT, |text| {
        let mut counters = CpuCounters::default();
        for line in text.lines() {
            let Some((name, rest)) = line.split_once(' ') else {
                continue;
            };
            let first = || number(rest.trim_start());
            match name {
                "intr" => counters.interrupts = first(),
                "ctxt" => counters.context_switches = first(),
                "processes" => counters.forks = first(),
                "procs_running" => counters.running = first(),
                "procs_blocked" => counters.blocked = first(),
                _ => {
                    if let Some(of) = name.strip_prefix("cpu") {
                        visit(CpuTimes {
                            cpu: of.parse().ok(),
                            modes: modes(rest),
                        });
                    }
                }
            }
        }
        counters
    })
}

pub(in crate::host) fn n_cpus(host: &Host) -> Result<u32, Unavailable> {
    let mut n = 0;
    cpu_times(host, &mut |times| n += u32::from(times.cpu.is_some()))?;
    Ok(n.max(1))
}

pub(in crate::host) fn load(host: &Host) -> Result<Load, Unavailable> {
    const PATH: &str = "/proc/loadavg";
    host.with_file(PATH, |text| {
        let mut words = text.split_whitespace();
        let mut average = || hundredths(words.next()?);
        let (minute_1, minutes_5, minutes_15) = (average()?, average()?, average()?);
        let (runnable, threads) = words.next()?.split_once('/')?;
        Some(Load {
            minute_1,
            minutes_5,
            minutes_15,
            runnable: runnable.parse().ok()?,
            threads: threads.parse().ok()?,
        })
    })?
    .ok_or_else(|| Unavailable::broken(PATH, Term::NotInForm.of("proc_loadavg(5)")))
}

pub(in crate::host) fn uptime_seconds(host: &Host) -> Result<u64, Unavailable> {
    const PATH: &str = "/proc/uptime";
    host.with_file(PATH, number)
}

/// `12.34` as 1234.
pub(super) fn hundredths(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let part = match part.len() {
        1 => part.parse::<u64>().ok()? * 10,
        _ => part.get(..2)?.parse().ok()?,
    };
    Some(whole.parse::<u64>().ok()? * 100 + part)
}

/// The digits that `text` begins with; 0 when there are none.
pub(super) fn number(text: &str) -> u64 {
    text.bytes()
        .take_while(u8::is_ascii_digit)
        .fold(0_u64, |sum, digit| {
            sum.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'))
        })
}

fn modes(text: &str) -> [u64; 8] {
    let mut modes = [0; 8];
    for (mode, word) in modes.iter_mut().zip(text.split_ascii_whitespace()) {
        *mode = number(word);
    }
    modes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn times_counters_and_load_are_read() {
        let tree = Tree::new(&[
            (
                STAT,
                "cpu  10 0 5 900 1 2 3 4 0 0\ncpu0 10 0 5 900 1 2 3 4 0 0\nintr 77 0 0\nctxt 88\n\
                 btime 1\nprocesses 9\nprocs_running 2\nprocs_blocked 1\n",
            ),
            ("/proc/loadavg", "0.50 1.25 10.07 3/345 9999\n"),
        ]);
        let mut seen = Vec::new();
        let counters = cpu_times(&tree.host(), &mut |times| seen.push(times)).unwrap();
        assert_eq!(seen[0].cpu, None);
        assert_eq!(seen[1].cpu, Some(0));
        assert_eq!(seen[1].modes, [10, 0, 5, 900, 1, 2, 3, 4]);
        assert_eq!(
            (
                counters.interrupts,
                counters.context_switches,
                counters.forks
            ),
            (77, 88, 9)
        );
        let load = load(&tree.host()).unwrap();
        assert_eq!(
            (load.minute_1, load.minutes_5, load.minutes_15, load.threads),
            (50, 125, 1007, 345)
        );
    }

    #[test]
    fn a_load_of_another_form_is_no_number() {
        let tree = Tree::new(&[("/proc/loadavg", "full\n")]);
        assert!(matches!(
            load(&tree.host()),
            Err(Unavailable::Broken { .. })
        ));
    }
}
