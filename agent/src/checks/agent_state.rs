//! Says when the agent itself cannot keep or tell what it knows.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, name};
use crate::host::StateHome;

use super::{Check, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "agent.state",
    number: 53,
    version: 1,
    title_en: "Where this agent keeps its state",
    title_fr: "Où cet agent conserve son état",
    every: Duration::from_secs(900),
    limits: &[],
    remedies: &[],
    texts: &[
        Text {
            id: "ok",
            en: "This agent can keep its state",
            fr: "Cet agent peut conserver son état",
            user_en: "The helpdesk's program works.",
            user_fr: "Le programme d'assistance fonctionne.",
        },
        Text::technician(
            "no_agent",
            "No agent runs on this machine: there is no state to keep",
            "Aucun agent ne fonctionne sur cette machine : il n'y a pas d'état à conserver",
        ),
        Text::technician(
            "unasked",
            "The agent on this machine does not tell this user",
            "L'agent de cette machine ne le dit pas à cet utilisateur",
        ),
        Text {
            id: "elsewhere",
            en: "The agent cannot write to {folder} and goes on in {home}: what was not reported is lost when the \
                 machine restarts",
            fr: "L'agent ne peut pas écrire dans {folder} et continue dans {home} : ce qui n'a pas été transmis sera \
                 perdu au redémarrage de la machine",
            user_en: "Nothing can be saved on a part of the disk any more.",
            user_fr: "Plus rien ne peut être enregistré sur une partie du disque.",
        },
        Text::technician(
            "untold",
            "The table {table} has more rows than can be told: {rows} of them are left out",
            "La table {table} a plus de lignes qu'il n'est possible d'en transmettre : {rows} sont laissées de côté",
        ),
    ],
    ticket_worthy: true,
    run: Run::Now(|host, limits| Ok(judge(host.state_home(), &host.untold(), limits))),
};

fn judge(state: StateHome, untold: &BTreeMap<String, usize>, _: &Limits) -> Vec<Finding> {
    let plain = |status, id| Finding::new(status, "").says(id, vec![]);
    let home = match state {
        StateHome::Kept => plain(Status::Ok, "ok"),
        StateHome::NoAgent => plain(Status::Ok, "no_agent"),
        StateHome::Unknown => plain(Status::Unknown, "unasked"),
        StateHome::Elsewhere { folder, home } => Finding::new(Status::Critical, &folder).says(
            "elsewhere",
            vec![name("folder", &folder), name("home", &home)],
        ),
    };
    let untold = untold.iter().map(|(table, n_rows)| {
        let rows = count("rows", *n_rows as u64);
        Finding::new(Status::Warning, table).says("untold", vec![name("table", table), rows])
    });
    std::iter::once(home).chain(untold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(state: StateHome, expected: &str) {
        let found = judge(state, &BTreeMap::new(), &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn a_table_that_is_not_told_whole_is_said() {
        let untold = BTreeMap::from([("packages".to_owned(), 64)]);
        let found = judge(StateHome::Kept, &untold, &limits(&CHECK));
        assert_eq!(
            show(&CHECK, &found),
            "ok / This agent can keep its state\n\
             warning packages / The table packages has more rows than can be told: 64 of them are left out"
        );
    }

    #[test]
    fn a_state_that_goes_on_elsewhere_is_said() {
        check(StateHome::Kept, "ok / This agent can keep its state");
        check(
            StateHome::Unknown,
            "unknown / The agent on this machine does not tell this user",
        );
        let elsewhere = StateHome::Elsewhere {
            folder: "/var/lib/a".into(),
            home: "/run/a".into(),
        };
        check(
            elsewhere,
            "critical /var/lib/a / The agent cannot write to /var/lib/a and goes on in /run/a: what was not reported \
             is lost when the machine restarts",
        );
    }
}
