//! Finds a machine with far more work than its processors can do.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, number, percent};
use crate::host::{Host, Load, Resource, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "cpu.load",
    number: 16,
    version: 1,
    title_en: "Work waiting for a processor",
    title_fr: "Travail en attente d'un processeur",
    every: Duration::from_secs(60),
    // A busy machine does its work: only a queue that lasts is judged.
    limits: &[
        Limit::number("per_cpu_critical", 10),
        Limit::number("per_cpu_warning", 4),
    ],
    remedies: &["process.renice", "process.terminate"],
    texts: &[
        Text {
            id: "ok",
            en: "Load {load} over 15 minutes on {cpus} processors",
            fr: "Charge de {load} sur 15 minutes pour {cpus} processeurs",
            user_en: "The computer keeps up with its work.",
            user_fr: "L'ordinateur suit son travail.",
        },
        Text {
            id: "high",
            en: "Load {load} over 15 minutes is too much for {cpus} processors",
            fr: "Une charge de {load} sur 15 minutes est trop pour {cpus} processeurs",
            user_en: "The computer has more work than it can do.",
            user_fr: "L'ordinateur a plus de travail qu'il ne peut en faire.",
        },
        Text::technician(
            "waits_for_disk",
            "Work waits for the disk rather than for a processor: {io_percent} of the last minutes",
            "Le travail attend le disque plutôt qu'un processeur : {io_percent} des dernières minutes",
        ),
    ],
    ticket_worthy: false,
    run: Run::Now(|host, limits| Ok(judge(&observe(host)?, limits))),
};

struct Observed {
    load: Load,
    n_cpus: u32,
    /// Share of the last five minutes in which work stood still for the disk, in hundredths of a percent.
    io_stalled: Option<u64>,
}

fn observe(host: &Host) -> Result<Observed, Unavailable> {
    let io = host.pressure(Resource::Io).ok();
    Ok(Observed {
        load: host.load()?,
        n_cpus: host.n_cpus()?,
        io_stalled: io.and_then(|io| io.some).map(|some| some.seconds_300),
    })
}

fn judge(observed: &Observed, limits: &Limits) -> Vec<Finding> {
    let load = observed.load.minutes_15 as f64 / 100.0;
    // What has gone down since is over.
    let lasting = load.min(observed.load.minutes_5 as f64 / 100.0);
    let status = limits.above("per_cpu", lasting / f64::from(observed.n_cpus));
    let cpus = count("cpus", observed.n_cpus.into());
    let said = vec![number("load", load, ""), cpus.clone()];
    let finding = Finding::new(status, "")
        .evidence(number("load_15", load, ""))
        .evidence(number("load_5", observed.load.minutes_5 as f64 / 100.0, ""))
        .evidence(cpus);
    if status == Status::Ok {
        return vec![finding.says("ok", said)];
    }
    let finding = finding.says("high", said);
    vec![match observed.io_stalled {
        Some(stalled) if stalled > 4000 => finding.because(
            "waits_for_disk",
            vec![percent("io_percent", stalled as f64 / 100.0)],
        ),
        Some(_) | None => finding,
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    /// Loads over 5 and 15 minutes on two processors, hundredths of a percent waiting for the disk.
    #[track_caller]
    fn check(minutes_5: u64, minutes_15: u64, io: u64, expected: &str) {
        let observed = Observed {
            load: Load {
                minutes_5: minutes_5 * 100,
                minutes_15: minutes_15 * 100,
                ..Load::default()
            },
            n_cpus: 2,
            io_stalled: Some(io),
        };
        assert_eq!(show(&CHECK, &judge(&observed, &limits(&CHECK))), expected);
    }

    #[test]
    fn a_busy_machine_is_well_and_a_swamped_one_is_not() {
        check(8, 8, 0, "ok / Load 8 over 15 minutes on 2 processors");
        check(
            9,
            9,
            0,
            "warning / Load 9 over 15 minutes is too much for 2 processors",
        );
        check(2, 30, 0, "ok / Load 30 over 15 minutes on 2 processors");
        check(
            30,
            30,
            0,
            "critical / Load 30 over 15 minutes is too much for 2 processors",
        );
    }

    #[test]
    fn waiting_for_the_disk_is_named() {
        check(
            30,
            30,
            6000,
            "critical / Load 30 over 15 minutes is too much for 2 processors / because Work waits for \
             the disk rather than for a processor: 60 % of the last minutes",
        );
    }
}
