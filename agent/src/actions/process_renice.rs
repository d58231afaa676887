//! Has a process give way to others, or gives it its ordinary place back.

use std::time::Duration;

use crate::finding::{Message, Text, name};
use crate::host::{Host, Process};
use crate::plan::{Plan, Step};
use crate::value::{Kind, Parameter};

use super::{Action, Class, Parameters, Planner, Refusal, process};

/// Values of setpriority(2) that put nothing ahead of others.
const ORDINARY: i64 = 0;
const LAST: i64 = 19;

pub(super) const ACTION: Action = Action {
    id: "process.renice",
    version: 1,
    title_en: "Have a process give way to others",
    title_fr: "Faire passer un processus après les autres",
    class: Class::Repair,
    parameters: &[
        process::PID,
        process::STARTED_AT,
        Parameter {
            name: "nice",
            kind: Kind::Integer,
            required: true,
            help_en: "how much it gives way: 0 is ordinary, 19 after all others",
            help_fr: "de combien il passe après les autres : 0 est ordinaire, 19 le met tout à la fin",
            least: ORDINARY,
            most: LAST,
            ..Parameter::PLAIN
        },
    ],
    texts: process::texts![
        Text {
            id: "renice",
            en: "Give {process} (process {pid}) the nice value {to} instead of {from}",
            fr: "Donner à {process} (processus {pid}) la valeur nice {to} au lieu de {from}",
            user_en: "The program {process} gets another share of the processor.",
            user_fr: "Le programme {process} reçoit une autre part du processeur.",
        },
        Text::technician(
            "has_it",
            "{process} (process {pid}) has the nice value {to} already",
            "{process} (processus {pid}) a déjà la valeur nice {to}",
        ),
    ],
    // The step itself sees that it is done.
    verified_by: "",
    settle: Duration::ZERO,
    can_undo: true,
    runs_as: "root",
    plan: Planner(|host, parameters| Box::pin(async { look_and_plan(host, parameters) })),
};

fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    let process = process::look_for(host, parameters)?;
    let from = host.nice(process.pid)?;
    plan(&process, from, parameters.integer("nice") as i32)
}

fn plan(process: &Process, from: i32, to: i32) -> Result<Plan, Refusal> {
    let of = || {
        vec![
            name("process", &process.name),
            name("pid", process.pid.to_string()),
        ]
    };
    // Names, not amounts.
    let (was, is) = (name("from", from.to_string()), name("to", to.to_string()));
    if from == to {
        return Err(Refusal::new("has_it", [of(), vec![is]].concat()));
    }
    let step = |from, to| Step::Renice {
        pid: process.pid,
        start_us: process.start_us,
        from,
        to,
    };
    let back = vec![name("from", to.to_string()), name("to", from.to_string())];
    Ok(Plan::default()
        .step(
            Message::new("renice", [of(), vec![was, is]].concat()),
            step(from, to),
        )
        .or_back(
            Message::new("renice", [of(), back].concat()),
            step(to, from),
        ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::process::tests::office;
    use crate::actions::shown_plans::show;

    #[track_caller]
    fn check(from: i32, to: i32, expected: &str) {
        assert_eq!(show(&ACTION, &plan(&office(), from, to)), expected);
    }

    #[test]
    fn the_old_value_is_the_way_back() {
        check(
            -5,
            10,
            "Give office (process 500) the nice value 10 instead of -5: nice 500 -5 → 10 (back: nice 500 10 → -5)",
        );
        check(
            10,
            10,
            "refused: office (process 500) has the nice value 10 already",
        );
    }

    #[tokio::test]
    async fn nothing_is_put_ahead_of_others() {
        use crate::value::Value;
        let host = crate::host::recorded::Tree::new(&[]).host();
        for nice in [-1, 20] {
            let given = [
                ("pid", Value::Integer(500)),
                ("started_at", Value::TimeUs(7)),
                ("nice", Value::Integer(nice)),
            ];
            let given = given.map(|(name, value)| (name.to_owned(), value));
            let planned = ACTION.plan(&host, &Parameters(given.into())).await;
            let said = planned.unwrap_err().to_string();
            assert!(said.starts_with("Parameter nice"), "{said}");
        }
    }
}
