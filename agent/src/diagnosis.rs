//! Which finding explains which, and in what order they are read. Pure.

use std::collections::HashMap;

use crate::finding::{Finding, Status};

/// A fault of `cause` explains faults of `consequences`.
struct Rule {
    cause: &'static str,
    consequences: &'static [&'static str],
    /// How bad it must be.
    from: Status,
    reaches: fn(&Cause, &Finding) -> bool,
}

const fn rule(cause: &'static str, consequences: &'static [&'static str]) -> Rule {
    Rule {
        cause,
        consequences,
        from: Status::Critical,
        reaches: |_, _| true,
    }
}

/// Of several that explain a finding the first counts. Those of the network stand as a ladder: who stands on a broken
/// rung falls, so that the first broken rung explains all above it.
const RULES: &[Rule] = &[
    rule(
        "net.link",
        &[
            "net.address",
            "net.route",
            "net.gateway",
            "net.resolver",
            "net.dns",
            "time.offset",
        ],
    ),
    rule(
        "net.address",
        &[
            "net.route",
            "net.gateway",
            "net.resolver",
            "net.dns",
            "time.offset",
        ],
    ),
    // A route that leads nowhere because its own interface has no link.
    Rule {
        from: Status::Warning,
        reaches: same_subject,
        ..rule("net.link", &["net.route"])
    },
    rule("net.route", &["net.gateway", "net.dns", "time.offset"]),
    rule("net.gateway", &["net.dns", "time.offset"]),
    // Who names nobody to ask, or in a bad order.
    Rule {
        from: Status::Warning,
        reaches: |cause, finding| match cause.status {
            Status::Critical => true,
            Status::Ok | Status::Warning | Status::Unknown => same_subject(cause, finding),
        },
        ..rule("net.resolver", &["net.dns"])
    },
    rule("net.resolver", &["time.offset"]),
    rule("net.dns", &["time.offset"]),
    rule("disk.readonly", &["service.failed"]),
    Rule {
        reaches: is_where_services_are,
        ..rule("disk.space", &["service.failed"])
    },
    Rule {
        reaches: is_where_services_are,
        ..rule("disk.inodes", &["service.failed"])
    },
    rule("memory.oom", &["service.failed"]),
    rule("memory.pressure", &["memory.oom", "cpu.load"]),
];

/// A cause has a cause, but no more than so many.
const DEEPEST: usize = 8;

/// Folders without which services do not run (Filesystem Hierarchy Standard 3.0); what is mounted elsewhere is data
/// that a service does not hang on.
const OF_SERVICES: &[&str] = &["/etc", "/opt", "/run", "/srv", "/tmp", "/usr", "/var"];

/// A finding, as far as it can explain others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    pub check: String,
    pub subject: String,
    pub status: Status,
}

impl Cause {
    fn key(&self) -> String {
        format!("{}/{}", self.check, self.subject)
    }
}

/// Fills in `explained_by` and puts causes before consequences, the worst first. Of equals, the order stays.
/// `standing`: findings of checks that did not run now.
pub fn rank(mut findings: Vec<Finding>, standing: &[Cause]) -> Vec<Finding> {
    let found = findings
        .iter()
        .filter(|one| is_bad(one.status))
        .map(|one| Cause {
            check: one.check.to_owned(),
            subject: one.subject.clone(),
            status: one.status,
        });
    let causes: Vec<Cause> = found.chain(standing.iter().cloned()).collect();
    for finding in &mut findings {
        finding.explained_by = explanation(finding, &causes);
    }
    follow(&mut findings);
    // What explains something is as bad as that.
    let mut weights: HashMap<String, u8> = HashMap::new();
    for finding in &findings {
        if let Some(by) = &finding.explained_by {
            let weight = weights.entry(by.clone()).or_default();
            *weight = finding.status.weight().max(*weight);
        }
    }
    findings.sort_by_key(|finding| {
        let of_others = weights.get(&finding.key()).copied().unwrap_or_default();
        let weight = finding.status.weight().max(of_others);
        (
            finding.status == Status::Ok,
            finding.explained_by.is_some(),
            std::cmp::Reverse(weight),
            // Of two that weigh the same, the one that explains others.
            std::cmp::Reverse(of_others),
        )
    });
    findings
}

fn is_bad(status: Status) -> bool {
    matches!(status, Status::Warning | Status::Critical)
}

/// Key of the finding that explains `finding`.
fn explanation(finding: &Finding, causes: &[Cause]) -> Option<String> {
    if !is_bad(finding.status) {
        return None;
    }
    RULES
        .iter()
        .filter(|rule| rule.consequences.contains(&finding.check))
        .find_map(|rule| {
            causes.iter().find(|cause| {
                cause.check == rule.cause
                    && cause.status.weight() >= rule.from.weight()
                    && (rule.reaches)(cause, finding)
            })
        })
        .map(Cause::key)
}

/// What a consequence explains, its own cause explains.
fn follow(findings: &mut [Finding]) {
    let of: HashMap<String, String> = findings
        .iter()
        .filter_map(|finding| Some((finding.key(), finding.explained_by.clone()?)))
        .collect();
    for by in findings
        .iter_mut()
        .filter_map(|one| one.explained_by.as_mut())
    {
        for _ in 0..DEEPEST {
            match of.get(by) {
                Some(deeper) => by.clone_from(deeper),
                None => break,
            }
        }
    }
}

fn same_subject(cause: &Cause, finding: &Finding) -> bool {
    cause.subject == finding.subject
}

/// Whether services hang on the mount.
fn is_where_services_are(cause: &Cause, _: &Finding) -> bool {
    let mount = cause.subject.as_str();
    let of_users = ["/run/media", "/run/user"];
    let is_below = |folder: &&str| {
        mount
            .strip_prefix(*folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    mount == "/" || (OF_SERVICES.iter().any(is_below) && !of_users.iter().any(is_below))
}

/// The worst status of all; `Ok` of none.
pub fn worst(findings: &[Finding]) -> Status {
    findings
        .iter()
        .fold(Status::Ok, |worst, finding| worst.worse(finding.status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks;

    #[track_caller]
    fn check(findings: &[(&'static str, Status)], expected: &str) {
        let findings = findings.iter().map(|(check, status)| {
            let (check, subject) = check.split_once(' ').unwrap_or((check, ""));
            let mut finding = Finding::new(*status, subject);
            finding.check = check;
            finding
        });
        let shown = rank(findings.collect(), &[]).into_iter().map(|finding| {
            let by = finding
                .explained_by
                .map_or(String::new(), |by| format!(" by {by}"));
            format!("{}{by}", finding.check)
        });
        assert_eq!(shown.collect::<Vec<_>>().join(", "), expected);
    }

    #[test]
    fn rules_name_checks_that_exist() {
        for rule in RULES {
            assert!(checks::find(rule.cause).is_ok(), "{}", rule.cause);
            for consequence in rule.consequences {
                assert!(checks::find(consequence).is_ok(), "{consequence}");
            }
        }
    }

    /// Each broken rung with all above it broken too.
    #[test]
    fn the_first_broken_rung_explains_all_above_it() {
        const LADDER: &[&str] = &[
            "net.link",
            "net.address",
            "net.route",
            "net.gateway",
            "net.dns",
            "time.offset",
        ];
        for at in 0..LADDER.len() {
            let broken = LADDER[at..].iter().map(|check| (*check, Status::Critical));
            let below = LADDER[..at].iter().map(|check| (*check, Status::Ok));
            let findings: Vec<_> = below.chain(broken).collect();
            let first = LADDER[at];
            let explained = LADDER[at + 1..]
                .iter()
                .map(|check| format!("{check} by {first}/"));
            let expected: Vec<String> = [first.to_owned()]
                .into_iter()
                .chain(explained)
                .chain(LADDER[..at].iter().map(|check| (*check).to_owned()))
                .collect();
            check(&findings, &expected.join(", "));
        }
    }

    #[test]
    fn a_resolver_that_names_nobody_explains_that_nobody_answers() {
        check(
            &[
                ("net.dns", Status::Critical),
                ("net.resolver", Status::Critical),
                ("net.gateway", Status::Ok),
            ],
            "net.resolver, net.dns by net.resolver/, net.gateway",
        );
    }

    #[test]
    fn a_silent_first_server_explains_itself_only() {
        check(
            &[
                ("net.dns 192.0.2.1", Status::Warning),
                ("net.dns 192.0.2.3", Status::Warning),
                ("net.resolver 192.0.2.1", Status::Warning),
            ],
            "net.resolver, net.dns, net.dns by net.resolver/192.0.2.1",
        );
    }

    #[test]
    fn a_route_into_an_interface_without_link_leads_back_to_the_link() {
        check(
            &[
                ("net.link eth0", Status::Warning),
                ("net.route eth0", Status::Critical),
                ("net.gateway 192.0.2.1", Status::Critical),
                ("disk.space", Status::Warning),
            ],
            "net.link, disk.space, net.route by net.link/eth0, net.gateway by net.link/eth0",
        );
        check(
            &[
                ("net.link eth1", Status::Warning),
                ("net.route eth0", Status::Critical),
            ],
            "net.route, net.link",
        );
    }

    #[test]
    fn a_dead_link_explains_what_hangs_on_it() {
        check(
            &[
                ("net.dns", Status::Critical),
                ("disk.space", Status::Ok),
                ("net.gateway", Status::Critical),
                ("net.link", Status::Critical),
                ("time.offset", Status::Warning),
            ],
            "net.link, net.dns by net.link/, net.gateway by net.link/, time.offset by net.link/, disk.space",
        );
    }

    #[test]
    fn a_full_disk_explains_only_the_services_that_hang_on_it() {
        for mount in [
            "disk.space /media/usb",
            "disk.space /run/user/1000",
            "disk.space /home",
        ] {
            check(
                &[
                    ("service.failed", Status::Critical),
                    (mount, Status::Critical),
                ],
                "service.failed, disk.space",
            );
        }
        check(
            &[
                ("service.failed", Status::Critical),
                ("disk.space /var/lib", Status::Critical),
            ],
            "disk.space, service.failed by disk.space//var/lib",
        );
        check(
            &[
                ("service.failed", Status::Critical),
                ("disk.space /", Status::Critical),
            ],
            "disk.space, service.failed by disk.space//",
        );
    }

    #[test]
    fn a_warning_explains_nothing_and_the_worst_comes_first() {
        check(
            &[
                ("disk.space", Status::Warning),
                ("time.offset", Status::Unknown),
                ("service.failed", Status::Critical),
            ],
            "service.failed, disk.space, time.offset",
        );
    }
}
