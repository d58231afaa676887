//! Which finding explains which, and in what order they are read. Pure.

use std::collections::HashMap;

use sonde_proto::message::{Argument, ArgumentValue};

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
            "net.dhcp",
            "net.address",
            "net.route",
            "net.gateway",
            "net.resolver",
            "net.dns",
            "net.proxy",
            "net.ipv6",
            "time.offset",
        ],
    ),
    // Who gets no address gets neither a router nor name servers.
    rule(
        "net.dhcp",
        &[
            "net.address",
            "net.route",
            "net.gateway",
            "net.resolver",
            "net.dns",
            "net.proxy",
            "net.ipv6",
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
            "net.proxy",
            "net.ipv6",
            "time.offset",
        ],
    ),
    // A route that leads nowhere because its own interface has no link.
    Rule {
        from: Status::Warning,
        reaches: same_subject,
        ..rule("net.link", &["net.route"])
    },
    rule(
        "net.route",
        &[
            "net.gateway",
            "net.dns",
            "net.proxy",
            "net.ipv6",
            "time.offset",
        ],
    ),
    // Where a machine can open nothing more, nobody answers it, be it near or far.
    rule(
        "net.ports",
        &["net.gateway", "net.dns", "net.proxy", "time.offset"],
    ),
    rule(
        "net.gateway",
        &["net.dns", "net.proxy", "net.ipv6", "net.mtu", "time.offset"],
    ),
    // A gateway that loses some echoes loses large ones too; a dead one of IPv6 is all that IPv6 lacks.
    Rule {
        from: Status::Warning,
        reaches: same_subject,
        ..rule("net.gateway", &["net.mtu"])
    },
    Rule {
        from: Status::Warning,
        reaches: |cause, finding| is_named(finding, "gateway", &cause.subject),
        ..rule("net.gateway", &["net.ipv6"])
    },
    // Who names nobody to ask, or in a bad order.
    Rule {
        from: Status::Warning,
        reaches: |cause, finding| match cause.status {
            Status::Critical => true,
            Status::Ok | Status::Warning | Status::Unknown => same_subject(cause, finding),
        },
        ..rule("net.resolver", &["net.dns"])
    },
    rule("net.resolver", &["net.proxy", "time.offset"]),
    rule("net.dns", &["net.proxy", "time.offset"]),
    // The proxy's name leads astray.
    Rule {
        from: Status::Warning,
        reaches: |cause, finding| {
            let host = finding.subject.rsplit_once(':').map(|(host, _)| host);
            host == Some(cause.subject.as_str())
        },
        ..rule("net.hosts", &["net.proxy"])
    },
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

/// Whether the finding's evidence `of` is `value`.
fn is_named(finding: &Finding, of: &str, value: &str) -> bool {
    let is_it =
        |one: &Argument| one.name == of && one.value == ArgumentValue::Text(value.to_owned());
    finding.evidence.iter().any(is_it)
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
            "net.dhcp",
            "net.address",
            "net.route",
            "net.gateway",
            "net.dns",
        ];
        for top in ["time.offset", "net.proxy"] {
            for at in 0..LADDER.len() {
                let (well, broken) = LADDER.split_at(at);
                let of = |status| move |check: &&'static str| (*check, status);
                let findings: Vec<_> = well
                    .iter()
                    .map(of(Status::Ok))
                    .chain(broken.iter().map(of(Status::Critical)))
                    .chain([(top, Status::Critical)])
                    .collect();
                let explained = broken[1..].iter().chain([&top]);
                let explained = explained.map(|check| format!("{check} by {}/", broken[0]));
                let expected: Vec<String> = [broken[0].to_owned()]
                    .into_iter()
                    .chain(explained)
                    .chain(well.iter().map(|check| (*check).to_owned()))
                    .collect();
                check(&findings, &expected.join(", "));
            }
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
    fn who_can_open_nothing_more_is_answered_by_nobody() {
        check(
            &[
                ("net.gateway 192.0.2.1", Status::Warning),
                ("net.dns 192.0.2.1", Status::Critical),
                ("net.ports conntrack", Status::Critical),
            ],
            "net.ports, net.dns by net.ports/conntrack, net.gateway by net.ports/conntrack",
        );
    }

    #[test]
    fn a_gateway_that_loses_echoes_loses_large_ones_too() {
        check(
            &[
                ("net.mtu 192.0.2.1", Status::Critical),
                ("net.gateway 192.0.2.1", Status::Warning),
            ],
            "net.gateway, net.mtu by net.gateway/192.0.2.1",
        );
        check(
            &[
                ("net.mtu 192.0.2.7", Status::Critical),
                ("net.gateway 192.0.2.1", Status::Warning),
            ],
            "net.mtu, net.gateway",
        );
    }

    #[test]
    fn a_dead_gateway_is_all_that_its_family_lacks() {
        let finding = |check, subject| {
            let mut finding = Finding::new(Status::Warning, subject);
            finding.check = check;
            finding
        };
        let of = |gateway| {
            let named = crate::finding::name("gateway", gateway);
            let findings = vec![
                finding("net.ipv6", "").evidence(named),
                finding("net.gateway", "fe80::1"),
            ];
            rank(findings, &[]).pop().and_then(|last| last.explained_by)
        };
        assert_eq!(of("fe80::1").as_deref(), Some("net.gateway/fe80::1"));
        assert_eq!(of("fe80::2"), None);
    }

    #[test]
    fn a_name_that_leads_astray_explains_its_proxy() {
        check(
            &[
                ("net.proxy proxy.example:3128", Status::Critical),
                ("net.proxy other.example:3128", Status::Critical),
                ("net.hosts proxy.example", Status::Warning),
            ],
            "net.hosts, net.proxy, net.proxy by net.hosts/proxy.example",
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
