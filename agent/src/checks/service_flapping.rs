//! Finds services that are started anew again and again and so never show as failed.

use std::time::Duration;

use crate::facts::restarting_services;
use crate::finding::{Finding, Status, Text, count, duration, name, time};
use crate::host::{Host, Restarting, Unavailable};

use super::{Check, Limit, Limits, Run, service_failed};

pub(super) const CHECK: Check = Check {
    id: "service.flapping",
    number: 23,
    version: 1,
    title_en: "Services that are started again and again",
    title_fr: "Services relancés sans cesse",
    every: Duration::from_secs(900),
    limits: &[
        // Lately; where no journal tells, since somebody started it.
        Limit::number("restarts_enough", 3),
    ],
    // The manager restarts it already: once more would not help.
    remedies: &["service.stop"],
    texts: &[
        Text {
            id: "none",
            en: "No service is started again and again",
            fr: "Aucun service n'est relancé sans cesse",
            user_en: "No background program stops again and again.",
            user_fr: "Aucun programme de fond ne s'arrête sans cesse.",
        },
        Text {
            id: "flaps",
            en: "{unit} was started anew {restarts} times within {window}",
            fr: "{unit} a été relancé {restarts} fois en {window}",
            user_en: "A background program stops again and again.",
            user_fr: "Un programme de fond s'arrête sans cesse.",
        },
        Text {
            id: "waits",
            en: "{unit} has ended and is about to be started anew, as {restarts} times before",
            fr: "{unit} s'est arrêté et va être relancé, comme {restarts} fois déjà",
            user_en: "A background program stops again and again.",
            user_fr: "Un programme de fond s'arrête sans cesse.",
        },
        Text::technician(
            "when_unknown",
            "{unit} has been started anew {restarts} times in all; how often lately, no journal tells",
            "{unit} a été relancé {restarts} fois en tout ; aucun journal ne dit combien récemment",
        ),
        service_failed::EXIT,
        service_failed::SIGNAL,
        Text::technician(
            "ends",
            "Its main process ends of itself without an error, and is set to be started anew whenever it does",
            "Son processus principal se termine de lui-même sans erreur, et il est réglé pour être relancé à chaque fois",
        ),
        service_failed::OOM,
        service_failed::TIMEOUT,
        service_failed::OTHER,
    ],
    ticket_worthy: true,
    run: Run::Wait(|host, limits| Box::pin(async { Ok(judge(&observe(host).await?, limits)) })),
};

async fn observe(host: &Host) -> Result<Vec<Restarting>, Unavailable> {
    restarting_services::ask(host).await
}

fn judge(restarting: &[Restarting], limits: &Limits) -> Vec<Finding> {
    let one = |of: &Restarting| one(of, limits);
    let findings: Vec<Finding> = restarting.iter().filter_map(one).collect();
    if findings.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    findings
}

fn one(of: &Restarting, limits: &Limits) -> Option<Finding> {
    let service = &of.service;
    let in_all = service.restarts.unwrap_or_default().max(0) as u64;
    let restarts = of.recent.unwrap_or(in_all);
    if (restarts as f64) < limits.get("restarts_enough") {
        return None;
    }
    let bad = service_failed::status(service);
    let finding = |status| Finding::new(status, &service.unit);
    let mut said = vec![name("unit", &service.unit), count("restarts", restarts)];
    let mut finding = match of.recent {
        Some(_) => {
            let window_us = restarting_services::RECENT.as_micros() as i64;
            said.push(duration("window", window_us));
            finding(bad).says("flaps", said)
        }
        // Between two starts it is met only when it is there often.
        None if service.sub == "auto-restart" => finding(bad).says("waits", said),
        None => return Some(finding(Status::Unknown).says("when_unknown", said)),
    };
    finding = finding
        .evidence(name("description", &service.description))
        .evidence(name("state", &service.sub))
        .evidence(count("restarts_in_all", in_all));
    if let Some(since) = service.since_us {
        finding = finding.evidence(time("since", since));
    }
    Some(match service.result.as_deref() {
        Some("success") => finding.because("ends", vec![]),
        _ => service_failed::because_of_its_end(finding, service),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};
    use crate::host::Service;

    #[track_caller]
    fn check(recent: Option<u64>, sub: &str, result: &str, expected: &str) {
        let service = Service {
            unit: "web.service".into(),
            enabled: Some("enabled".into()),
            sub: sub.into(),
            result: Some(result.into()),
            exit_status: Some(3),
            restarts: Some(40),
            ..Service::default()
        };
        let found = judge(&[Restarting { service, recent }], &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn restarts_of_late_count() {
        check(
            Some(12),
            "running",
            "exit-code",
            "critical web.service / web.service was started anew 12 times within 15 min / because Its main process \
             ended with status 3",
        );
        check(
            Some(3),
            "auto-restart",
            "signal",
            "critical web.service / web.service was started anew 3 times within 15 min / because Its main process was \
             ended by signal 3",
        );
        let well = "ok / No service is started again and again";
        check(Some(2), "running", "exit-code", well);
        check(Some(0), "running", "success", well);
    }

    #[test]
    fn without_a_journal_only_the_moment_tells() {
        check(
            None,
            "auto-restart",
            "exit-code",
            "critical web.service / web.service has ended and is about to be started anew, as 40 times before / because \
             Its main process ended with status 3",
        );
        check(
            None,
            "running",
            "success",
            "unknown web.service / web.service has been started anew 40 times in all; how often lately, no journal tells",
        );
    }

    #[tokio::test]
    async fn no_service_manager_is_said_so() {
        let host = crate::host::recorded::Tree::new(&[]).host();
        let found = observe(&host).await;
        assert!(matches!(found, Err(Unavailable::Absent { .. })));
    }
}
