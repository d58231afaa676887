//! Ends a process, known by its number and its start.

use std::time::Duration;

use crate::finding::{Message, Text, bytes, name};
use crate::host::{Host, Process, ProcessState, Unavailable};
use crate::plan::{Plan, Signal, Step};
use crate::value::{Kind, Parameter};

use super::{Action, Class, Parameters, Planner, Refusal};

/// Time to save and go.
const POLITE: Duration = Duration::from_secs(10);
const FORCED: Duration = Duration::from_secs(5);
/// PID_MAX_LIMIT of 64-bit machines (proc_sys_kernel(5)).
const MOST_PID: i64 = 1 << 22;

pub(super) const ACTION: Action = Action {
    id: "process.terminate",
    version: 1,
    title_en: "End a process",
    title_fr: "Terminer un processus",
    class: Class::Disrupt,
    parameters: &[
        Parameter {
            name: "pid",
            kind: Kind::Integer,
            required: true,
            help_en: "number of the process",
            help_fr: "numéro du processus",
            least: 1,
            most: MOST_PID,
            ..Parameter::PLAIN
        },
        Parameter {
            name: "started_at",
            kind: Kind::Time,
            required: true,
            help_en: "when it was started, as the table processes says",
            help_fr: "quand il a été lancé, selon la table processes",
            ..Parameter::PLAIN
        },
        Parameter {
            name: "force",
            kind: Kind::Truth,
            help_en: "end it at once; what it has not saved is lost",
            help_fr: "le terminer aussitôt ; ce qu'il n'a pas enregistré est perdu",
            ..Parameter::PLAIN
        },
    ],
    texts: &[
        Text {
            id: "terminate",
            en: "Tell {process} (process {pid}, {resident} of memory) to end",
            fr: "Demander à {process} (processus {pid}, {resident} de mémoire) de se terminer",
            user_en: "The program {process} is asked to close.",
            user_fr: "Le programme {process} est prié de se fermer.",
        },
        Text {
            id: "kill",
            en: "End {process} (process {pid}, {resident} of memory); what it has not saved is lost",
            fr: "Terminer {process} (processus {pid}, {resident} de mémoire) ; ce qu'il n'a pas enregistré est perdu",
            user_en: "The program {process} is closed by force.",
            user_fr: "Le programme {process} est fermé de force.",
        },
        Text::technician(
            "no_such_process",
            "There is no process {pid} any more",
            "Il n'y a plus de processus {pid}",
        ),
        Text::technician(
            "other_process",
            "Process {pid} is {process} now, started at another time",
            "Le processus {pid} est maintenant {process}, lancé à un autre moment",
        ),
        Text::technician(
            "kernel",
            "{process} (process {pid}) belongs to the kernel",
            "{process} (processus {pid}) appartient au noyau",
        ),
        Text::technician(
            "first",
            "Process 1 carries the whole system",
            "Le processus 1 porte tout le système",
        ),
        Text::technician(
            "own",
            "Process {pid} is this agent",
            "Le processus {pid} est cet agent",
        ),
        Text::technician(
            "zombie",
            "{process} (process {pid}) has ended already; its parent {parent} has to clear it away",
            "{process} (processus {pid}) est déjà terminé ; c'est à son parent {parent} de le libérer",
        ),
    ],
    // The step itself waits until the process is gone.
    verified_by: "",
    settle: Duration::ZERO,
    can_undo: false,
    runs_as: "root",
    plan: Planner(|host, parameters| Box::pin(async { look_and_plan(host, parameters) })),
};

/// The moment of a start moves so far while the clock is steered (adjtimex(2)); a number is not given again so soon.
const DRIFT_US: u64 = 2_000_000;

fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    let pid = parameters.integer("pid") as u32;
    let process = match host.process(pid) {
        Err(Unavailable::Absent { .. }) => None,
        other => Some(other?),
    };
    plan(
        pid,
        parameters.integer("started_at"),
        parameters.truth("force"),
        process.as_ref(),
        std::process::id(),
    )
}

fn plan(
    pid: u32,
    started_us: i64,
    force: bool,
    process: Option<&Process>,
    own: u32,
) -> Result<Plan, Refusal> {
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
    let (id, signal, wait) = match force {
        false => ("terminate", Signal::Terminate, POLITE),
        true => ("kill", Signal::Kill, FORCED),
    };
    let words = vec![of(), number(), bytes("resident", process.resident_bytes)];
    Ok(Plan::default().step(
        Message::new(id, words),
        Step::Signal {
            pid,
            start_us: process.start_us,
            signal,
            wait,
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::shown_plans::show;

    #[track_caller]
    fn check(pid: u32, change: impl Fn(&mut Process), expected: &str) {
        let mut process = Process {
            pid,
            name: "office".into(),
            started_us: 7,
            resident_bytes: 3 << 30,
            parent: 4,
            ..Process::default()
        };
        change(&mut process);
        let plan = plan(pid, 7, false, Some(&process), 99);
        assert_eq!(show(&ACTION, &plan), expected);
    }

    #[test]
    fn only_the_process_that_was_meant_is_ended() {
        check(
            500,
            |_| {},
            "Tell office (process 500, 3 GiB of memory) to end: SIGTERM 500",
        );
        check(
            500,
            |process| process.started_us += DRIFT_US as i64 + 1,
            "refused: Process 500 is office now, started at another time",
        );
        check(
            500,
            |process| process.started_us += DRIFT_US as i64,
            "Tell office (process 500, 3 GiB of memory) to end: SIGTERM 500",
        );
        assert_eq!(
            show(&ACTION, &plan(500, 7, false, None, 99)),
            "refused: There is no process 500 any more"
        );
    }

    #[test]
    fn the_system_and_the_agent_are_left_alone() {
        check(1, |_| {}, "refused: Process 1 carries the whole system");
        check(99, |_| {}, "refused: Process 99 is this agent");
        check(
            500,
            |process| process.kernel = true,
            "refused: office (process 500) belongs to the kernel",
        );
        check(
            500,
            |process| process.state = ProcessState::Zombie,
            "refused: office (process 500) has ended already; its parent 4 has to clear it away",
        );
    }
}
