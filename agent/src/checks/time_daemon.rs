//! Finds a machine whose clock nobody keeps, several do, or one does without anybody to ask.

use std::time::Duration;

use crate::facts::time_daemons;
use crate::finding::{Finding, Status, Text, count, name};
use crate::host::{Host, TimeDaemon, Unavailable};

use super::{Check, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "time.daemon",
    number: 46,
    version: 1,
    title_en: "Who keeps the clock right",
    title_fr: "Mise à l'heure automatique",
    every: Duration::from_secs(1800),
    limits: &[],
    remedies: &["service.start", "service.stop"],
    texts: &[
        Text {
            id: "keeps",
            en: "{daemon} keeps the clock right",
            fr: "{daemon} maintient l'horloge à l'heure",
            user_en: "The clock is kept right.",
            user_fr: "L'horloge est maintenue à l'heure.",
        },
        Text {
            id: "foreign",
            en: "Nothing on this machine may set the clock: the machine around it keeps it right",
            fr: "Rien sur cette machine ne peut régler l'horloge : la machine hôte s'en charge",
            user_en: "The clock is kept right.",
            user_fr: "L'horloge est maintenue à l'heure.",
        },
        Text {
            id: "none",
            en: "No time daemon runs: the clock goes wrong by some seconds a week",
            fr: "Aucun service de temps ne fonctionne : l'horloge dérive de quelques secondes par semaine",
            user_en: "Nothing keeps the computer's clock right.",
            user_fr: "Rien ne maintient l'horloge de l'ordinateur à l'heure.",
        },
        Text {
            id: "several",
            en: "{daemons} both set the clock",
            fr: "{daemons} règlent l'horloge en même temps",
            user_en: "Two programs set the computer's clock and disturb each other.",
            user_fr: "Deux programmes règlent l'horloge de l'ordinateur et se gênent.",
        },
        Text {
            id: "sourceless",
            en: "{daemon} runs, but has no time source to ask",
            fr: "{daemon} fonctionne, mais n'a aucune source de temps à interroger",
            user_en: "Nothing keeps the computer's clock right.",
            user_fr: "Rien ne maintient l'horloge de l'ordinateur à l'heure.",
        },
        Text::technician(
            "fight",
            "Each takes the other's correction for an error and undoes it: one of them has to go",
            "Chacun prend la correction de l'autre pour une erreur et l'annule : il faut en retirer un",
        ),
        Text::technician(
            "unconfigured",
            "Its configuration names no server, and no network has offered one",
            "Sa configuration ne nomme aucun serveur, et aucun réseau n'en a proposé",
        ),
    ],
    ticket_worthy: false,
    run: Run::Wait(|host, limits| {
        Box::pin(async {
            let (daemons, may_set) = observe(host).await?;
            Ok(judge(&daemons, may_set, limits))
        })
    }),
};

/// Who runs, and whether anybody here may set the clock.
async fn observe(host: &Host) -> Result<(Vec<TimeDaemon>, bool), Unavailable> {
    let daemons = time_daemons::ask(host).await?;
    let may_set = match daemons.is_empty() {
        true => host.may_set_clock()?,
        false => true,
    };
    Ok((daemons, may_set))
}

fn judge(daemons: &[TimeDaemon], may_set: bool, _: &Limits) -> Vec<Finding> {
    vec![match daemons {
        [] if may_set => Finding::new(Status::Warning, "")
            .says("none", vec![])
            .with_remedy("service.start"),
        [] => Finding::new(Status::Ok, "").says("foreign", vec![]),
        [one] if one.sources == Some(0) => Finding::new(Status::Warning, "")
            .says("sourceless", vec![name("daemon", &one.name)])
            .because("unconfigured", vec![])
            .without_remedies(),
        [one] => {
            let finding =
                Finding::new(Status::Ok, "").says("keeps", vec![name("daemon", &one.name)]);
            match one.sources {
                Some(sources) => finding.evidence(count("sources", sources)),
                None => finding,
            }
        }
        several => {
            let names: Vec<&str> = several.iter().map(|one| one.name.as_str()).collect();
            Finding::new(Status::Warning, "")
                .says("several", vec![name("daemons", names.join(", "))])
                .because("fight", vec![])
                .with_remedy("service.stop")
        }
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(daemons: &[(&str, Option<u64>)], may_set: bool, expected: &str) {
        let own = |(name, sources): &(&str, Option<u64>)| TimeDaemon {
            name: (*name).to_owned(),
            sources: *sources,
        };
        let daemons: Vec<TimeDaemon> = daemons.iter().map(own).collect();
        let found = judge(&daemons, may_set, &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn one_that_can_ask_somebody_is_well() {
        check(
            &[("chrony", Some(4))],
            true,
            "ok / chrony keeps the clock right",
        );
        check(
            &[("systemd-timesyncd", None)],
            true,
            "ok / systemd-timesyncd keeps the clock right",
        );
        check(
            &[("chrony", Some(0))],
            true,
            "warning / chrony runs, but has no time source to ask / because Its configuration names no server, and no \
             network has offered one",
        );
    }

    #[test]
    fn none_is_bad_where_one_could_be_and_two_are_too_many() {
        check(
            &[],
            true,
            "warning / No time daemon runs: the clock goes wrong by some seconds a week",
        );
        check(
            &[],
            false,
            "ok / Nothing on this machine may set the clock: the machine around it keeps it right",
        );
        check(
            &[("chrony", Some(0)), ("ntpd", None)],
            true,
            "warning / chrony, ntpd both set the clock / because Each takes the other's correction for an error and \
             undoes it: one of them has to go",
        );
    }
}
