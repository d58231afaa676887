//! Finds services that have failed.

use std::time::Duration;

use crate::facts::failed_services;
use crate::finding::{Finding, Status, Text, count, name, time};
use crate::host::{Host, Service, Unavailable};

use super::{Check, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "service.failed",
    version: 2,
    title_en: "Services that have failed",
    title_fr: "Services en échec",
    every: Duration::from_secs(300),
    limits: &[],
    remedies: &["service.restart"],
    texts: &[
        Text {
            id: "none",
            en: "No service has failed",
            fr: "Aucun service n'est en échec",
            user_en: "All background programs run as they should.",
            user_fr: "Tous les programmes de fond fonctionnent comme il faut.",
        },
        Text {
            id: "failed",
            en: "{unit} has failed",
            fr: "{unit} est en échec",
            user_en: "A background program has stopped working.",
            user_fr: "Un programme de fond ne fonctionne plus.",
        },
        Text::technician(
            "exit",
            "Its main process ended with status {status}",
            "Son processus principal s'est terminé avec le code {status}",
        ),
        Text::technician(
            "signal",
            "Its main process was ended by signal {signal}",
            "Son processus principal a été arrêté par le signal {signal}",
        ),
        Text::technician(
            "exit_again",
            "Its main process ended with status {status}, again and again: after {restarts} restarts it is not started \
             any more",
            "Son processus principal s'est terminé avec le code {status}, encore et encore : après {restarts} \
             redémarrages, il n'est plus relancé",
        ),
        Text::technician(
            "signal_again",
            "Its main process was ended by signal {signal}, again and again: after {restarts} restarts it is not \
             started any more",
            "Son processus principal a été arrêté par le signal {signal}, encore et encore : après {restarts} \
             redémarrages, il n'est plus relancé",
        ),
        Text::technician(
            "oom",
            "It was ended for want of memory",
            "Il a été arrêté par manque de mémoire",
        ),
        Text::technician(
            "timeout",
            "It took too long to start or to stop",
            "Il a mis trop de temps à démarrer ou à s'arrêter",
        ),
        Text::technician(
            "start_limit",
            "It failed so often that it is not started any more",
            "Il a échoué si souvent qu'il n'est plus relancé",
        ),
        Text::technician(
            "other",
            "The service manager says: {result}",
            "Le gestionnaire de services indique : {result}",
        ),
    ],
    ticket_worthy: true,
    run: Run::Wait(|host, limits| Box::pin(async { Ok(judge(&observe(host).await?, limits)) })),
};

async fn observe(host: &Host) -> Result<Vec<Service>, Unavailable> {
    failed_services::ask(host).await
}

fn judge(failed: &[Service], _: &Limits) -> Vec<Finding> {
    if failed.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    failed.iter().map(one).collect()
}

fn one(service: &Service) -> Finding {
    // Someone wants it at every start of the machine.
    let status = match service.enabled.as_deref() {
        Some("enabled" | "enabled-runtime") => Status::Critical,
        Some(_) | None => Status::Warning,
    };
    let mut finding = Finding::new(status, &service.unit)
        .says("failed", vec![name("unit", &service.unit)])
        .evidence(name("description", &service.description))
        .evidence(name("state", &service.sub));
    if let Some(since) = service.since_us {
        finding = finding.evidence(time("since", since));
    }
    let exit = service.exit_status.unwrap_or_default().to_string();
    // A service that the manager starts anew fails only when it is given up.
    let restarts = service.restarts.filter(|n| *n > 0);
    let restarts = restarts.map(|n| count("restarts", n as u64));
    match service.result.as_deref() {
        None | Some("" | "success") => finding,
        Some("exit-code") => match restarts {
            Some(restarts) => finding.because("exit_again", vec![name("status", exit), restarts]),
            None => finding.because("exit", vec![name("status", exit)]),
        },
        Some("signal" | "core-dump") => match restarts {
            Some(restarts) => finding.because("signal_again", vec![name("signal", exit), restarts]),
            None => finding.because("signal", vec![name("signal", exit)]),
        },
        Some("oom-kill") => finding.because("oom", vec![]),
        Some("timeout" | "watchdog") => finding.because("timeout", vec![]),
        Some("start-limit-hit") => finding.because("start_limit", vec![]),
        Some(other) => finding.because("other", vec![name("result", other)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(enabled: &str, result: &str, exit: i64, expected: &str) {
        check_restarted(0, enabled, result, exit, expected);
    }

    #[track_caller]
    fn check_restarted(restarts: i64, enabled: &str, result: &str, exit: i64, expected: &str) {
        let service = Service {
            restarts: Some(restarts),
            unit: "web.service".into(),
            enabled: Some(enabled.into()),
            result: Some(result.into()),
            exit_status: Some(exit),
            ..Service::default()
        };
        assert_eq!(show(&CHECK, &judge(&[service], &limits(&CHECK))), expected);
    }

    #[test]
    fn a_wanted_service_is_critical_and_its_cause_named() {
        check(
            "enabled",
            "exit-code",
            3,
            "critical web.service / web.service has failed / because Its main process ended with status 3",
        );
        check(
            "static",
            "signal",
            9,
            "warning web.service / web.service has failed / because Its main process was ended by signal 9",
        );
        check(
            "enabled",
            "oom-kill",
            0,
            "critical web.service / web.service has failed / because It was ended for want of memory",
        );
        check_restarted(
            5,
            "enabled",
            "exit-code",
            1,
            "critical web.service / web.service has failed / because Its main process ended with status 1, again and \
             again: after 5 restarts it is not started any more",
        );
        check(
            "disabled",
            "success",
            0,
            "warning web.service / web.service has failed",
        );
    }

    #[tokio::test]
    async fn no_service_manager_is_said_so() {
        let host = crate::host::recorded::Tree::new(&[]).host();
        assert!(matches!(
            observe(&host).await,
            Err(Unavailable::Absent { .. })
        ));
        assert_eq!(
            show(&CHECK, &judge(&[], &limits(&CHECK))),
            "ok / No service has failed"
        );
    }
}
