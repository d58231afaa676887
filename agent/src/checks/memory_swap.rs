//! Finds a machine that swaps memory in and out all the time. Swap that is merely used is well used.

use std::time::Duration;

use crate::facts::trends::{self, Trend};
use crate::finding::{Finding, Status, Text, bytes, percent};
use crate::host::{Host, Resource, Term, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "memory.swap",
    number: 13,
    version: 1,
    title_en: "Swapping",
    title_fr: "Échange de mémoire avec le disque",
    every: Duration::from_secs(300),
    limits: &[
        Limit::percent("waited_critical", 40),
        Limit::percent("waited_warning", 10),
        // In a second.
        Limit::bytes("swapped_least", 1 << 20),
    ],
    remedies: &["process.terminate"],
    texts: &[
        Text::technician(
            "no_swap",
            "This machine has no swap",
            "Cette machine n'a pas d'espace d'échange",
        ),
        Text {
            id: "calm",
            en: "Work does not wait for memory to be swapped in",
            fr: "Le travail n'attend pas l'échange de mémoire avec le disque",
            user_en: "There is enough memory.",
            user_fr: "Il y a assez de mémoire.",
        },
        Text {
            id: "thrashes",
            en: "{swapped} are swapped a second, and work waits for memory {waited} of the time",
            fr: "{swapped} sont échangés par seconde, et le travail attend de la mémoire {waited} du temps",
            user_en: "The computer is slow because it is short of memory.",
            user_fr: "L'ordinateur est lent parce qu'il manque de mémoire.",
        },
        Text::technician(
            "too_much",
            "What is worked with is larger than the memory: the same pages go to the disk and come back",
            "Les données utilisées dépassent la mémoire : les mêmes pages vont sur le disque et en reviennent",
        ),
    ],
    ticket_worthy: true,
    run: Run::Wait(|host, limits| {
        Box::pin(async {
            let seen = observe(host, limits).await?;
            Ok(judge(&seen, limits))
        })
    }),
};

struct Seen {
    swap_total: u64,
    /// Percent of the last five minutes in which some work waited for memory.
    waited_percent: f64,
    /// Bytes in a second, lately. Read only where it matters.
    swapped: Option<f64>,
}

async fn observe(host: &Host, limits: &Limits) -> Result<Seen, Unavailable> {
    let swap_total = host.memory()?.swap_total;
    let mut seen = Seen {
        swap_total,
        waited_percent: 0.0,
        swapped: None,
    };
    if swap_total == 0 {
        return Ok(seen);
    }
    let some = host.pressure(Resource::Memory)?.some.unwrap_or_default();
    seen.waited_percent = some.seconds_300 as f64 / 100.0;
    if limits.above("waited", seen.waited_percent) != Status::Ok {
        let trends = trends::ask(host, trends::SWAPPED_BYTES).await?;
        let trend = trends.first().map(|trend: &Trend| trend.recent);
        seen.swapped = Some(trend.ok_or_else(|| Unavailable::absent(Term::SwapRecord))?);
    }
    Ok(seen)
}

fn judge(seen: &Seen, limits: &Limits) -> Vec<Finding> {
    if seen.swap_total == 0 {
        return vec![Finding::new(Status::Ok, "").says("no_swap", vec![])];
    }
    let waited = percent("waited", seen.waited_percent);
    let swapped = seen.swapped.unwrap_or_default();
    let status = match swapped >= limits.get("swapped_least") {
        true => limits.above("waited", seen.waited_percent),
        false => Status::Ok,
    };
    let finding = Finding::new(status, "").evidence(percent("waited_percent", seen.waited_percent));
    vec![match status {
        Status::Ok => finding.says("calm", vec![]),
        Status::Warning | Status::Critical | Status::Unknown => finding
            .says("thrashes", vec![bytes("swapped", swapped as u64), waited])
            .because("too_much", vec![]),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(swap_total: u64, waited_percent: f64, swapped_mib: f64, expected: &str) {
        let seen = Seen {
            swap_total,
            waited_percent,
            swapped: Some(swapped_mib * f64::from(1 << 20)),
        };
        let found = show(&CHECK, &judge(&seen, &limits(&CHECK)));
        assert!(found.starts_with(expected), "{found}");
    }

    #[test]
    fn only_swapping_that_work_waits_for_is_bad() {
        check(
            1,
            15.0,
            8.0,
            "warning / 8 MiB are swapped a second, and work waits for memory 15 % of the time / because What is worked",
        );
        check(1, 50.0, 8.0, "critical / 8 MiB");
        check(1, 50.0, 0.5, "ok / Work does not wait");
        check(1, 5.0, 80.0, "ok / Work does not wait");
        check(0, 50.0, 8.0, "ok / This machine has no swap");
    }
}
