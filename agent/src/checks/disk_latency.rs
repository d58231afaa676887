//! Finds a disk that has become slow, by how fast it was before.

use std::time::Duration;

use crate::facts::trends::{self, Trend};
use crate::finding::{Finding, Status, Text, duration, name, number};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "disk.latency",
    number: 9,
    version: 1,
    title_en: "How long the disks take",
    title_fr: "Temps de réponse des disques",
    every: Duration::from_secs(3600),
    limits: &[
        // What nobody notices is not slow, whatever it was before.
        milliseconds("slow_critical", 500.0),
        milliseconds("slow_warning", 50.0),
        Limit::number("times_usual", 4),
        Limit::seconds("history_least", 3600.0),
    ],
    remedies: &[],
    texts: &[
        Text {
            id: "usual",
            en: "The disks answer as fast as usual",
            fr: "Les disques répondent aussi vite que d'habitude",
            user_en: "The disk is as fast as usual.",
            user_fr: "Le disque est aussi rapide que d'habitude.",
        },
        Text {
            id: "slow",
            en: "{disk} takes {recent} for a request; at most {usual} is usual here",
            fr: "{disk} met {recent} par requête ; d'habitude {usual} au plus",
            user_en: "The disk has become slow.",
            user_fr: "Le disque est devenu lent.",
        },
        Text::technician(
            "young",
            "Cannot tell: the disks were used too little, or the flight recorder is too young to know what is usual",
            "Indéterminé : les disques ont trop peu servi, ou l'enregistreur est trop récent pour savoir ce qui est habituel",
        ),
    ],
    ticket_worthy: false,
    run: Run::Wait(|host, limits| {
        Box::pin(async { Ok(judge(&trends::ask(host, trends::AWAIT_MS).await?, limits)) })
    }),
};

const fn milliseconds(name: &'static str, default: f64) -> Limit {
    Limit {
        name,
        default,
        unit: "ms",
    }
}

fn judge(trends: &[Trend], limits: &Limits) -> Vec<Finding> {
    let least = limits.get("history_least");
    let known = trends.iter().filter(|of| of.span_us as f64 / 1e6 >= least);
    if known.clone().next().is_none() {
        return vec![Finding::new(Status::Unknown, "").says("young", vec![])];
    }
    let findings: Vec<Finding> = known.filter_map(|of| one(of, limits)).collect();
    if findings.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("usual", vec![])];
    }
    findings
}

fn one(of: &Trend, limits: &Limits) -> Option<Finding> {
    let status = limits.above("slow", of.recent);
    if status == Status::Ok || of.recent <= limits.get("times_usual") * of.usual_most {
        return None;
    }
    let ms = |name, value: f64| duration(name, (value * 1000.0) as i64);
    let said = vec![
        name("disk", &of.thing),
        ms("recent", of.recent),
        ms("usual", of.usual_most),
    ];
    let finding = Finding::new(status, &of.thing)
        .says("slow", said)
        .evidence(number("recent_ms", of.recent, "ms"))
        .evidence(number("usual_ms", of.usual, "ms"));
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    /// Milliseconds at most as a rule, and lately.
    #[track_caller]
    fn check(hours: i64, usual_most: f64, recent: f64, expected: &str) {
        let trend = Trend {
            thing: "sda".into(),
            span_us: hours * 3_600_000_000,
            usual_most,
            recent,
            ..Trend::default()
        };
        let found = show(&CHECK, &judge(&[trend], &limits(&CHECK)));
        assert!(found.starts_with(expected), "{found}");
    }

    #[test]
    fn slower_than_ever_and_noticed_is_slow() {
        check(
            3,
            8.0,
            90.0,
            "warning sda / sda takes 90 ms for a request; at most 8 ms is usual here",
        );
        check(
            3,
            8.0,
            900.0,
            "critical sda / sda takes 900 ms for a request",
        );
        check(3, 0.2, 5.0, "ok / The disks answer as fast as usual");
    }

    #[test]
    fn a_disk_that_was_always_slow_is_as_usual() {
        check(3, 200.0, 600.0, "ok");
    }

    #[test]
    fn without_history_nobody_knows_what_is_usual() {
        check(0, 8.0, 900.0, "unknown");
    }
}
