//! Finds processes that the kernel has kept waiting for long, and that nothing can end meanwhile.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, duration, name, time};
use crate::host::{Host, StuckProcess, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "process.stuck",
    number: 21,
    version: 1,
    title_en: "Processes that the kernel keeps waiting",
    title_fr: "Processus que le noyau fait attendre",
    every: Duration::from_secs(900),
    limits: &[
        Limit::seconds("stuck_critical", 600.0),
        Limit::seconds("stuck_warning", 60.0),
    ],
    // No signal reaches them.
    remedies: &[],
    texts: &[
        Text {
            id: "none",
            en: "No process is stuck in the kernel",
            fr: "Aucun processus n'est bloqué dans le noyau",
            user_en: "No program is stuck.",
            user_fr: "Aucun programme n'est bloqué.",
        },
        Text {
            id: "stuck",
            en: "{process} (process {pid}) has been stuck in the kernel for {stuck} and cannot be ended",
            fr: "{process} (processus {pid}) est bloqué dans le noyau depuis {stuck} et ne peut pas être arrêté",
            user_en: "A program is stuck: it waits for a disk or for another machine.",
            user_fr: "Un programme est bloqué : il attend un disque ou une autre machine.",
        },
        Text::technician(
            "since_unknown",
            "{process} (process {pid}) waits in the kernel now; since when, this kernel does not tell",
            "{process} (processus {pid}) attend dans le noyau ; depuis quand, ce noyau ne le dit pas",
        ),
        Text::technician(
            "waits_in",
            "It waits in {function}: a disk, a file system or a server does not answer",
            "Il attend dans {function} : un disque, un système de fichiers ou un serveur ne répond pas",
        ),
    ],
    ticket_worthy: true,
    run: Run::Now(|host, limits| Ok(judge(&observe(host)?, limits))),
};

fn observe(host: &Host) -> Result<Vec<StuckProcess>, Unavailable> {
    host.blocked_processes()
}

fn judge(blocked: &[StuckProcess], limits: &Limits) -> Vec<Finding> {
    let findings: Vec<Finding> = blocked.iter().filter_map(|of| one(of, limits)).collect();
    if findings.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    findings
}

fn one(of: &StuckProcess, limits: &Limits) -> Option<Finding> {
    let subject = format!("{} {}", of.process, of.pid);
    let mut said = vec![
        name("process", &of.process),
        name("pid", of.pid.to_string()),
    ];
    let finding = match of.stuck_us {
        Some(stuck_us) => {
            let status = limits.above("stuck", stuck_us as f64 / 1e6);
            if status == Status::Ok {
                return None;
            }
            said.push(duration("stuck", stuck_us));
            Finding::new(status, subject).says("stuck", said)
        }
        None => return Some(Finding::new(Status::Unknown, subject).says("since_unknown", said)),
    };
    let finding = finding
        .evidence(count("pid", of.pid.into()))
        .evidence(time("started_at", of.started_us));
    Some(match &of.waits_in {
        Some(function) => finding.because("waits_in", vec![name("function", function)]),
        None => finding,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(seconds: Option<i64>, waits_in: Option<&str>, expected: &str) {
        let of = StuckProcess {
            pid: 7,
            process: "cp".into(),
            started_us: 0,
            stuck_us: seconds.map(|seconds| seconds * 1_000_000),
            waits_in: waits_in.map(str::to_owned),
        };
        assert_eq!(show(&CHECK, &judge(&[of], &limits(&CHECK))), expected);
    }

    #[test]
    fn only_what_lasts_is_stuck() {
        check(
            Some(20),
            Some("io_schedule"),
            "ok / No process is stuck in the kernel",
        );
        check(
            Some(90),
            Some("rpc_wait_bit_killable"),
            "warning cp 7 / cp (process 7) has been stuck in the kernel for 1 min 30 s and cannot be ended / because It \
             waits in rpc_wait_bit_killable: a disk, a file system or a server does not answer",
        );
        check(
            Some(1200),
            None,
            "critical cp 7 / cp (process 7) has been stuck in the kernel for 20 min and cannot be ended",
        );
        check(
            None,
            None,
            "unknown cp 7 / cp (process 7) waits in the kernel now; since when, this kernel does not tell",
        );
    }
}
