//! Runs checks: at once what is at hand, side by side what waits, each with a deadline; a panic of one is its own.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;

use sonde_proto::{caps, text};

use crate::checks::{Check, Limits, Overrides, Run};
use crate::finding::{Finding, Message, Status, name};
use crate::host::{Host, Unavailable, Workers};
use crate::worker;

/// Of one check that waits: a whole diagnosis takes less than 2 s.
pub const DEADLINE: Duration = Duration::from_millis(1800);
/// Findings of one check; a machine with more bad subjects has one fault, not many.
const MOST_FINDINGS: usize = 100;

/// The findings of `checks`, in their order.
pub async fn run(host: &Host, checks: &[&'static Check], overrides: &Overrides) -> Vec<Finding> {
    let is_away = |check: &Check| check.is_away() && *host.workers() != Workers::Here;
    let (away, here): (Vec<&'static Check>, Vec<&'static Check>) =
        checks.iter().partition(|check| is_away(check));
    let (away, here) = futures::join!(
        run_away(host, &away, overrides),
        run_each(host, &here, overrides)
    );
    let (mut away, mut here) = (away.into_iter(), here.into_iter());
    let in_order = checks.iter().map(|check| match is_away(check) {
        true => away.next().unwrap_or_default(),
        false => here.next().unwrap_or_default(),
    });
    in_order.flatten().collect()
}

/// The findings of each of `checks`, which run in this process.
pub(crate) async fn run_each(
    host: &Host,
    checks: &[&'static Check],
    overrides: &Overrides,
) -> Vec<Vec<Finding>> {
    // What several of them look at is looked at once.
    let host = &host.for_one_look();
    let findings = checks.iter().map(|check| run_one(host, check, overrides));
    futures::future::join_all(findings).await
}

/// The same in a worker; where that cannot tell, none of them can.
async fn run_away(
    host: &Host,
    checks: &[&'static Check],
    overrides: &Overrides,
) -> Vec<Vec<Finding>> {
    if checks.is_empty() {
        return Vec::new();
    }
    worker::look(host, checks, overrides)
        .await
        .unwrap_or_else(|why| {
            let unread = |check: &&'static Check| complete(check, vec![unknown(why.message())]);
            checks.iter().map(unread).collect()
        })
}

async fn run_one(host: &Host, check: &'static Check, overrides: &Overrides) -> Vec<Finding> {
    let limits = Limits::of(check, overrides);
    let outcome = AssertUnwindSafe(async {
        let findings = match check.run {
            Run::Now(run) => return run(host, &limits),
            Run::Wait(run) | Run::Away(run) => run(host, &limits),
            // It has a deadline of its own.
            Run::Plugin(plugin) => return plugin.run(host).await,
            Run::Toward(run) => run(host, &limits, overrides.targets(check)),
            Run::Beside(run) => run(host, &limits, overrides.asset()),
        };
        let late = |_| {
            Err(Unavailable::Timeout {
                what: check.id.into(),
                after: DEADLINE,
            })
        };
        let findings = tokio::time::timeout(DEADLINE, findings).await;
        findings.unwrap_or_else(late)
    })
    .catch_unwind()
    .await;
    let findings = match outcome {
        Ok(Ok(findings)) => findings,
        Ok(Err(why)) => vec![unknown(why.message())],
        Err(panic) => vec![unknown(Message::new(
            "panicked",
            vec![name("why", words(panic.as_ref()))],
        ))],
    };
    complete(check, findings)
}

fn unknown(message: Message) -> Finding {
    let mut finding = Finding::new(Status::Unknown, "");
    finding.message = message;
    finding.is_unread = true;
    finding
}

/// What a panic says.
pub(crate) fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    crate::text::shown(text.unwrap_or("no reason given"))
}

/// With the check's name on it, its remedies where it is not well, the worst first when there are too many.
fn complete(check: &'static Check, mut findings: Vec<Finding>) -> Vec<Finding> {
    if findings.len() > MOST_FINDINGS {
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.status.weight()));
        findings.truncate(MOST_FINDINGS);
    }
    for finding in &mut findings {
        finding.check = check.id;
        let subject = text::clean(&finding.subject, caps::SUBJECT_BYTES, false);
        finding.subject = subject.into_owned();
        if matches!(finding.status, Status::Warning | Status::Critical)
            && finding.remedies.is_empty()
            && !finding.is_incurable
        {
            finding.remedies.extend(check.remedies);
        }
    }
    worst_of_each(findings)
}

/// A finding is known by its check and subject: of several about one subject the worst stays, in the first one's place.
fn worst_of_each(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        match kept.iter_mut().find(|one| one.subject == finding.subject) {
            Some(one) if one.status.weight() < finding.status.weight() => *one = finding,
            Some(_) => {}
            None => kept.push(finding),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Check = Check {
        id: "test.plain",
        number: 0,
        version: 1,
        title_en: "",
        title_fr: "",
        every: Duration::ZERO,
        limits: &[],
        remedies: &["disk.clean"],
        texts: &[],
        ticket_worthy: false,
        run: Run::Now(|_, _| Ok(vec![Finding::new(Status::Warning, "a")])),
    };

    #[track_caller]
    fn check(findings: &[Finding], expected: &str) {
        let shown = findings.iter().map(|finding| {
            format!(
                "{} {} {} {:?}",
                finding.check,
                finding.status.word(),
                finding.message.id,
                finding.remedies
            )
        });
        assert_eq!(shown.collect::<Vec<_>>().join("\n"), expected);
    }

    #[tokio::test]
    async fn a_panic_of_one_check_is_its_own() {
        static PANICS: Check = Check {
            id: "test.panics",
            run: Run::Now(|_, _| panic!("out of luck")),
            ..PLAIN
        };
        static PANICS_LATER: Check = Check {
            id: "test.later",
            run: Run::Wait(|_, _| {
                Box::pin(async {
                    tokio::task::yield_now().await;
                    panic!("out of luck")
                })
            }),
            ..PLAIN
        };
        static WELL: Check = PLAIN;
        let all: &[&'static Check] = &[&PANICS, &PANICS_LATER, &WELL];
        let findings = run(&Host::this(), all, &Overrides::default()).await;
        check(
            &findings,
            "test.panics unknown panicked []\ntest.later unknown panicked []\n\
             test.plain warning  [\"disk.clean\"]",
        );
        assert_eq!(findings[0].message.arguments, [name("why", "out of luck")]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_never_ends_is_unknown() {
        static STUCK: Check = Check {
            id: "test.stuck",
            run: Run::Wait(|_, _| Box::pin(std::future::pending())),
            ..PLAIN
        };
        let findings = run(&Host::this(), &[&STUCK], &Overrides::default()).await;
        check(&findings, "test.stuck unknown unavailable.timeout []");
        assert!(findings[0].is_unread);
    }

    #[tokio::test]
    async fn a_subject_is_one_that_a_collector_takes() {
        static LONG: Check = Check {
            run: Run::Now(|_, _| {
                let mount = format!("/\t{}", "x".repeat(2 * caps::SUBJECT_BYTES));
                Ok(vec![Finding::new(Status::Ok, mount)])
            }),
            ..PLAIN
        };
        let findings = run(&Host::this(), &[&LONG], &Overrides::default()).await;
        assert_eq!(findings[0].subject.len(), caps::SUBJECT_BYTES);
        assert!(findings[0].subject.starts_with("/\u{fffd}x"));
    }

    #[tokio::test]
    async fn of_several_about_one_subject_the_worst_stays() {
        static TWICE: Check = Check {
            remedies: &[],
            run: Run::Now(|_, _| {
                let of = |status, subject| Finding::new(status, subject);
                Ok(vec![
                    of(Status::Ok, "a"),
                    of(Status::Warning, "b"),
                    of(Status::Critical, "a"),
                    of(Status::Ok, "b"),
                ])
            }),
            ..PLAIN
        };
        let findings = run(&Host::this(), &[&TWICE], &Overrides::default()).await;
        check(&findings, "test.plain critical  []\ntest.plain warning  []");
    }

    #[tokio::test]
    async fn of_too_many_findings_the_worst_stay() {
        static MANY: Check = Check {
            id: "test.many",
            remedies: &[],
            run: Run::Now(|_, _| {
                let well = |n: usize| Finding::new(Status::Ok, n.to_string());
                let mut findings: Vec<Finding> = (0..2 * MOST_FINDINGS).map(well).collect();
                findings.push(Finding::new(Status::Critical, "last"));
                Ok(findings)
            }),
            ..PLAIN
        };
        let findings = run(&Host::this(), &[&MANY], &Overrides::default()).await;
        assert_eq!(findings.len(), MOST_FINDINGS);
        assert_eq!(findings[0].subject, "last");
    }
}
