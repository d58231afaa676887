//! Finds services that have failed.

use std::time::Duration;

use sonde_proto::message::Argument;

use crate::facts::failed_services;
use crate::finding::{Finding, Status, Text, count, name, time};
use crate::host::{Host, Service, Unavailable};

use super::{Check, Limits, Run};

// How a service ended, said by whoever judges services.
pub(super) const EXIT: Text = Text::technician(
    "exit",
    "Its main process ended with status {status}",
    "Son processus principal s'est terminé avec le code {status}",
);
pub(super) const SIGNAL: Text = Text::technician(
    "signal",
    "Its main process was ended by signal {signal}",
    "Son processus principal a été arrêté par le signal {signal}",
);
pub(super) const OOM: Text = Text::technician(
    "oom",
    "It was ended for want of memory",
    "Il a été arrêté par manque de mémoire",
);
pub(super) const TIMEOUT: Text = Text::technician(
    "timeout",
    "It took too long to start or to stop",
    "Il a mis trop de temps à démarrer ou à s'arrêter",
);
pub(super) const OTHER: Text = Text::technician(
    "other",
    "The service manager says: {result}",
    "Le gestionnaire de services indique : {result}",
);

pub(super) const CHECK: Check = Check {
    id: "service.failed",
    number: 22,
    version: 2,
    title_en: "Services that have failed",
    title_fr: "Services en échec",
    every: Duration::from_secs(300),
    limits: &[],
    remedies: &["service.restart", "service.start"],
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
        EXIT,
        SIGNAL,
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
        OOM,
        TIMEOUT,
        Text::technician(
            "start_limit",
            "It failed so often that it is not started any more",
            "Il a échoué si souvent qu'il n'est plus relancé",
        ),
        OTHER,
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
    let mut finding = Finding::new(status(service), &service.unit)
        .says("failed", vec![name("unit", &service.unit)])
        .evidence(name("description", &service.description))
        .evidence(name("state", &service.sub));
    if let Some(since) = service.since_us {
        finding = finding.evidence(time("since", since));
    }
    // A service that the manager starts anew fails only when it is given up.
    let restarts = service.restarts.filter(|n| *n > 0);
    let restarts = restarts.map(|n| count("restarts", n as u64));
    match (service.result.as_deref(), restarts) {
        (Some("exit-code"), Some(restarts)) => {
            finding.because("exit_again", vec![exit("status", service), restarts])
        }
        (Some("signal" | "core-dump"), Some(restarts)) => {
            finding.because("signal_again", vec![exit("signal", service), restarts])
        }
        (Some("success"), _) => finding,
        (Some("start-limit-hit"), _) => finding.because("start_limit", vec![]),
        _ => because_of_its_end(finding, service),
    }
}

/// Of a service that does not do its work: someone wants it at every start of the machine, or not.
pub(super) fn status(service: &Service) -> Status {
    match service.enabled.as_deref() {
        Some("enabled" | "enabled-runtime") => Status::Critical,
        Some(_) | None => Status::Warning,
    }
}

fn exit(of: &'static str, service: &Service) -> Argument {
    name(of, service.exit_status.unwrap_or_default().to_string())
}

/// By one of the texts above.
pub(super) fn because_of_its_end(finding: Finding, service: &Service) -> Finding {
    match service.result.as_deref() {
        None | Some("") => finding,
        Some("exit-code") => finding.because("exit", vec![exit("status", service)]),
        Some("signal" | "core-dump") => finding.because("signal", vec![exit("signal", service)]),
        Some("oom-kill") => finding.because("oom", vec![]),
        Some("timeout" | "watchdog") => finding.because("timeout", vec![]),
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
