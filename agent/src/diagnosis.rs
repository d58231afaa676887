//! Which finding explains which, and in what order they are read. Pure.

use std::collections::HashMap;

use sonde_proto::message::{Argument, ArgumentValue, Audience, Lang};
use sonde_proto::verdict::{self, Place, in_reading_order};

use crate::checks;
use crate::finding::{Finding, Status};

mod target;

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
            "mount.hung",
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
            "mount.hung",
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
            "mount.hung",
            "time.offset",
        ],
    ),
    // A route that leads nowhere because its own interface has no link.
    Rule {
        from: Status::Warning,
        reaches: |cause, finding| is_named(finding, "interface", &cause.subject),
        ..rule("net.link", &["net.route"])
    },
    rule(
        "net.route",
        &[
            "net.gateway",
            "net.firewall",
            "net.dns",
            "net.proxy",
            "net.ipv6",
            "mount.hung",
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
        &[
            "net.dns",
            "net.proxy",
            "net.ipv6",
            "net.mtu",
            "mount.hung",
            "time.offset",
        ],
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
    rule("net.firewall", &["net.dns", "net.proxy", "time.offset"]),
    // A name server that is off behind rules of its own is no more than that.
    Rule {
        reaches: |cause, finding| {
            let place = finding.subject.rsplit_once(':').map(|(host, _)| host);
            let place = place.map(|host| host.trim_matches(['[', ']']));
            finding.status == Status::Warning && place == Some(cause.subject.as_str())
        },
        ..rule("net.dns", &["net.firewall"])
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
    Rule {
        from: Status::Warning,
        ..rule("time.daemon", &["time.offset"])
    },
    // By a wrong clock every certificate is too old or too young.
    rule("time.offset", &["cert.expiry"]),
    rule("os.packages-broken", &["os.updates"]),
    // The proxy's name leads astray.
    Rule {
        from: Status::Warning,
        reaches: |cause, finding| {
            let host = finding.subject.rsplit_once(':').map(|(host, _)| host);
            host == Some(cause.subject.as_str())
        },
        ..rule("net.hosts", &["net.proxy"])
    },
    // What the disk itself says explains what is seen of it from above.
    Rule {
        from: Status::Warning,
        reaches: is_of_disk,
        ..rule(
            "disk.health",
            &[
                "disk.raid",
                "disk.fs-errors",
                "disk.readonly",
                "disk.latency",
            ],
        )
    },
    Rule {
        reaches: same_subject,
        ..rule("disk.deleted-open", &["disk.space", "disk.fill-forecast"])
    },
    Rule {
        from: Status::Warning,
        reaches: same_subject,
        ..rule("disk.space", &["disk.fill-forecast"])
    },
    rule("mount.missing", &["service.failed", "service.flapping"]),
    rule("disk.readonly", &["service.failed", "service.flapping"]),
    Rule {
        reaches: is_where_services_are,
        ..rule("disk.space", &["service.failed", "service.flapping"])
    },
    Rule {
        reaches: is_where_services_are,
        ..rule("disk.inodes", &["service.failed", "service.flapping"])
    },
    rule("memory.oom", &["service.failed", "service.flapping"]),
    Rule {
        from: Status::Warning,
        ..rule(
            "memory.growth",
            &["memory.pressure", "memory.oom", "memory.swap"],
        )
    },
    rule(
        "memory.pressure",
        &["memory.oom", "memory.swap", "cpu.load"],
    ),
    rule("memory.swap", &["cpu.load"]),
    rule("mount.hung", &["process.stuck", "cpu.load"]),
    rule("kernel.oops", &["process.stuck", "cpu.load"]),
    rule("hardware.memory-errors", &["kernel.oops", "crash.recent"]),
    Rule {
        from: Status::Warning,
        ..rule("hardware.temperature", &["hardware.throttling"])
    },
    Rule {
        from: Status::Warning,
        ..rule("cpu.hog", &["cpu.load"])
    },
    Rule {
        from: Status::Warning,
        ..rule("disk.latency", &["cpu.load"])
    },
    // The service is named after the program that crashed.
    Rule {
        from: Status::Warning,
        reaches: |cause, finding| {
            finding.subject.strip_suffix(".service") == Some(cause.subject.as_str())
        },
        ..rule("crash.recent", &["service.failed", "service.flapping"])
    },
    // A burst of errors is what a fault sounds like.
    rule("net.link", &["logs.errors"]),
    rule("net.gateway", &["logs.errors"]),
    rule("net.dns", &["logs.errors"]),
    rule("kernel.oops", &["logs.errors"]),
    rule("disk.health", &["logs.errors"]),
    rule("disk.readonly", &["logs.errors"]),
    rule("disk.space", &["logs.errors"]),
    rule("mount.hung", &["logs.errors"]),
    rule("memory.oom", &["logs.errors"]),
    Rule {
        from: Status::Warning,
        ..rule("disk.fs-errors", &["logs.errors"])
    },
    Rule {
        from: Status::Warning,
        ..rule("service.flapping", &["logs.errors"])
    },
    rule("service.failed", &["logs.errors"]),
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
    in_reading_order(&mut findings, place);
    findings
}

fn place(finding: &Finding) -> Place {
    Place {
        key: finding.key(),
        explained_by: finding.explained_by.clone(),
        weight: finding.status.into(),
    }
}

/// 'What is wrong with this machine?' in one sentence. `findings` as `rank` gives them.
pub fn sentence(findings: &[Finding], audience: Audience, lang: Lang) -> String {
    let said: Vec<String> = findings
        .iter()
        .map(|finding| match checks::find(finding.check) {
            Ok(check) => check.say_to(audience, &finding.message, lang),
            Err(_) => finding.message.id.clone().into_owned(),
        })
        .collect();
    let places = findings.iter().map(place);
    verdict::sentence(places.zip(said.iter().map(String::as_str)), lang)
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
        .chain(target::RULES)
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

/// Whether it is about the disk that the cause is about, or a part of it.
fn is_of_disk(cause: &Cause, finding: &Finding) -> bool {
    let of_disk = |text: &str| {
        let name = text.strip_prefix("/dev/").unwrap_or(text);
        let part = name.strip_prefix(cause.subject.as_str());
        part.is_some_and(|part| {
            part.trim_start_matches('p')
                .bytes()
                .all(|b| b.is_ascii_digit())
        })
    };
    let said = finding.message.arguments.iter().chain(&finding.evidence);
    let mut texts = said.filter_map(|one| match &one.value {
        ArgumentValue::Text(text) => Some(text),
        ArgumentValue::Number { .. }
        | ArgumentValue::Bytes(_)
        | ArgumentValue::DurationUs(_)
        | ArgumentValue::TimeUs(_)
        | ArgumentValue::Term(_) => None,
    });
    of_disk(&finding.subject) || texts.any(|text| text.split(", ").any(of_disk))
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
mod tests;
