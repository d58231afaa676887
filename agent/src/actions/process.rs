//! What the actions on a process share: how it is known, and which ones are left alone.

use crate::finding::{Text, name};
use crate::host::{Host, Process, ProcessState, Unavailable};
use crate::value::{Kind, Parameter};

use super::{Parameters, Refusal};

/// PID_MAX_LIMIT of 64-bit machines (proc_sys_kernel(5)).
const MOST_PID: i64 = 1 << 22;
/// The moment of a start moves so far while the clock is steered (adjtimex(2)); a number is not given again so soon.
const DRIFT_US: u64 = 2_000_000;

pub(super) const PID: Parameter = Parameter {
    name: "pid",
    kind: Kind::Integer,
    required: true,
    help_en: "number of the process",
    help_fr: "numéro du processus",
    least: 1,
    most: MOST_PID,
    ..Parameter::PLAIN
};

pub(super) const STARTED_AT: Parameter = Parameter {
    name: "started_at",
    kind: Kind::Time,
    required: true,
    help_en: "when it was started, as the table processes says",
    help_fr: "quand il a été lancé, selon la table processes",
    ..Parameter::PLAIN
};

pub(super) const NO_SUCH_PROCESS: Text = Text::technician(
    "no_such_process",
    "There is no process {pid} any more",
    "Il n'y a plus de processus {pid}",
);
pub(super) const OTHER_PROCESS: Text = Text::technician(
    "other_process",
    "Process {pid} is {process} now, started at another time",
    "Le processus {pid} est maintenant {process}, lancé à un autre moment",
);
pub(super) const KERNEL: Text = Text::technician(
    "kernel",
    "{process} (process {pid}) belongs to the kernel",
    "{process} (processus {pid}) appartient au noyau",
);
pub(super) const FIRST: Text = Text::technician(
    "first",
    "Process 1 carries the whole system",
    "Le processus 1 porte tout le système",
);
pub(super) const OWN: Text = Text::technician(
    "own",
    "Process {pid} is this agent",
    "Le processus {pid} est cet agent",
);
pub(super) const ZOMBIE: Text = Text::technician(
    "zombie",
    "{process} (process {pid}) has ended already; its parent {parent} has to clear it away",
    "{process} (processus {pid}) est déjà terminé ; c'est à son parent {parent} de le libérer",
);

/// The texts of an action on a process: those of `look_for`, and its own.
macro_rules! texts {
    ($($own:expr),* $(,)?) => {
        &[
            $crate::actions::process::NO_SUCH_PROCESS,
            $crate::actions::process::OTHER_PROCESS,
            $crate::actions::process::KERNEL,
            $crate::actions::process::FIRST,
            $crate::actions::process::OWN,
            $crate::actions::process::ZOMBIE,
            $($own),*
        ]
    };
}
pub(super) use texts;

/// The process that is meant, unless it is one that is left alone.
pub(super) fn look_for(host: &Host, parameters: &Parameters) -> Result<Process, Refusal> {
    let pid = parameters.integer("pid") as u32;
    let process = match host.process(pid) {
        Err(Unavailable::Absent { .. }) => None,
        other => Some(other?),
    };
    let started_us = parameters.integer("started_at");
    find(pid, started_us, process, std::process::id())
}

fn find(pid: u32, started_us: i64, process: Option<Process>, own: u32) -> Result<Process, Refusal> {
    // A name, not an amount.
    let number = || name("pid", pid.to_string());
    if pid == 1 {
        return Err(Refusal::new("first", vec![]));
    }
    if pid == own {
        return Err(Refusal::new("own", vec![number()]));
    }
    let Some(process) = process else {
        return Err(Refusal::new("no_such_process", vec![number()]));
    };
    let of = || name("process", &process.name);
    if process.started_us.abs_diff(started_us) > DRIFT_US {
        return Err(Refusal::new("other_process", vec![number(), of()]));
    }
    if process.kernel {
        return Err(Refusal::new("kernel", vec![of(), number()]));
    }
    if process.state == ProcessState::Zombie {
        let parent = name("parent", process.parent.to_string());
        return Err(Refusal::new("zombie", vec![of(), number(), parent]));
    }
    Ok(process)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Number 500, started at 7.
    pub(in crate::actions) fn office() -> Process {
        Process {
            pid: 500,
            name: "office".into(),
            started_us: 7,
            resident_bytes: 3 << 30,
            parent: 4,
            ..Process::default()
        }
    }

    #[track_caller]
    fn check(pid: u32, change: impl Fn(&mut Process), expected: &str) {
        let mut process = office();
        process.pid = pid;
        change(&mut process);
        check_found(pid, Some(process), expected);
    }

    #[track_caller]
    fn check_found(pid: u32, process: Option<Process>, expected: &str) {
        let found = find(pid, 7, process, 99).map(|process| process.pid);
        let texts: &[Text] = texts![];
        let said = match found {
            Ok(pid) => format!("found {pid}"),
            Err(Refusal(why)) => why.say(texts.iter(), sonde_proto::message::Lang::En),
        };
        assert_eq!(said.replace('\u{a0}', " "), expected);
    }

    #[test]
    fn only_the_process_that_was_meant_is_found() {
        check(500, |_| {}, "found 500");
        check(
            500,
            |process| process.started_us += DRIFT_US as i64,
            "found 500",
        );
        check(
            500,
            |process| process.started_us += DRIFT_US as i64 + 1,
            "Process 500 is office now, started at another time",
        );
        check_found(500, None, "There is no process 500 any more");
    }

    #[test]
    fn the_system_and_the_agent_are_left_alone() {
        check(1, |_| {}, "Process 1 carries the whole system");
        check(99, |_| {}, "Process 99 is this agent");
        check(
            500,
            |process| process.kernel = true,
            "office (process 500) belongs to the kernel",
        );
        check(
            500,
            |process| process.state = ProcessState::Zombie,
            "office (process 500) has ended already; its parent 4 has to clear it away",
        );
    }
}
