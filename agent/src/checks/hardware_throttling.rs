//! Finds processors that are slowed down for heat.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, duration, percent};
use crate::host::{Host, Throttling, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "hardware.throttling",
    number: 28,
    version: 1,
    title_en: "Processors slowed down for heat",
    title_fr: "Processeurs ralentis par la chaleur",
    every: Duration::from_secs(900),
    limits: &[
        // Of the time since the start.
        Limit::percent("slowed_critical", 25),
        Limit::percent("slowed_warning", 5),
    ],
    remedies: &[],
    texts: &[
        Text {
            id: "seldom",
            en: "The processor was slowed down for heat {times} times since the start, for {slowed} in all",
            fr: "Le processeur a été ralenti {times} fois par la chaleur depuis le démarrage, {slowed} en tout",
            user_en: "The computer is not too hot.",
            user_fr: "L'ordinateur n'est pas trop chaud.",
        },
        Text {
            id: "often",
            en: "The processor was slowed down for heat {share} of the time since the start ({slowed})",
            fr: "Le processeur a été ralenti par la chaleur {share} du temps depuis le démarrage ({slowed})",
            user_en: "The computer is slow because it is too hot.",
            user_fr: "L'ordinateur est lent parce qu'il est trop chaud.",
        },
        Text::technician(
            "times_only",
            "Cannot tell: the processor was slowed down for heat {times} times; for how long, this kernel does not say",
            "Indéterminé : le processeur a été ralenti {times} fois par la chaleur ; combien de temps, ce noyau ne le dit pas",
        ),
        Text::technician(
            "cooling",
            "Its cooling does not suffice: dust, a stopped fan, dried thermal paste",
            "Son refroidissement ne suffit pas : poussière, ventilateur arrêté, pâte thermique sèche",
        ),
    ],
    ticket_worthy: false,
    run: Run::Now(|host, limits| {
        let (throttling, up_seconds) = observe(host)?;
        Ok(judge(throttling, up_seconds, limits))
    }),
};

fn observe(host: &Host) -> Result<(Throttling, u64), Unavailable> {
    Ok((host.throttling()?, host.uptime_seconds()?))
}

fn judge(of: Throttling, up_seconds: u64, limits: &Limits) -> Vec<Finding> {
    let times = count("times", of.times);
    let slowed_ms = match of.longest_ms {
        Some(ms) => ms,
        None if of.times == 0 => 0,
        None => return vec![Finding::new(Status::Unknown, "").says("times_only", vec![times])],
    };
    let share = slowed_ms as f64 / 10.0 / up_seconds.max(1) as f64;
    let slowed = duration("slowed", slowed_ms as i64 * 1000);
    let status = limits.above("slowed", share);
    vec![match status {
        Status::Ok => Finding::new(status, "").says("seldom", vec![times, slowed]),
        Status::Warning | Status::Critical | Status::Unknown => Finding::new(status, "")
            .says("often", vec![percent("share", share), slowed])
            .because("cooling", vec![])
            .evidence(times),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    /// Seconds slowed down in an hour.
    #[track_caller]
    fn check(seconds: Option<u64>, expected: &str) {
        let of = Throttling {
            times: 7,
            longest_ms: seconds.map(|seconds| seconds * 1000),
        };
        let found = show(&CHECK, &judge(of, 3600, &limits(&CHECK)));
        assert!(found.starts_with(expected), "{found}");
    }

    #[test]
    fn seldom_is_normal_and_often_is_a_fault_of_the_cooling() {
        check(
            Some(60),
            "ok / The processor was slowed down for heat 7 times since the start, for 1 min in all",
        );
        check(
            Some(360),
            "warning / The processor was slowed down for heat 10 % of the time since the start (6 min) / because Its cooling",
        );
        check(Some(1800), "critical");
        check(
            None,
            "unknown / Cannot tell: the processor was slowed down for heat 7 times",
        );
    }
}
