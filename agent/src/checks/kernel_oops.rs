//! Finds a kernel that goes on after an error of its own, or one that died before this start.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, name};
use crate::host::{Host, KernelMarks, Unavailable};

use super::{Check, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "kernel.oops",
    number: 26,
    version: 1,
    title_en: "Errors of the kernel",
    title_fr: "Erreurs du noyau",
    every: Duration::from_secs(900),
    limits: &[],
    remedies: &[],
    texts: &[
        Text {
            id: "none",
            en: "The kernel has noted no error of its own",
            fr: "Le noyau n'a consigné aucune erreur interne",
            user_en: "The system's core has had no error.",
            user_fr: "Le cœur du système n'a pas eu d'erreur.",
        },
        Text {
            id: "died",
            en: "A part of the kernel has died and the machine goes on without it",
            fr: "Une partie du noyau est morte et la machine continue sans elle",
            user_en: "The system has had a serious error and has to be started anew.",
            user_fr: "Le système a subi une erreur grave et doit être redémarré.",
        },
        Text {
            id: "machine_check",
            en: "The processor has reported an error of the machine",
            fr: "Le processeur a signalé une erreur matérielle",
            user_en: "The computer's hardware has reported an error.",
            user_fr: "Le matériel de l'ordinateur a signalé une erreur.",
        },
        Text {
            id: "locked_up",
            en: "The kernel has kept a processor busy for too long",
            fr: "Le noyau a monopolisé un processeur trop longtemps",
            user_en: "The system stood still for some time.",
            user_fr: "Le système s'est figé un certain temps.",
        },
        Text {
            id: "kept",
            en: "The kernel died before this start: {records} records of it are kept",
            fr: "Le noyau est mort avant ce démarrage : {records} traces en sont conservées",
            user_en: "The computer crashed before its last start.",
            user_fr: "L'ordinateur a planté avant son dernier démarrage.",
        },
        Text::technician("said", "The log says: {said}", "Le journal dit : {said}"),
        Text::technician(
            "said_with_foreign",
            "The log says: {said}. Modules from elsewhere are loaded and may have caused it",
            "Le journal dit : {said}. Des modules externes sont chargés et peuvent en être la cause",
        ),
        Text::technician(
            "forgotten",
            "The kernel's log no longer says what it was, or this user may not read it",
            "Le journal du noyau ne dit plus ce que c'était, ou cet utilisateur ne peut pas le lire",
        ),
    ],
    ticket_worthy: true,
    run: Run::Now(|host, limits| Ok(judge(&observe(host)?, limits))),
};

/// A container sees the marks of the kernel that it shares: they are the fault of the machine around it.
fn observe(host: &Host) -> Result<KernelMarks, Unavailable> {
    host.kernel_marks()
}

fn judge(marks: &KernelMarks, _: &Limits) -> Vec<Finding> {
    let (status, id) = if marks.has_died {
        (Status::Critical, "died")
    } else if marks.has_machine_check {
        (Status::Critical, "machine_check")
    } else if marks.has_locked_up {
        (Status::Warning, "locked_up")
    } else if marks.kept.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    } else {
        let records = count("records", marks.kept.len() as u64);
        let first = name("first", &marks.kept[0]);
        return vec![
            Finding::new(Status::Warning, "")
                .says("kept", vec![records])
                .evidence(first),
        ];
    };
    let finding = Finding::new(status, "").says(id, vec![]);
    vec![match &marks.said {
        Some(said) if marks.has_foreign_modules => {
            finding.because("said_with_foreign", vec![name("said", said)])
        }
        Some(said) => finding.because("said", vec![name("said", said)]),
        None => finding.because("forgotten", vec![]),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(marks: KernelMarks, expected: &str) {
        let found = judge(&marks, &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn foreign_modules_alone_are_no_fault() {
        let marks = KernelMarks {
            has_foreign_modules: true,
            ..KernelMarks::default()
        };
        check(marks, "ok / The kernel has noted no error of its own");
    }

    #[test]
    fn the_worst_mark_is_told_with_what_the_log_says() {
        let died = KernelMarks {
            has_died: true,
            has_locked_up: true,
            said: Some("Oops: 0002 [#1]".into()),
            ..KernelMarks::default()
        };
        let died_says = "critical / A part of the kernel has died and the machine goes on without it / because ";
        check(
            died.clone(),
            &format!("{died_says}The log says: Oops: 0002 [#1]"),
        );
        let foreign = KernelMarks {
            has_foreign_modules: true,
            ..died.clone()
        };
        check(
            foreign,
            &format!(
                "{died_says}The log says: Oops: 0002 [#1]. Modules from elsewhere are loaded and may have caused it"
            ),
        );
        let silent = KernelMarks {
            has_machine_check: true,
            ..KernelMarks::default()
        };
        check(
            silent,
            "critical / The processor has reported an error of the machine / because The kernel's log no longer says \
             what it was, or this user may not read it",
        );
    }

    #[test]
    fn a_kernel_that_stood_still_has_not_died() {
        let stood_still = KernelMarks {
            has_locked_up: true,
            said: Some("watchdog: BUG: soft lockup".into()),
            ..KernelMarks::default()
        };
        check(
            stood_still,
            "warning / The kernel has kept a processor busy for too long / because The log says: watchdog: BUG: soft lockup",
        );
    }

    #[test]
    fn a_death_before_this_start_is_told() {
        let marks = KernelMarks {
            kept: vec!["dmesg-efi-1".into(), "dmesg-efi-2".into()],
            ..KernelMarks::default()
        };
        check(
            marks,
            "warning / The kernel died before this start: 2 records of it are kept",
        );
    }
}
