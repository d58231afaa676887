//! Finds a machine that wants to be started anew.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, name};
use crate::host::{Host, RebootNeed, Unavailable};

use super::{Check, Limits, Run};

/// Packages that are named; the rest is left out.
const NAMED: usize = 8;

pub(super) const CHECK: Check = Check {
    id: "os.reboot-required",
    number: 50,
    version: 1,
    title_en: "Restart wanted",
    title_fr: "Redémarrage demandé",
    every: Duration::from_secs(900),
    limits: &[],
    remedies: &[],
    texts: &[
        Text {
            id: "none",
            en: "No restart is wanted",
            fr: "Aucun redémarrage n'est demandé",
            user_en: "The computer need not be restarted.",
            user_fr: "Il n'est pas nécessaire de redémarrer l'ordinateur.",
        },
        Text {
            id: "packages",
            en: "A restart is wanted by updated packages: {packages}",
            fr: "Un redémarrage est demandé par des paquets mis à jour : {packages}",
            user_en: "The computer should be restarted to finish an update.",
            user_fr: "L'ordinateur doit être redémarré pour terminer une mise à jour.",
        },
        Text {
            id: "kernel_gone",
            en: "The running kernel {running} is no longer installed: nothing can be loaded into it",
            fr: "Le noyau en cours {running} n'est plus installé : rien ne peut y être chargé",
            user_en: "The computer should be restarted to finish an update.",
            user_fr: "L'ordinateur doit être redémarré pour terminer une mise à jour.",
        },
    ],
    ticket_worthy: false,
    run: Run::Now(|host, limits| Ok(judge(observe(host)?, limits))),
};

fn observe(host: &Host) -> Result<RebootNeed, Unavailable> {
    host.reboot_need()
}

fn judge(need: RebootNeed, _: &Limits) -> Vec<Finding> {
    vec![match need {
        RebootNeed::None => Finding::new(Status::Ok, "").says("none", vec![]),
        RebootNeed::Packages(mut packages) => {
            packages.truncate(NAMED);
            let packages = match packages.is_empty() {
                true => "?".into(),
                false => packages.join(", "),
            };
            Finding::new(Status::Warning, "").says("packages", vec![name("packages", packages)])
        }
        RebootNeed::KernelGone { running } => {
            Finding::new(Status::Warning, "").says("kernel_gone", vec![name("running", running)])
        }
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(need: RebootNeed, expected: &str) {
        assert_eq!(show(&CHECK, &judge(need, &limits(&CHECK))), expected);
    }

    #[test]
    fn who_wants_it_is_named() {
        check(RebootNeed::None, "ok / No restart is wanted");
        check(
            RebootNeed::Packages(vec!["libc6".into(), "linux-base".into()]),
            "warning / A restart is wanted by updated packages: libc6, linux-base",
        );
        check(
            RebootNeed::KernelGone {
                running: "6.1.0-1".into(),
            },
            "warning / The running kernel 6.1.0-1 is no longer installed: nothing can be loaded into it",
        );
    }
}
