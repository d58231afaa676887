//! Finds a process that has taken a whole processor for an hour while others wait for one.

use std::time::Duration;

use crate::facts::trends::{self, Trend};
use crate::finding::{Finding, Status, Text, duration, name, percent};
use crate::host::Resource;

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "cpu.hog",
    number: 17,
    version: 1,
    title_en: "Processes that take a processor for themselves",
    title_fr: "Processus qui accaparent un processeur",
    every: Duration::from_secs(3600),
    limits: &[
        Limit::percent("used_least", 90),
        Limit::seconds("long", 3600.0),
        // Of the last five minutes: on a machine with a processor to spare nobody minds.
        Limit::percent("waited_least", 20),
    ],
    remedies: &["process.renice", "process.terminate"],
    texts: &[
        Text {
            id: "none",
            en: "No process takes a processor from others for long",
            fr: "Aucun processus n'accapare longtemps un processeur aux dépens des autres",
            user_en: "No program slows the computer down.",
            user_fr: "Aucun programme ne ralentit l'ordinateur.",
        },
        Text {
            id: "hog",
            en: "{process} has used {used} of a processor for {since}, and others wait for one {waited} of the time",
            fr: "{process} utilise {used} d'un processeur depuis {since}, et d'autres en attendent un {waited} du temps",
            user_en: "A program slows the computer down.",
            user_fr: "Un programme ralentit l'ordinateur.",
        },
    ],
    ticket_worthy: false,
    run: Run::Wait(|host, limits| {
        Box::pin(async {
            let some = host.pressure(Resource::Cpu)?.some.unwrap_or_default();
            let waited_percent = some.seconds_300 as f64 / 100.0;
            let trends = trends::ask(host, trends::CPU_PERCENT).await?;
            Ok(judge(&trends, waited_percent, limits))
        })
    }),
};

fn judge(trends: &[Trend], waited_percent: f64, limits: &Limits) -> Vec<Finding> {
    let least = limits.get("used_least");
    let is_hog = |of: &&Trend| {
        of.span_us as f64 / 1e6 >= limits.get("long") && of.usual >= least && of.recent >= least
    };
    let waits = waited_percent > limits.get("waited_least");
    let findings: Vec<Finding> = trends
        .iter()
        .filter(|of| waits && is_hog(of))
        .map(|of| {
            let said = vec![
                name("process", &of.thing),
                percent("used", of.recent),
                duration("since", of.span_us),
                percent("waited", waited_percent),
            ];
            Finding::new(Status::Warning, &of.thing).says("hog", said)
        })
        .collect();
    if findings.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    /// Minutes that it is seen, percent of a processor usually and lately, percent of the time that others wait.
    #[track_caller]
    fn check(minutes: i64, usual: f64, recent: f64, waited: f64, expected: &str) {
        let trend = Trend {
            thing: "spins 8".into(),
            span_us: minutes * 60_000_000,
            usual,
            recent,
            ..Trend::default()
        };
        let found = show(&CHECK, &judge(&[trend], waited, &limits(&CHECK)));
        assert_eq!(found, expected);
    }

    const WELL: &str = "ok / No process takes a processor from others for long";

    #[test]
    fn an_hour_of_a_whole_processor_is_bad_where_others_wait() {
        check(
            120,
            99.0,
            98.0,
            40.0,
            "warning spins 8 / spins 8 has used 98 % of a processor for 2 h, and others wait for one 40 % of the time",
        );
        check(120, 99.0, 98.0, 5.0, WELL);
    }

    #[test]
    fn a_build_is_no_hog() {
        check(20, 99.0, 99.0, 90.0, WELL);
        check(120, 30.0, 99.0, 90.0, WELL);
        check(120, 99.0, 30.0, 90.0, WELL);
    }
}
