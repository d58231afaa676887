//! Finds a machine or a service that is about to be allowed no more processes.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, name, percent};
use crate::host::{Host, TaskLimit, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "process.pid-limit",
    number: 20,
    version: 1,
    title_en: "Processes that there may be",
    title_fr: "Processus autorisés",
    every: Duration::from_secs(900),
    limits: &[
        Limit::percent("used_critical", 95),
        Limit::percent("used_warning", 80),
        // A unit that is allowed fewer uses them up by design.
        Limit::number("most_matters", 16),
    ],
    remedies: &["service.restart", "process.terminate"],
    texts: &[
        Text {
            id: "none",
            en: "No limit for processes is near: the machine has {used} of {most}",
            fr: "Aucune limite de processus n'est proche : la machine en a {used} sur {most}",
            user_en: "There is room for more programs.",
            user_fr: "D'autres programmes peuvent être lancés.",
        },
        Text {
            id: "machine",
            en: "The machine has {used} processes and threads of the {most} it may have",
            fr: "La machine a {used} processus et fils d'exécution sur les {most} autorisés",
            user_en: "Soon no more programs can be started.",
            user_fr: "Bientôt, plus aucun programme ne pourra être lancé.",
        },
        Text {
            id: "unit",
            en: "{unit} has {used} processes and threads of the {most} it may have",
            fr: "{unit} a {used} processus et fils d'exécution sur les {most} autorisés",
            user_en: "A background program has almost as many processes as it may have.",
            user_fr: "Un programme de fond a presque autant de processus qu'il peut en avoir.",
        },
        Text::technician(
            "then",
            "At the limit no process can be started (\"Resource temporarily unavailable\"): mostly one program starts \
             them and does not end them",
            "À la limite, aucun processus ne peut être lancé (« Resource temporarily unavailable ») : le plus souvent un \
             programme les lance sans les terminer",
        ),
    ],
    ticket_worthy: true,
    run: Run::Now(|host, limits| Ok(judge(&observe(host)?, limits))),
};

fn observe(host: &Host) -> Result<Vec<TaskLimit>, Unavailable> {
    host.task_limits()
}

fn judge(all: &[TaskLimit], limits: &Limits) -> Vec<Finding> {
    let findings: Vec<Finding> = all.iter().filter_map(|of| one(of, limits)).collect();
    let machine = all.iter().find(|of| of.unit.is_none());
    match machine {
        Some(of) if findings.is_empty() => {
            let said = vec![count("used", of.used), count("most", of.most)];
            vec![Finding::new(Status::Ok, "").says("none", said)]
        }
        Some(_) | None => findings,
    }
}

fn one(of: &TaskLimit, limits: &Limits) -> Option<Finding> {
    if (of.most as f64) < limits.get("most_matters") {
        return None;
    }
    let used_percent = of.used as f64 * 100.0 / of.most as f64;
    let status = limits.above("used", used_percent);
    if status == Status::Ok {
        return None;
    }
    let mut said = vec![count("used", of.used), count("most", of.most)];
    let finding = match &of.unit {
        Some(unit) => {
            said.push(name("unit", unit));
            Finding::new(status, unit).says("unit", said)
        }
        None => Finding::new(status, "").says("machine", said),
    };
    let finding = finding.evidence(percent("used_percent", used_percent));
    Some(finding.because("then", vec![]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(unit: u64, of: u64, machine: u64, expected: &str) {
        let limit = |unit: Option<&str>, used, most| TaskLimit {
            unit: unit.map(str::to_owned),
            used,
            most,
        };
        let all = [
            limit(None, machine, 1000),
            limit(Some("web.service"), unit, of),
        ];
        let shown = show(&CHECK, &judge(&all, &limits(&CHECK)));
        let shown = shown.split(" / because").next().unwrap();
        assert_eq!(shown, expected);
    }

    #[test]
    fn both_limits_count() {
        let said = "processes and threads of the";
        check(
            39,
            40,
            10,
            &format!("critical web.service / web.service has 39 {said} 40 it may have"),
        );
        check(
            10,
            100,
            900,
            &format!("warning / The machine has 900 {said} 1000 it may have"),
        );
        let well = "ok / No limit for processes is near: the machine has 10 of 1000";
        check(80, 100, 10, well);
        check(1, 1, 10, well);
    }
}
