//! What Debian's monitoring plugins say of the same machine, asked as their monitor asks them by default.

use crate::patient::Machine;

const FOLDER: &str = "/usr/lib/nagios/plugins/";

/// The checks that Icinga's template library and the sample configuration of NRPE name for a Linux machine, with the
/// limits given there.
const PLUGINS: &[&[&str]] = &[
    &[
        "check_disk",
        "-w",
        "20%",
        "-c",
        "10%",
        "-X",
        "none",
        "-X",
        "tmpfs",
        "-X",
        "devtmpfs",
        "-X",
        "overlay",
        "-X",
        "squashfs",
    ],
    &["check_load", "-w", "5.0,4.0,3.0", "-c", "10.0,6.0,4.0"],
    &["check_swap", "-w", "50%", "-c", "25%", "-n", "ok"],
    &["check_procs", "-w", "250", "-c", "400"],
    &["check_procs", "-w", "5", "-c", "10", "-s", "Z"],
    &["check_users", "-w", "20", "-c", "50"],
    &["check_dns", "-H", "localhost"],
    &["check_apt"],
];

/// In seconds: what the plugins themselves call too long. A monitor that waits for one takes that for critical (Nagios:
/// `service_check_timeout_state`).
const TOO_LONG: &str = "10";
/// Exit code of timeout(1) when it has to kill.
const KILLED: i32 = 137;

/// Those that complain (warning or critical) on this machine. One that is not there or says that it cannot tell has not
/// found anything.
pub fn complaints(machine: &dyn Machine) -> Vec<String> {
    PLUGINS
        .iter()
        .filter_map(|line| {
            let path = format!("{FOLDER}{}", line[0]);
            let timed = ["timeout", "--signal=KILL", TOO_LONG, &path];
            let arguments = [&timed, &line[1..]].concat();
            let ran = machine.command(&arguments).output().ok()?;
            matches!(ran.status.code(), Some(1 | 2 | KILLED)).then(|| (*line[0]).to_owned())
        })
        .collect()
}
