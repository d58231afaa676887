//! Finds parents that do not ask how their children ended.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, name};
use crate::host::{Host, Process, ProcessState, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "process.zombies",
    number: 18,
    version: 1,
    title_en: "Ended processes that nobody clears away",
    title_fr: "Processus terminés que personne ne libère",
    // Every process is looked at: 10 µs each.
    every: Duration::from_secs(600),
    limits: &[
        Limit::number("zombies_critical", 500),
        Limit::number("zombies_warning", 20),
    ],
    remedies: &["process.terminate"],
    texts: &[
        Text {
            id: "ok",
            en: "{zombies} ended processes wait for their parents, which is few",
            fr: "{zombies} processus terminés attendent leur parent, ce qui est peu",
            user_en: "Programs end as they should.",
            user_fr: "Les programmes se terminent comme il faut.",
        },
        Text {
            id: "many",
            en: "{zombies} ended processes are not cleared away",
            fr: "{zombies} processus terminés ne sont pas libérés",
            user_en: "A program does not clear up after itself.",
            user_fr: "Un programme ne nettoie pas derrière lui.",
        },
        Text::technician(
            "parent",
            "{process} (process {pid}) does not clear away {children} of its children",
            "{process} (processus {pid}) ne libère pas {children} de ses enfants",
        ),
    ],
    ticket_worthy: false,
    run: Run::Now(|host, limits| Ok(judge(&observe(host)?, limits))),
};

fn observe(host: &Host) -> Result<Vec<Process>, Unavailable> {
    host.processes()
}

fn judge(processes: &[Process], limits: &Limits) -> Vec<Finding> {
    let mut by_parent = BTreeMap::<u32, u64>::new();
    for process in processes {
        if process.state == ProcessState::Zombie {
            *by_parent.entry(process.parent).or_default() += 1;
        }
    }
    let zombies = by_parent.values().sum::<u64>();
    let status = limits.above("zombies", zombies as f64);
    let finding = Finding::new(status, "").evidence(count("zombies", zombies));
    let said = vec![count("zombies", zombies)];
    if status == Status::Ok {
        return vec![finding.says("ok", said)];
    }
    let finding = finding.says("many", said);
    let worst = by_parent.iter().max_by_key(|(_, children)| **children);
    let parent = worst.and_then(|(pid, children)| {
        let parent = processes.iter().find(|process| process.pid == *pid)?;
        Some((parent, *children))
    });
    vec![match parent {
        Some((parent, children)) => finding.because(
            "parent",
            vec![
                name("process", &parent.name),
                // A name, not an amount: its digits are not grouped or rounded.
                name("pid", parent.pid.to_string()),
                count("children", children),
            ],
        ),
        None => finding,
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(zombies: u32, expected: &str) {
        let mut processes = vec![Process {
            pid: 50,
            name: "forker".into(),
            ..Process::default()
        }];
        processes.extend((0..zombies).map(|n| Process {
            pid: 100 + n,
            parent: 50,
            state: ProcessState::Zombie,
            ..Process::default()
        }));
        let found = judge(&processes, &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn the_parent_of_many_is_named() {
        check(
            20,
            "ok / 20 ended processes wait for their parents, which is few",
        );
        check(
            21,
            "warning / 21 ended processes are not cleared away / because forker (process 50) does not \
             clear away 21 of its children",
        );
        check(
            501,
            "critical / 501 ended processes are not cleared away / because forker (process 50) does not \
             clear away 501 of its children",
        );
    }
}
