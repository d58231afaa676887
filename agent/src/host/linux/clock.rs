//! What the machine's time daemon says of the clock.

use std::collections::HashSet;

use crate::host::program;
use crate::host::{ClockState, Host, ProcessState, Term, Unavailable};

use super::process::{each_pid, process};

const OUTPUT_BYTES: usize = 64 << 10;
/// Made by systemd-timesyncd once it has set the clock.
const TIMESYNC: &str = "/run/systemd/timesync";

pub(in crate::host) fn clock_state(host: &Host) -> Result<ClockState, Unavailable> {
    let other_form = |program| Unavailable::broken(program, Term::OtherForm);
    match running(host, &["chronyd", "ntpd", "systemd-timesyn"]) {
        Some("chronyd") => {
            let tracking = program::read(host, "chronyc", &["-c", "-n", "tracking"], OUTPUT_BYTES)?;
            chrony(&tracking).ok_or_else(|| other_form("chronyc"))
        }
        Some("ntpd") => {
            let asked = ["-n", "-c", "rv 0 leap,offset,refid"];
            let variables = program::read(host, "ntpq", &asked, OUTPUT_BYTES)?;
            ntpd(&variables).ok_or_else(|| other_form("ntpq"))
        }
        Some(_) => Ok(ClockState {
            daemon: "systemd-timesyncd",
            synchronised: host.exists(&format!("{TIMESYNC}/synchronized")),
            offset_us: timesyncd(host),
            source: None,
        }),
        None => Err(Unavailable::absent(Term::ClockDaemon)),
    }
}

/// The first of `names` that a process has. The kernel cuts names at 15 characters.
fn running(host: &Host, names: &[&'static str]) -> Option<&'static str> {
    let mut seen: HashSet<&str> = HashSet::new();
    each_pid(host, &mut |pid| {
        let name = host.line(&format!("/proc/{pid}/comm"));
        let known = names.iter().find(|known| name.as_deref() == Some(**known));
        seen.extend(known.filter(|_| !has_ended(host, pid)));
    })
    .ok()?;
    names.iter().copied().find(|name| seen.contains(name))
}

/// Only its number is left of it.
pub(super) fn has_ended(host: &Host, pid: u32) -> bool {
    process(host, pid).is_ok_and(|process| process.state == ProcessState::Zombie)
}

/// Reference id, its name, stratum, reference time, system time offset, last offset, … leap status (chronyc(1)).
fn chrony(tracking: &str) -> Option<ClockState> {
    let fields = tracking.trim().split(',').collect::<Vec<_>>();
    let leap = *fields.get(13)?;
    let source = *fields.get(1)?;
    // chronyc counts a clock behind the source's as positive.
    let seconds: f64 = fields.get(4)?.parse().ok()?;
    let synchronised = leap != "Not synchronised";
    Some(ClockState {
        daemon: "chrony",
        synchronised,
        offset_us: synchronised.then_some((-seconds * 1e6) as i64),
        source: (!source.is_empty()).then(|| source.to_owned()),
    })
}

/// `leap=00, offset=-0.123, refid=192.0.2.1`; milliseconds of the source ahead of this clock.
fn ntpd(variables: &str) -> Option<ClockState> {
    let of = |name: &str| {
        variables
            .split([',', '\n'])
            .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
    };
    let synchronised = of("leap")? != "11";
    Some(ClockState {
        daemon: "ntpd",
        synchronised,
        offset_us: of("offset")
            .and_then(|ms| ms.parse::<f64>().ok())
            .filter(|_| synchronised)
            .map(|ms| (-ms * 1000.0) as i64),
        source: of("refid").map(str::to_owned),
    })
}

/// Not told by a file; timedatectl asks the daemon over D-Bus.
fn timesyncd(host: &Host) -> Option<i64> {
    let status = program::read(host, "timedatectl", &["timesync-status"], OUTPUT_BYTES).ok()?;
    let offset = status
        .lines()
        .find_map(|line| line.trim().strip_prefix("Offset: "))?;
    timespan(offset).map(|us| -us)
}

/// `-1.234ms`, `+2min 3.5s` as microseconds (systemd.time(7)).
fn timespan(text: &str) -> Option<i64> {
    let negative = text.starts_with('-');
    let mut us = 0.0;
    for word in text.trim_start_matches(['+', '-']).split_whitespace() {
        let at = word.find(|c: char| c.is_ascii_alphabetic() || c == 'µ')?;
        let value: f64 = word[..at].parse().ok()?;
        us += value
            * match &word[at..] {
                "us" | "µs" => 1.0,
                "ms" => 1e3,
                "s" => 1e6,
                "min" => 60e6,
                "h" => 3600e6,
                "d" => 86_400e6,
                _ => return None,
            };
    }
    Some(if negative { -us } else { us } as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn chrony_is_understood() {
        let state = chrony(
            "C0000201,192.0.2.1,3,1700000000.1,0.000123,-0.0001,0.1,1,0,0,0.1,0.1,64.2,Normal\n",
        )
        .unwrap();
        assert_eq!((state.synchronised, state.offset_us), (true, Some(-123)));
        assert_eq!(state.source.as_deref(), Some("192.0.2.1"));
        let lost = chrony("7F7F0101,,0,0.0,0.0,0.0,0.0,0,0,0,1,1,0,Not synchronised").unwrap();
        assert_eq!(
            (lost.synchronised, lost.offset_us, lost.source),
            (false, None, None)
        );
        assert_eq!(chrony("506 Cannot talk to daemon"), None);
    }

    #[test]
    fn ntpd_is_understood() {
        let state = ntpd("leap=00, offset=-0.500,\nrefid=192.0.2.1\n").unwrap();
        assert_eq!((state.synchronised, state.offset_us), (true, Some(500)));
        assert!(!ntpd("leap=11, offset=0.0").unwrap().synchronised);
    }

    #[test]
    fn spans_of_time_are_understood() {
        assert_eq!(timespan("-1.5ms"), Some(-1500));
        assert_eq!(timespan("+1min 2s"), Some(62_000_000));
        assert_eq!(timespan("n/a"), None);
    }

    #[test]
    fn a_machine_without_a_daemon_says_so() {
        assert!(matches!(
            clock_state(&Tree::new(&[("/proc/1/comm", "init\n")]).host()),
            Err(Unavailable::Absent { .. })
        ));
    }
}
