//! Finds programs that have crashed lately.

use std::time::Duration;

use crate::facts::crashes;
use crate::finding::{Finding, Status, Text, count, name, time};
use crate::host::Crash;

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "crash.recent",
    number: 25,
    version: 1,
    title_en: "Programs that crashed",
    title_fr: "Programmes qui ont planté",
    every: Duration::from_secs(1800),
    limits: &[
        Limit::seconds("age_warning", 86_400.0),
        Limit::number("crashes_critical", 4),
    ],
    remedies: &[],
    texts: &[
        Text {
            id: "none",
            en: "No program has crashed lately",
            fr: "Aucun programme n'a planté récemment",
            user_en: "No program has crashed lately.",
            user_fr: "Aucun programme n'a planté récemment.",
        },
        Text {
            id: "crashed",
            en: "{program} crashed at {at}",
            fr: "{program} a planté à {at}",
            user_en: "A program crashed.",
            user_fr: "Un programme a planté.",
        },
        Text {
            id: "crashes",
            en: "{program} crashed {crashes} times, last at {at}",
            fr: "{program} a planté {crashes} fois, la dernière à {at}",
            user_en: "A program crashes again and again.",
            user_fr: "Un programme plante sans cesse.",
        },
        Text::technician(
            "recorded",
            "{source} has it on record: {detail}",
            "Consigné par {source} : {detail}",
        ),
    ],
    ticket_worthy: false,
    run: Run::Wait(|host, limits| {
        Box::pin(async { Ok(judge(&crashes::ask(host).await?, host.now_us(), limits)) })
    }),
};

/// `crashes`: oldest first.
fn judge(crashes: &[Crash], now_us: i64, limits: &Limits) -> Vec<Finding> {
    let is_recent = |of: &&Crash| ((now_us - of.at_us) as f64 / 1e6) < limits.get("age_warning");
    let recent: Vec<&Crash> = crashes.iter().filter(is_recent).collect();
    let mut programs: Vec<&str> = recent.iter().map(|of| of.program.as_str()).collect();
    programs.sort_unstable();
    programs.dedup();
    let of_program = |program: &str| {
        let its = recent.iter().filter(|of| of.program == program);
        let last = its.clone().next_back()?;
        Some(one(last, its.count() as u64, limits))
    };
    let findings: Vec<Finding> = programs.into_iter().filter_map(of_program).collect();
    if findings.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    findings
}

fn one(last: &Crash, n_crashes: u64, limits: &Limits) -> Finding {
    let status = match n_crashes as f64 > limits.get("crashes_critical") {
        true => Status::Critical,
        false => Status::Warning,
    };
    let (program, at) = (name("program", &last.program), time("at", last.at_us));
    let finding = Finding::new(status, &last.program)
        .evidence(count("crashes", n_crashes))
        .because(
            "recorded",
            vec![name("source", last.source), name("detail", &last.detail)],
        );
    match n_crashes {
        1 => finding.says("crashed", vec![program, at]),
        n => finding.says("crashes", vec![program, count("crashes", n), at]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    const NOW_US: i64 = 1_795_499_100_000_000;

    /// Programs, and how many hours ago each crashed.
    #[track_caller]
    fn check(crashes: &[(&str, i64)], expected: &[&str]) {
        let own = |(program, hours): &(&str, i64)| Crash {
            at_us: NOW_US - hours * 3_600_000_000,
            program: (*program).to_owned(),
            source: "kernel",
            detail: "segfault".into(),
            ..Crash::default()
        };
        let mut crashes: Vec<Crash> = crashes.iter().map(own).collect();
        crashes.sort_by_key(|crash| crash.at_us);
        let found = show(&CHECK, &judge(&crashes, NOW_US, &limits(&CHECK)));
        let lines: Vec<&str> = found.lines().collect();
        assert_eq!(lines.len(), expected.len(), "{found}");
        for (line, expected) in lines.iter().zip(expected) {
            assert!(line.starts_with(expected), "{found}");
        }
        assert!(found.starts_with("ok") || found.contains("kernel has it on record: segfault"));
    }

    #[test]
    fn a_crash_of_today_is_told_once_for_each_program() {
        check(&[], &["ok / No program has crashed lately"]);
        check(&[("gedit", 25)], &["ok / "]);
        check(
            &[("gedit", 2), ("cups", 1), ("gedit", 23)],
            &[
                "warning cups / cups crashed at ",
                "warning gedit / gedit crashed 2 times, last at ",
            ],
        );
    }

    #[test]
    fn who_crashes_again_and_again_is_worse() {
        check(&[("a", 1); 4], &["warning a / a crashed 4 times"]);
        check(&[("a", 1); 5], &["critical a / a crashed 5 times"]);
    }
}
