//! Finds a burst of errors in the log, by what is usual on this machine.

use std::time::Duration;

use crate::facts::error_counts;
use crate::finding::{Finding, Status, Text, count, duration, name};
use crate::host::ErrorLog;

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "logs.errors",
    number: 31,
    version: 1,
    title_en: "Errors in the log",
    title_fr: "Erreurs dans le journal",
    every: Duration::from_secs(1800),
    limits: &[
        // Fewer are nothing to speak of, whatever is usual.
        Limit::number("errors_least", 30),
        Limit::number("times_usual", 5),
        Limit::seconds("history_least", 3.0 * 3600.0),
    ],
    remedies: &[],
    texts: &[
        Text {
            id: "usual",
            en: "{errors} errors in the last {window}, which is usual here",
            fr: "{errors} erreurs dans les dernières {window}, ce qui est habituel ici",
            user_en: "The log shows nothing unusual.",
            user_fr: "Le journal ne montre rien d'inhabituel.",
        },
        Text {
            id: "burst",
            en: "{errors} errors in the last {window}; at most {usual} are usual here",
            fr: "{errors} erreurs dans les dernières {window} ; d'habitude il y en a {usual} au plus",
            user_en: "The computer reports many errors.",
            user_fr: "L'ordinateur signale beaucoup d'erreurs.",
        },
        Text::technician(
            "loudest",
            "{program} wrote {errors} of them",
            "{program} en a écrit {errors}",
        ),
        Text::technician(
            "young",
            "Cannot tell: {errors} errors in the last {window}, and the log is too young to know what is usual",
            "Indéterminé : {errors} erreurs dans les dernières {window}, et le journal est trop récent pour savoir ce qui \
             est habituel",
        ),
    ],
    ticket_worthy: false,
    run: Run::Wait(|host, limits| {
        Box::pin(async { Ok(judge(&error_counts::ask(host).await?, limits)) })
    }),
};

/// Of the windows before the last, this share had no more errors than what is called usual.
const USUAL_SHARE: f64 = 0.95;

fn judge(log: &ErrorLog, limits: &Limits) -> Vec<Finding> {
    let now = log.counts.iter().filter(|of| of.windows_ago == 0);
    let errors: u64 = now.clone().map(|of| of.errors).sum();
    let usual = usual(log);
    let said = || vec![count("errors", errors), duration("window", log.window_us)];
    let is_burst = errors as f64 >= limits.get("errors_least")
        && errors as f64 > limits.get("times_usual") * usual.max(1) as f64;
    let finding = |status| Finding::new(status, "").evidence(count("usual", usual));
    if !is_burst {
        return vec![finding(Status::Ok).says("usual", said())];
    }
    if (log.reaches_us as f64 / 1e6) < limits.get("history_least") {
        return vec![finding(Status::Unknown).says("young", said())];
    }
    let mut said = said();
    said.push(count("usual", usual));
    let finding = finding(Status::Warning).says("burst", said);
    let loudest = now
        .filter(|of| !of.program.is_empty())
        .max_by_key(|of| of.errors);
    vec![match loudest {
        Some(of) => finding.because(
            "loudest",
            vec![name("program", &of.program), count("errors", of.errors)],
        ),
        None => finding,
    }]
}

/// How many errors a window has at most, but for a few: of those before the last, also of those that had none.
fn usual(log: &ErrorLog) -> u64 {
    let n_windows = (log.reaches_us / log.window_us.max(1)).max(1) as usize;
    let mut windows = vec![0; n_windows];
    for of in &log.counts {
        // The last of them is the one that is judged.
        let before = usize::try_from(of.windows_ago)
            .ok()
            .and_then(|ago| ago.checked_sub(1));
        if let Some(window) = before.and_then(|at| windows.get_mut(at)) {
            *window += of.errors;
        }
    }
    windows.sort_unstable();
    windows[((n_windows - 1) as f64 * USUAL_SHARE) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};
    use crate::host::ErrorCount;

    /// Hours that the log reaches back; window, program and errors of each count.
    #[track_caller]
    fn check(hours: i64, counts: &[(u64, &str, u64)], expected: &str) {
        let one = |(windows_ago, program, errors): &(u64, &str, u64)| ErrorCount {
            windows_ago: *windows_ago,
            program: (*program).to_owned(),
            errors: *errors,
        };
        let log = ErrorLog {
            counts: counts.iter().map(one).collect(),
            reaches_us: hours * 3_600_000_000,
            window_us: 900_000_000,
        };
        let found = show(&CHECK, &judge(&log, &limits(&CHECK)));
        assert_eq!(found, expected);
    }

    #[test]
    fn what_a_quiet_machine_never_had_is_a_burst() {
        check(
            24,
            &[(0, "sshd", 10), (0, "nginx", 50), (40, "cron", 9)],
            "warning / 60 errors in the last 15 min; at most 0 are usual here / because nginx wrote 50 of them",
        );
        check(
            24,
            &[(0, "nginx", 29)],
            "ok / 29 errors in the last 15 min, which is usual here",
        );
    }

    #[test]
    fn what_is_usual_on_a_noisy_machine_is_none() {
        let mut noisy: Vec<(u64, &str, u64)> = (1..=96).map(|ago| (ago, "app", 40)).collect();
        noisy.push((0, "app", 190));
        check(
            24,
            &noisy,
            "ok / 190 errors in the last 15 min, which is usual here",
        );
        noisy.push((0, "app", 20));
        check(
            24,
            &noisy,
            "warning / 210 errors in the last 15 min; at most 40 are usual here / because app wrote 190 of them",
        );
    }

    #[test]
    fn one_burst_before_does_not_make_the_next_usual() {
        check(
            24,
            &[(0, "app", 100), (50, "app", 5000)],
            "warning / 100 errors in the last 15 min; at most 0 are usual here / because app wrote 100 of them",
        );
    }

    #[test]
    fn a_young_log_knows_no_usual() {
        check(
            0,
            &[(0, "app", 100)],
            "unknown / Cannot tell: 100 errors in the last 15 min, and the log is too young to know what is usual",
        );
        check(
            0,
            &[(0, "app", 10)],
            "ok / 10 errors in the last 15 min, which is usual here",
        );
    }
}
