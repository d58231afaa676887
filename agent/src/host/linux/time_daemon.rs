//! Which time daemons run, and whether anything may set the clock.

use crate::host::program;
use crate::host::{Host, Term, TimeDaemon, Unavailable};

use super::clock::has_ended;
use super::process::each_pid;

const OUTPUT_BYTES: usize = 64 << 10;
/// Names of their processes, which the kernel cuts at 15 characters, and what they are called.
const KNOWN: &[(&str, &str)] = &[
    ("chronyd", "chrony"),
    ("ntpd", "ntpd"),
    (PHC2SYS, PHC2SYS),
    ("systemd-timesyn", "systemd-timesyncd"),
];
/// It may as well set a network card's clock by the machine's: beside another daemon it does.
const PHC2SYS: &str = "phc2sys";
/// capabilities(7)
const CAP_SYS_TIME: u32 = 25;

pub(in crate::host) fn time_daemons(host: &Host) -> Result<Vec<TimeDaemon>, Unavailable> {
    let mut running: Vec<&str> = Vec::new();
    each_pid(host, &mut |pid| {
        let name = host.line(&format!("/proc/{pid}/comm"));
        let known = KNOWN.iter().find(|(of, _)| name.as_deref() == Some(*of));
        if let Some((_, called)) = known
            && !running.contains(called)
            && !has_ended(host, pid)
        {
            running.push(called);
        }
    })?;
    if running.len() > 1 {
        running.retain(|name| *name != PHC2SYS);
    }
    running.sort_unstable();
    let daemon = |name: &str| TimeDaemon {
        sources: sources(host, name),
        name: name.to_owned(),
    };
    Ok(running.into_iter().map(daemon).collect())
}

/// How many it may ask. The others have servers of their own that no file names.
fn sources(host: &Host, name: &str) -> Option<u64> {
    let read = |program, arguments: &[&str]| program::read(host, program, arguments, OUTPUT_BYTES);
    let lines = match name {
        "chrony" => read("chronyc", &["-c", "-n", "sources"]).ok()?,
        // Two lines of heading, if there are any.
        "ntpd" => {
            let peers = read("ntpq", &["-p", "-n"]).ok()?;
            peers.lines().skip(2).collect::<Vec<_>>().join("\n")
        }
        _ => return None,
    };
    Some(lines.lines().filter(|line| !line.trim().is_empty()).count() as u64)
}

/// By what the first process, and so any other, may ever have (proc_pid_status(5): CapBnd).
pub(in crate::host) fn may_set_clock(host: &Host) -> Result<bool, Unavailable> {
    const PATH: &str = "/proc/1/status";
    let bounding = host.with_file(PATH, |text| {
        let line = text.lines().find_map(|line| line.strip_prefix("CapBnd:"))?;
        u64::from_str_radix(line.trim(), 16).ok()
    })?;
    let bounding = bounding.ok_or_else(|| Unavailable::broken(PATH, Term::Lacks.of("CapBnd")))?;
    Ok(bounding >> CAP_SYS_TIME & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::recorded::Tree;

    #[test]
    fn a_daemon_of_several_processes_is_one_and_says_whom_it_may_ask() {
        let tree = Tree::new(&[
            ("/proc/1/comm", "systemd\n"),
            ("/proc/7/comm", "chronyd\n"),
            ("/proc/8/comm", "chronyd\n"),
            ("/proc/9/comm", "systemd-timesyn\n"),
        ]);
        let shown = || {
            let found = time_daemons(&tree.host()).unwrap().into_iter();
            let shown = found.map(|of| format!("{} {:?}", of.name, of.sources));
            shown.collect::<Vec<_>>().join(", ")
        };
        assert_eq!(shown(), "chrony None, systemd-timesyncd None");
        tree.write("/proc/10/comm", "phc2sys\n");
        assert_eq!(shown(), "chrony None, systemd-timesyncd None");
        tree.write(
            "/said/chronyc -c -n sources",
            "^,*,192.0.2.1,2,6,377,1,0,0,0\n",
        );
        assert_eq!(shown(), "chrony Some(1), systemd-timesyncd None");
        tree.write("/said/chronyc -c -n sources", "");
        assert_eq!(shown(), "chrony Some(0), systemd-timesyncd None");
        tree.write("/proc/stat", "btime 1000\n");
        let ended = "9 (systemd-timesyn) Z 1 1 1 0 -1 0 1 0 0 0 1 5 0 0 20 0 1 0 500 1 25 1";
        tree.write("/proc/9/stat", ended);
        assert_eq!(shown(), "chrony Some(0)");
    }

    #[test]
    fn a_network_cards_clock_keeps_the_machines_where_nobody_else_does() {
        let tree = Tree::new(&[("/proc/10/comm", "phc2sys\n")]);
        assert_eq!(time_daemons(&tree.host()).unwrap()[0].name, "phc2sys");
    }

    #[test]
    fn who_has_lost_the_right_to_set_the_clock_cannot() {
        let tree = Tree::new(&[("/proc/1/status", "Name:\tinit\nCapBnd:\t000001fffdffffff\n")]);
        assert_eq!(may_set_clock(&tree.host()), Ok(false));
        tree.write("/proc/1/status", "CapBnd:\t000001ffffffffff\n");
        assert_eq!(may_set_clock(&tree.host()), Ok(true));
        tree.write("/proc/1/status", "Name:\tinit\n");
        assert!(may_set_clock(&tree.host()).is_err());
    }
}
