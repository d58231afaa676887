//! Ends a process, known by its number and its start.

use std::time::Duration;

use crate::finding::{Message, Text, bytes, name};
use crate::host::{Host, Process};
use crate::plan::{Plan, Signal, Step};
use crate::value::{Kind, Parameter};

use super::{Action, Class, Parameters, Planner, Refusal, process};

/// Time to save and go.
const POLITE: Duration = Duration::from_secs(10);
const FORCED: Duration = Duration::from_secs(5);

pub(super) const ACTION: Action = Action {
    id: "process.terminate",
    version: 1,
    title_en: "End a process",
    title_fr: "Terminer un processus",
    class: Class::Disrupt,
    parameters: &[
        process::PID,
        process::STARTED_AT,
        Parameter {
            name: "force",
            kind: Kind::Truth,
            help_en: "end it at once; what it has not saved is lost",
            help_fr: "le terminer aussitôt ; ce qu'il n'a pas enregistré est perdu",
            ..Parameter::PLAIN
        },
    ],
    texts: process::texts![
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
    ],
    // The step itself waits until the process is gone.
    verified_by: "",
    settle: Duration::ZERO,
    can_undo: false,
    runs_as: "root",
    plan: Planner(|host, parameters| Box::pin(async { look_and_plan(host, parameters) })),
};

fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    let process = process::look_for(host, parameters)?;
    Ok(plan(&process, parameters.truth("force")))
}

fn plan(process: &Process, force: bool) -> Plan {
    let (id, signal, wait) = match force {
        false => ("terminate", Signal::Terminate, POLITE),
        true => ("kill", Signal::Kill, FORCED),
    };
    let words = vec![
        name("process", &process.name),
        name("pid", process.pid.to_string()),
        bytes("resident", process.resident_bytes),
    ];
    Plan::default().step(
        Message::new(id, words),
        Step::Signal {
            pid: process.pid,
            start_us: process.start_us,
            signal,
            wait,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::process::tests::office;
    use crate::actions::shown_plans::show;

    #[test]
    fn it_is_asked_first_unless_it_is_to_be_forced() {
        for (force, expected) in [
            (
                false,
                "Tell office (process 500, 3 GiB of memory) to end: SIGTERM 500",
            ),
            (
                true,
                "End office (process 500, 3 GiB of memory); what it has not saved is lost: SIGKILL 500",
            ),
        ] {
            assert_eq!(show(&ACTION, &Ok(plan(&office(), force))), expected);
        }
    }
}
