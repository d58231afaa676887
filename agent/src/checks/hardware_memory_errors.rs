//! Finds memory modules that make errors.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, bytes, count, name};
use crate::host::{Host, MemoryErrors, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "hardware.memory-errors",
    number: 30,
    version: 1,
    title_en: "Errors of the memory",
    title_fr: "Erreurs de la mémoire",
    every: Duration::from_secs(900),
    limits: &[
        // Since the driver counts. One now and then is the weather of space.
        Limit::number("corrected_critical", 1000),
        Limit::number("corrected_warning", 10),
    ],
    remedies: &[],
    texts: &[
        Text {
            id: "none",
            en: "The memory makes no errors: {corrected} were corrected since the start",
            fr: "La mémoire ne fait pas d'erreurs : {corrected} corrigées depuis le démarrage",
            user_en: "The memory is well.",
            user_fr: "La mémoire est en bon état.",
        },
        Text {
            id: "corrected",
            en: "{module} has made {corrected} errors that were corrected",
            fr: "{module} a fait {corrected} erreurs, toutes corrigées",
            user_en: "The memory makes errors.",
            user_fr: "La mémoire fait des erreurs.",
        },
        Text {
            id: "uncorrected",
            en: "{module} has made {uncorrected} errors that could not be corrected",
            fr: "{module} a fait {uncorrected} erreurs qui n'ont pas pu être corrigées",
            user_en: "The memory is broken: programs crash and data may be lost.",
            user_fr: "La mémoire est défectueuse : des programmes plantent et des données peuvent être perdues.",
        },
        Text {
            id: "given_up",
            en: "The kernel has given up {lost} of memory because of its errors",
            fr: "Le noyau a abandonné {lost} de mémoire à cause de ses erreurs",
            user_en: "A part of the memory is broken.",
            user_fr: "Une partie de la mémoire est défectueuse.",
        },
        Text::technician(
            "replace",
            "The module is failing, or sits badly: reseat it, else replace it",
            "La barrette est défaillante ou mal enfichée : la réinsérer, sinon la remplacer",
        ),
    ],
    ticket_worthy: true,
    run: Run::Now(|host, limits| {
        let (errors, given_up) = observe(host)?;
        judge(errors, given_up, limits)
    }),
};

/// What the modules' counters say, and what the kernel has given up, in bytes.
type Seen = (Result<Vec<MemoryErrors>, Unavailable>, u64);

fn observe(host: &Host) -> Result<Seen, Unavailable> {
    Ok((host.memory_errors(), host.memory()?.hardware_corrupted))
}

fn judge(
    errors: Result<Vec<MemoryErrors>, Unavailable>,
    given_up: u64,
    limits: &Limits,
) -> Result<Vec<Finding>, Unavailable> {
    let mut findings = Vec::new();
    if given_up > 0 {
        let finding = Finding::new(Status::Critical, "");
        findings.push(
            finding
                .says("given_up", vec![bytes("lost", given_up)])
                .because("replace", vec![]),
        );
    }
    let errors = match errors {
        Err(why) if findings.is_empty() => return Err(why),
        told => told.unwrap_or_default(),
    };
    findings.extend(errors.iter().filter_map(|of| one(of, limits)));
    if findings.is_empty() {
        let corrected = errors.iter().map(|of| of.corrected).sum();
        findings
            .push(Finding::new(Status::Ok, "").says("none", vec![count("corrected", corrected)]));
    }
    Ok(findings)
}

fn one(of: &MemoryErrors, limits: &Limits) -> Option<Finding> {
    let module = name("module", &of.module);
    let finding = if of.uncorrected > 0 {
        let said = vec![module, count("uncorrected", of.uncorrected)];
        Finding::new(Status::Critical, &of.module).says("uncorrected", said)
    } else {
        let status = limits.above("corrected", of.corrected as f64);
        if status == Status::Ok {
            return None;
        }
        let said = vec![module, count("corrected", of.corrected)];
        Finding::new(status, &of.module).says("corrected", said)
    };
    Some(finding.because("replace", vec![]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};
    use crate::host::Term;

    #[track_caller]
    fn check(corrected: u64, uncorrected: u64, given_up: u64, expected: &str) {
        let errors = vec![MemoryErrors {
            module: "DIMM_A1".into(),
            corrected,
            uncorrected,
        }];
        let found = judge(Ok(errors), given_up, &limits(&CHECK)).unwrap();
        let found = show(&CHECK, &found);
        assert!(found.starts_with(expected), "{found}");
    }

    #[test]
    fn many_corrected_errors_announce_those_that_are_not() {
        check(
            3,
            0,
            0,
            "ok / The memory makes no errors: 3 were corrected since the start",
        );
        check(
            40,
            0,
            0,
            "warning DIMM_A1 / DIMM_A1 has made 40 errors that were corrected / because The module is failing",
        );
        check(5000, 0, 0, "critical DIMM_A1 / DIMM_A1 has made 5000");
        check(
            0,
            1,
            0,
            "critical DIMM_A1 / DIMM_A1 has made 1 errors that could not be corrected",
        );
        check(
            0,
            0,
            8192,
            "critical / The kernel has given up 8 KiB of memory",
        );
    }

    #[test]
    fn where_nothing_counts_nobody_knows_but_what_the_kernel_gave_up_is_told() {
        let absent = || Err(Unavailable::absent(Term::MemoryErrorCounter));
        assert!(judge(absent(), 0, &limits(&CHECK)).is_err());
        assert_eq!(judge(absent(), 4096, &limits(&CHECK)).unwrap().len(), 1);
    }
}
