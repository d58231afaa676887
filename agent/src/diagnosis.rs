//! Which finding explains which, and in what order they are read. Pure.

use crate::finding::{Finding, Status};

/// A fault of the first check explains faults of the second.
const EXPLAINS: &[(&str, &str)] = &[
    ("net.link", "net.gateway"),
    ("net.link", "net.dns"),
    ("net.gateway", "net.dns"),
    ("net.link", "time.offset"),
    ("net.gateway", "time.offset"),
    ("disk.deleted-open", "disk.space"),
    ("mount.missing", "service.failed"),
    ("disk.readonly", "service.failed"),
    ("disk.space", "service.failed"),
    ("disk.inodes", "service.failed"),
    ("memory.oom", "service.failed"),
    ("mount.missing", "service.flapping"),
    ("disk.readonly", "service.flapping"),
    ("disk.space", "service.flapping"),
    ("disk.inodes", "service.flapping"),
    ("memory.oom", "service.flapping"),
    ("memory.pressure", "memory.oom"),
    ("memory.pressure", "cpu.load"),
];

/// Folders without which services do not run (Filesystem Hierarchy Standard 3.0); what is mounted elsewhere is data
/// that a service does not hang on.
const OF_SERVICES: &[&str] = &["/etc", "/opt", "/run", "/srv", "/tmp", "/usr", "/var"];

/// A critical finding, as far as it can explain others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    pub check: String,
    pub subject: String,
}

/// Fills in `explained_by` and puts causes before consequences, the worst first. Of equals, the order stays.
/// `standing`: critical findings of checks that did not run now.
pub fn rank(mut findings: Vec<Finding>, standing: &[Cause]) -> Vec<Finding> {
    let found = findings
        .iter()
        .filter(|one| one.status == Status::Critical)
        .map(|one| Cause {
            check: one.check.to_owned(),
            subject: one.subject.clone(),
        });
    let causes: Vec<Cause> = found.chain(standing.iter().cloned()).collect();
    for finding in &mut findings {
        finding.explained_by = explanation(finding, &causes);
    }
    findings.sort_by_key(|finding| {
        let weight = std::cmp::Reverse(finding.status.weight());
        (
            finding.status == Status::Ok,
            finding.explained_by.is_some(),
            weight,
        )
    });
    findings
}

/// Key of the finding that explains `finding`: a related one of the first check in the chain that is critical.
fn explanation(finding: &Finding, causes: &[Cause]) -> Option<String> {
    if !matches!(finding.status, Status::Warning | Status::Critical) {
        return None;
    }
    EXPLAINS
        .iter()
        .filter(|(_, consequence)| *consequence == finding.check)
        .find_map(|(check, _)| {
            causes
                .iter()
                .find(|cause| cause.check == *check && reaches(cause, finding))
        })
        .map(|cause| format!("{}/{}", cause.check, cause.subject))
}

/// Whether a fault of the cause's subject is felt where the finding is.
fn reaches(cause: &Cause, finding: &Finding) -> bool {
    if finding.check.starts_with("disk.") {
        return cause.subject == finding.subject;
    }
    if !cause.subject.starts_with('/') || !finding.check.starts_with("service.") {
        return true;
    }
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
        for (cause, consequence) in EXPLAINS {
            assert!(checks::find(cause).is_ok() && checks::find(consequence).is_ok());
        }
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
    fn what_fails_a_service_makes_it_flap() {
        for (cause, by) in [
            ("mount.missing /srv", "mount.missing//srv"),
            ("disk.readonly /", "disk.readonly//"),
            ("disk.space /var", "disk.space//var"),
            ("disk.inodes /tmp", "disk.inodes//tmp"),
            ("memory.oom", "memory.oom/"),
        ] {
            let check_id = cause.split(' ').next().unwrap();
            check(
                &[
                    ("service.flapping", Status::Critical),
                    (cause, Status::Critical),
                ],
                &format!("{check_id}, service.flapping by {by}"),
            );
        }
    }

    #[test]
    fn deleted_files_explain_the_disk_they_fill() {
        let held = ("disk.deleted-open /var", Status::Critical);
        check(
            &[("disk.space /var", Status::Critical), held],
            "disk.deleted-open, disk.space by disk.deleted-open//var",
        );
        check(
            &[("disk.space /srv", Status::Critical), held],
            "disk.space, disk.deleted-open",
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
