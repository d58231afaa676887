//! Which finding explains which, and in what order they are read. Pure.

use crate::finding::{Finding, Status};

/// A fault of the first check explains faults of the second.
const EXPLAINS: &[(&str, &str)] = &[
    ("net.link", "net.gateway"),
    ("net.link", "net.dns"),
    ("net.gateway", "net.dns"),
    ("net.link", "time.offset"),
    ("net.gateway", "time.offset"),
    ("disk.readonly", "service.failed"),
    ("disk.space", "service.failed"),
    ("disk.inodes", "service.failed"),
    ("memory.oom", "service.failed"),
    ("memory.pressure", "memory.oom"),
    ("memory.pressure", "cpu.load"),
];

/// Fills in `explained_by` and puts causes before consequences, the worst first. Of equals, the order stays.
pub fn rank(mut findings: Vec<Finding>) -> Vec<Finding> {
    let keys = findings.iter().map(|one| explanation(one, &findings));
    let keys = keys.collect::<Vec<_>>();
    for (finding, key) in findings.iter_mut().zip(keys) {
        finding.explained_by = key;
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

/// Key of the finding that explains `finding`: one of the first check in the chain that is critical, or at least as
/// bad.
fn explanation(finding: &Finding, all: &[Finding]) -> Option<String> {
    if !matches!(finding.status, Status::Warning | Status::Critical) {
        return None;
    }
    EXPLAINS
        .iter()
        .filter(|(_, consequence)| *consequence == finding.check)
        .find_map(|(cause, _)| {
            let mut causes = all.iter().filter(|one| one.check == *cause);
            causes.find(|one| one.status == Status::Critical)
        })
        .map(Finding::key)
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
            let mut finding = Finding::new(*status, "");
            finding.check = check;
            finding
        });
        let shown = rank(findings.collect()).into_iter().map(|finding| {
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
