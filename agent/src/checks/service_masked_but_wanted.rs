//! Finds units that somebody wants and that the service manager cannot start: masked, or not there.

use std::time::Duration;

use crate::facts::blocked_units;
use crate::finding::{Finding, Status, Text, name};
use crate::host::{BlockedUnit, Host, Unavailable};

use super::{Check, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "service.masked-but-wanted",
    number: 24,
    version: 1,
    title_en: "Wanted services that cannot be started",
    title_fr: "Services voulus qui ne peuvent pas démarrer",
    every: Duration::from_secs(900),
    limits: &[],
    remedies: &["service.unmask"],
    texts: &[
        Text {
            id: "none",
            en: "No unit that is wanted is masked or missing",
            fr: "Aucune unité voulue n'est masquée ou absente",
            user_en: "All background programs that are wanted can be started.",
            user_fr: "Tous les programmes de fond voulus peuvent démarrer.",
        },
        Text {
            id: "masked",
            en: "{unit} is enabled for {target} and masked: it is never started",
            fr: "{unit} est activé pour {target} et masqué : il n'est jamais démarré",
            user_en: "A background program has been switched off.",
            user_fr: "Un programme de fond a été désactivé.",
        },
        Text {
            id: "needed",
            en: "{needed_by} cannot be started: it needs {unit}",
            fr: "{needed_by} ne peut pas démarrer : il a besoin de {unit}",
            user_en: "A background program cannot be started.",
            user_fr: "Un programme de fond ne peut pas démarrer.",
        },
        Text {
            id: "needed_next_time",
            en: "{needed_by} runs, and could not be started again: it needs {unit}",
            fr: "{needed_by} fonctionne, mais ne pourrait pas redémarrer : il a besoin de {unit}",
            user_en: "A background program could not be started again.",
            user_fr: "Un programme de fond ne pourrait pas redémarrer.",
        },
        Text::technician(
            "is_masked",
            "{unit} is masked: somebody has forbidden its start (systemctl unmask)",
            "{unit} est masqué : quelqu'un en a interdit le démarrage (systemctl unmask)",
        ),
        Text::technician(
            "is_missing",
            "There is no unit {unit} on this machine",
            "Il n'y a pas d'unité {unit} sur cette machine",
        ),
    ],
    ticket_worthy: true,
    run: Run::Wait(|host, limits| Box::pin(async { Ok(judge(&observe(host).await?, limits)) })),
};

async fn observe(host: &Host) -> Result<Vec<BlockedUnit>, Unavailable> {
    blocked_units::ask(host).await
}

fn judge(blocked: &[BlockedUnit], _: &Limits) -> Vec<Finding> {
    let findings: Vec<Finding> = blocked.iter().filter_map(one).collect();
    if findings.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    findings
}

fn one(blocked: &BlockedUnit) -> Option<Finding> {
    let unit = name("unit", &blocked.unit);
    let finding = |status| Finding::new(status, &blocked.unit);
    let finding = match (&blocked.needed_by, &blocked.wanted_by) {
        (Some(needed_by), _) => {
            let said = vec![name("needed_by", needed_by), unit.clone()];
            match blocked.needed_by_runs {
                true => finding(Status::Warning).says("needed_next_time", said),
                false => finding(Status::Critical).says("needed", said),
            }
        }
        // Who masks it may mean it.
        (None, Some(target)) => {
            finding(Status::Warning).says("masked", vec![unit.clone(), name("target", target)])
        }
        (None, None) => return None,
    };
    Some(match blocked.is_masked {
        true if blocked.unit.ends_with(".service") => finding.because("is_masked", vec![unit]),
        true => finding.because("is_masked", vec![unit]).without_remedies(),
        false => finding.because("is_missing", vec![unit]).without_remedies(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(is_masked: bool, wanted_by: &str, needed_by: &str, runs: bool, expected: &str) {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let blocked = BlockedUnit {
            unit: "db.service".into(),
            is_masked,
            wanted_by: some(wanted_by),
            needed_by: some(needed_by),
            needed_by_runs: runs,
        };
        assert_eq!(show(&CHECK, &judge(&[blocked], &limits(&CHECK))), expected);
    }

    #[test]
    fn what_hangs_on_it_says_how_bad_it_is() {
        let masked =
            "because db.service is masked: somebody has forbidden its start (systemctl unmask)";
        check(
            true,
            "multi-user.target",
            "",
            false,
            &format!(
                "warning db.service / db.service is enabled for multi-user.target and masked: it is never started / \
                 {masked}"
            ),
        );
        check(
            true,
            "multi-user.target",
            "web.service",
            false,
            &format!(
                "critical db.service / web.service cannot be started: it needs db.service / {masked}"
            ),
        );
        check(
            false,
            "",
            "web.service",
            true,
            "warning db.service / web.service runs, and could not be started again: it needs db.service / because \
             There is no unit db.service on this machine",
        );
    }

    #[test]
    fn nothing_in_the_way_is_well() {
        let found = judge(&[], &limits(&CHECK));
        assert_eq!(
            show(&CHECK, &found),
            "ok / No unit that is wanted is masked or missing"
        );
    }
}
