//! Finds security updates that wait, and lists of updates that nobody has fetched for long.

use std::time::Duration;

use crate::facts::updates;
use crate::finding::{Finding, Status, Text, count, duration, name};
use crate::host::{Host, Unavailable, Update};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "os.updates",
    number: 51,
    version: 1,
    title_en: "Security updates that wait",
    title_fr: "Mises à jour de sécurité en attente",
    every: Duration::from_secs(6 * 3600),
    limits: &[
        Limit::seconds("age_critical", 180.0 * 86_400.0),
        Limit::seconds("age_warning", 30.0 * 86_400.0),
        Limit::number("security_critical", 100),
        Limit::number("security_warning", 0),
    ],
    remedies: &[],
    texts: &[
        Text {
            id: "none",
            en: "No security update waits; {updates} others do",
            fr: "Aucune mise à jour de sécurité en attente ; {updates} autres le sont",
            user_en: "The computer is up to date.",
            user_fr: "L'ordinateur est à jour.",
        },
        Text {
            id: "security",
            en: "{security} security updates wait: {names}",
            fr: "{security} mises à jour de sécurité en attente : {names}",
            user_en: "Security updates wait to be installed.",
            user_fr: "Des mises à jour de sécurité attendent d'être installées.",
        },
        Text {
            id: "fresh",
            en: "The lists of updates were fetched {age} ago",
            fr: "Les listes de mises à jour ont été récupérées il y a {age}",
            user_en: "The computer looks for updates.",
            user_fr: "L'ordinateur recherche les mises à jour.",
        },
        Text {
            id: "stale",
            en: "The lists of updates were last fetched {age} ago: what was published since is not known here",
            fr: "Les listes de mises à jour datent de {age} : ce qui a été publié depuis est inconnu ici",
            user_en: "The computer has not looked for updates for a long time.",
            user_fr: "L'ordinateur n'a pas recherché de mises à jour depuis longtemps.",
        },
    ],
    ticket_worthy: false,
    run: Run::Wait(|host, limits| {
        Box::pin(async {
            let (updates, fetched_us) = observe(host).await?;
            Ok(judge(&updates, fetched_us, host.now_us(), limits))
        })
    }),
};

/// Most names in one sentence.
const MOST_NAMES: usize = 5;

/// What waits, and when the lists were fetched.
async fn observe(host: &Host) -> Result<(Vec<Update>, Option<i64>), Unavailable> {
    Ok((updates::ask(host).await?, host.lists_fetched_us()))
}

fn judge(
    updates: &[Update],
    fetched_us: Option<i64>,
    now_us: i64,
    limits: &Limits,
) -> Vec<Finding> {
    let closing = updates.iter().filter(|of| of.is_security);
    let names: Vec<&str> = closing.map(|of| of.package.as_str()).collect();
    let n_security = names.len() as u64;
    let status = limits.above("security", n_security as f64);
    let waiting = Finding::new(status, "")
        .evidence(count("security", n_security))
        .evidence(count("updates", updates.len() as u64));
    let mut findings = vec![match status {
        Status::Ok => waiting.says("none", vec![count("updates", updates.len() as u64)]),
        Status::Warning | Status::Critical | Status::Unknown => {
            let mut shown = names[..names.len().min(MOST_NAMES)].join(", ");
            if names.len() > MOST_NAMES {
                shown.push_str(", …");
            }
            waiting.says(
                "security",
                vec![count("security", n_security), name("names", shown)],
            )
        }
    }];
    if let Some(fetched_us) = fetched_us {
        let age_us = now_us.saturating_sub(fetched_us).max(0);
        let status = limits.above("age", age_us as f64 / 1e6);
        let id = match status {
            Status::Ok => "fresh",
            Status::Warning | Status::Critical | Status::Unknown => "stale",
        };
        findings.push(Finding::new(status, "lists").says(id, vec![duration("age", age_us)]));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    const DAY_US: i64 = 86_400_000_000;

    /// Packages, those that close a hole with a `!`; days since the lists were fetched.
    #[track_caller]
    fn check(packages: &str, days: Option<i64>, expected: &str) {
        let one = |word: &str| Update {
            package: word.trim_end_matches('!').to_owned(),
            is_security: word.ends_with('!'),
            ..Update::default()
        };
        let updates: Vec<Update> = packages.split_whitespace().map(one).collect();
        let now_us = 1_795_499_100_000_000;
        let fetched_us = days.map(|days| now_us - days * DAY_US);
        let found = judge(&updates, fetched_us, now_us, &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn only_what_closes_a_hole_is_pressing() {
        check("", None, "ok / No security update waits; 0 others do");
        check(
            "vim nano",
            None,
            "ok / No security update waits; 2 others do",
        );
        check(
            "vim openssl! libc6!",
            None,
            "warning / 2 security updates wait: openssl, libc6",
        );
        check(
            "a! b! c! d! e! f!",
            None,
            "warning / 6 security updates wait: a, b, c, d, e, …",
        );
        check(
            &"a! ".repeat(101),
            None,
            "critical / 101 security updates wait: a, a, a, a, a, …",
        );
    }

    #[test]
    fn old_lists_know_nothing_of_what_is_new() {
        check(
            "",
            Some(3),
            "ok / No security update waits; 0 others do\nok lists / The lists of updates were fetched 3 d ago",
        );
        check(
            "",
            Some(40),
            "ok / No security update waits; 0 others do\nwarning lists / The lists of updates were last fetched 40 d \
             ago: what was published since is not known here",
        );
    }
}
