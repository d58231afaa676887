//! Finds a machine that is short of memory: little is left, or work stands still for it.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, bytes, percent};
use crate::host::{Host, Memory, Pressure, Resource, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "memory.pressure",
    number: 12,
    version: 1,
    title_en: "Memory left, and waiting for it",
    title_fr: "Mémoire restante, et attente de mémoire",
    every: Duration::from_secs(60),
    limits: &[
        Limit::percent("available_critical", 3),
        Limit::percent("available_warning", 8),
        Limit::bytes("available_enough", 2 << 30),
        Limit::percent("stalled_critical", 25),
        Limit::percent("stalled_warning", 10),
    ],
    remedies: &["process.terminate"],
    texts: &[
        Text {
            id: "ok",
            en: "{available} of memory available ({available_percent})",
            fr: "{available} de mémoire disponibles ({available_percent})",
            user_en: "There is enough memory.",
            user_fr: "Il y a assez de mémoire.",
        },
        Text {
            id: "low",
            en: "Only {available} of memory available ({available_percent})",
            fr: "Seulement {available} de mémoire disponibles ({available_percent})",
            user_en: "The computer is short of memory.",
            user_fr: "L'ordinateur manque de mémoire.",
        },
        Text {
            id: "stalled",
            en: "Work stood still for want of memory {stalled_percent} of the last minute",
            fr: "Le travail a attendu de la mémoire pendant {stalled_percent} de la dernière minute",
            user_en: "The computer is slow because it is short of memory.",
            user_fr: "L'ordinateur est lent parce qu'il manque de mémoire.",
        },
    ],
    ticket_worthy: true,
    run: Run::Now(|host, limits| {
        let (memory, pressure) = observe(host)?;
        Ok(judge(&memory, pressure.as_ref(), limits))
    }),
};

/// Kernels before 4.20, and those told so, do not tell the pressure.
fn observe(host: &Host) -> Result<(Memory, Option<Pressure>), Unavailable> {
    Ok((host.memory()?, host.pressure(Resource::Memory).ok()))
}

fn judge(memory: &Memory, pressure: Option<&Pressure>, limits: &Limits) -> Vec<Finding> {
    let available_percent = memory.available as f64 * 100.0 / memory.total.max(1) as f64;
    let left = match limits.bytes("available_enough") {
        enough if memory.available > enough => Status::Ok,
        _ => limits.below("available", available_percent),
    };
    // When all tasks stand still, nothing else is done meanwhile.
    let stalled_percent = pressure
        .and_then(|pressure| pressure.full)
        .map(|full| full.seconds_60 as f64 / 100.0);
    let stalled = stalled_percent.map_or(Status::Ok, |value| limits.above("stalled", value));
    let status = left.worse(stalled);
    let mut finding = Finding::new(status, "")
        .evidence(bytes("available_bytes", memory.available))
        .evidence(bytes("total_bytes", memory.total))
        .evidence(bytes("swap_free_bytes", memory.swap_free))
        .evidence(percent("available_percent", available_percent));
    if let Some(value) = stalled_percent {
        finding = finding.evidence(percent("stalled_percent", value));
    }
    let available = vec![
        bytes("available", memory.available),
        percent("available_percent", available_percent),
    ];
    vec![match stalled_percent {
        _ if status == Status::Ok => finding.says("ok", available),
        Some(value) if stalled == status => {
            finding.says("stalled", vec![percent("stalled_percent", value)])
        }
        Some(_) | None => finding.says("low", available),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};
    use crate::host::Stall;

    /// Available and total in MiB, share of the last minute in hundredths of a percent.
    #[track_caller]
    fn check(available: u64, total: u64, stalled: Option<u64>, expected: &str) {
        let memory = Memory {
            available: available << 20,
            total: total << 20,
            ..Memory::default()
        };
        let pressure = stalled.map(|seconds_60| Pressure {
            full: Some(Stall {
                seconds_60,
                ..Stall::default()
            }),
            some: None,
        });
        let found = judge(&memory, pressure.as_ref(), &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn little_memory_is_bad_and_much_is_never() {
        check(800, 8000, None, "ok / 800 MiB of memory available (10 %)");
        check(640, 8000, None, "ok / 640 MiB of memory available (8 %)");
        check(
            560,
            8000,
            None,
            "warning / Only 560 MiB of memory available (7 %)",
        );
        check(
            160,
            8000,
            None,
            "critical / Only 160 MiB of memory available (2 %)",
        );
        check(3072, 65536, None, "ok / 3 GiB of memory available (4.7 %)");
    }

    #[test]
    fn standing_still_is_bad_however_much_is_left() {
        check(
            4000,
            8000,
            Some(3000),
            "critical / Work stood still for want of memory 30 % of the last minute",
        );
        check(
            4000,
            8000,
            Some(1000),
            "ok / 3.9 GiB of memory available (50 %)",
        );
    }
}
