//! Finds a process whose memory grows and grows, by what the flight recorder has seen of it.

use std::time::Duration;

use crate::facts::trends::{self, Trend};
use crate::finding::{Finding, Status, Text, bytes, duration, name};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "memory.growth",
    number: 15,
    version: 1,
    title_en: "Processes that take more and more memory",
    title_fr: "Processus dont la mémoire ne cesse de croître",
    every: Duration::from_secs(3600),
    limits: &[
        // At this pace, until nothing is left.
        Limit::seconds("left_critical", 3600.0),
        Limit::seconds("left_warning", 12.0 * 3600.0),
        Limit::seconds("history_least", 3600.0),
        Limit::bytes("grown_least", 256 << 20),
        Limit::percent("steady_least", 80),
    ],
    remedies: &["process.terminate"],
    texts: &[
        Text {
            id: "none",
            en: "No process takes more and more memory",
            fr: "Aucun processus ne prend de plus en plus de mémoire",
            user_en: "No program takes more and more memory.",
            user_fr: "Aucun programme ne prend de plus en plus de mémoire.",
        },
        Text {
            id: "grows",
            en: "{process} has grown by {grown} to {now} and takes {pace} more an hour: in {left} no memory is left",
            fr: "{process} a grossi de {grown} pour atteindre {now} et prend {pace} de plus par heure : dans {left}, il ne \
                 restera plus de mémoire",
            user_en: "A program takes more and more memory.",
            user_fr: "Un programme prend de plus en plus de mémoire.",
        },
        Text::technician(
            "leak",
            "It asks for memory and does not give it back: it has to be started anew, and reported to its maker",
            "Il demande de la mémoire sans la rendre : il faut le redémarrer et le signaler à son éditeur",
        ),
    ],
    ticket_worthy: false,
    run: Run::Wait(|host, limits| {
        Box::pin(async {
            let trends = trends::ask(host, trends::RESIDENT_BYTES).await?;
            Ok(judge(&trends, host.memory()?.available, limits))
        })
    }),
};

fn judge(trends: &[Trend], available: u64, limits: &Limits) -> Vec<Finding> {
    let findings: Vec<Finding> = trends
        .iter()
        .filter_map(|of| one(of, available, limits))
        .collect();
    if findings.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    findings
}

fn one(of: &Trend, available: u64, limits: &Limits) -> Option<Finding> {
    let grown = of.last - of.first;
    let is_growth = of.per_second > 0.0
        && of.span_us as f64 / 1e6 >= limits.get("history_least")
        && grown >= limits.get("grown_least")
        && of.steady * 100.0 >= limits.get("steady_least");
    if !is_growth {
        return None;
    }
    let left_seconds = available as f64 / of.per_second;
    let status = limits.below("left", left_seconds);
    let said = vec![
        name("process", &of.thing),
        bytes("grown", grown as u64),
        bytes("now", of.last as u64),
        bytes("pace", (of.per_second * 3600.0) as u64),
        duration("left", (left_seconds * 1e6) as i64),
    ];
    let finding = Finding::new(status, &of.thing)
        .says("grows", said)
        .because("leak", vec![])
        .evidence(bytes("available_bytes", available))
        .evidence(duration("seen_us", of.span_us));
    (status != Status::Ok).then_some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    const MIB: f64 = (1_u64 << 20) as f64;

    /// MiB that a process held some hours ago and holds now; MiB that are available.
    #[track_caller]
    fn check(hours: f64, from: f64, to: f64, steady: f64, available: u64, expected: &str) {
        let trend = Trend {
            thing: "leaky 7".into(),
            span_us: (hours * 3.6e9) as i64,
            first: from * MIB,
            last: to * MIB,
            per_second: (to - from) * MIB / (hours * 3600.0),
            steady,
            ..Trend::default()
        };
        let found = show(&CHECK, &judge(&[trend], available << 20, &limits(&CHECK)));
        assert!(found.starts_with(expected), "{found}");
    }

    #[test]
    fn what_takes_all_that_is_left_within_hours_is_told() {
        check(
            4.0,
            100.0,
            2100.0,
            1.0,
            4000,
            "warning leaky 7 / leaky 7 has grown by 2 GiB to 2.1 GiB and takes 500 MiB more an hour: in 8 h no memory is \
             left / because It asks for memory",
        );
        check(4.0, 100.0, 2100.0, 1.0, 400, "critical leaky 7");
        check(4.0, 100.0, 2100.0, 1.0, 40_000, "ok / No process takes");
    }

    #[test]
    fn what_is_loaded_once_or_comes_and_goes_is_no_growth() {
        check(0.5, 100.0, 2100.0, 1.0, 400, "ok");
        check(4.0, 100.0, 2100.0, 0.6, 400, "ok");
        check(4.0, 100.0, 300.0, 1.0, 400, "ok");
    }
}
