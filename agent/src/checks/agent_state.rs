//! Says when the agent itself cannot keep what it knows.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, name};
use crate::host::StateElsewhere;

use super::{Check, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "agent.state",
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
        Text {
            id: "elsewhere",
            en: "The agent cannot write to {folder} and goes on in {home}: what was not reported is lost when the \
                 machine restarts",
            fr: "L'agent ne peut pas écrire dans {folder} et continue dans {home} : ce qui n'a pas été transmis sera \
                 perdu au redémarrage de la machine",
            user_en: "Nothing can be saved on a part of the disk any more.",
            user_fr: "Plus rien ne peut être enregistré sur une partie du disque.",
        },
    ],
    ticket_worthy: true,
    run: Run::Now(|host, limits| Ok(judge(host.state_elsewhere(), limits))),
};

fn judge(elsewhere: Option<&StateElsewhere>, _: &Limits) -> Vec<Finding> {
    vec![match elsewhere {
        None => Finding::new(Status::Ok, "").says("ok", vec![]),
        Some(StateElsewhere { folder, home }) => Finding::new(Status::Critical, folder).says(
            "elsewhere",
            vec![name("folder", folder), name("home", home)],
        ),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(elsewhere: Option<&StateElsewhere>, expected: &str) {
        assert_eq!(show(&CHECK, &judge(elsewhere, &limits(&CHECK))), expected);
    }

    #[test]
    fn a_state_that_goes_on_elsewhere_is_said() {
        check(None, "ok / This agent can keep its state");
        let elsewhere = StateElsewhere {
            folder: "/var/lib/a".into(),
            home: "/run/a".into(),
        };
        check(
            Some(&elsewhere),
            "critical /var/lib/a / The agent cannot write to /var/lib/a and goes on in /run/a: what was not reported \
             is lost when the machine restarts",
        );
    }
}
