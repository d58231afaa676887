//! Checks as they come round, and what the collector was told of their findings.

use std::collections::HashSet;
use std::future::Future;

use sonde_proto::v1::{Finding, FindingChanges};

use crate::changes::FindingState;
use crate::checks::{self, Check, Overrides};
use crate::host::Host;
use crate::{diagnosis, runner, wire};

/// Findings of some checks, with the moment they are of.
pub(super) struct Checked {
    pub(super) checks: Vec<&'static str>,
    /// In the order of reading: causes before consequences.
    pub(super) findings: Vec<Finding>,
}

#[derive(Default)]
pub(super) struct Watch {
    wanted: Vec<&'static Check>,
    is_running: bool,
    told: FindingState,
    overrides: Overrides,
    /// Checks that have run since the agent began.
    seen: HashSet<&'static str>,
    /// Checks that a policy wants to run only when asked.
    silenced: HashSet<&'static str>,
}

impl Watch {
    /// The check is to run in the next round.
    pub(super) fn want(&mut self, check: &'static Check) {
        if !self.wanted.iter().any(|wanted| wanted.id == check.id) {
            self.wanted.push(check);
        }
    }

    /// A round of all that is wanted; `None` while one runs or nothing is wanted.
    pub(super) fn begin(&mut self, host: &Host) -> Option<impl Future<Output = Checked> + use<>> {
        if self.is_running || self.wanted.is_empty() {
            return None;
        }
        self.is_running = true;
        let checks = std::mem::take(&mut self.wanted);
        Some(run(host.clone(), checks, self.overrides.clone()))
    }

    /// The round that `begin` gave is through.
    pub(super) fn ended(&mut self) {
        self.is_running = false;
    }

    /// The changes to be reported after a run at `now_us`, of a round or of an order. Its findings learn since when
    /// they are so.
    pub(super) fn checked(&mut self, checked: &mut Checked, now_us: i64) -> Vec<FindingChanges> {
        self.seen.extend(&checked.checks);
        // What runs only when asked is the answer's alone: nobody would tell the device's finding when it is over.
        let stands = |check: &str| !self.silenced.contains(check);
        let checks: Vec<&str> = checked
            .checks
            .iter()
            .copied()
            .filter(|check| stands(check))
            .collect();
        let is_standing = |finding: &&Finding| stands(&finding.check);
        let mut standing: Vec<Finding> = checked
            .findings
            .iter()
            .filter(is_standing)
            .cloned()
            .collect();
        let changes = self.told.update(&checks, &mut standing, now_us);
        let mut standing = standing.into_iter();
        for finding in &mut checked.findings {
            if stands(&finding.check)
                && let Some(told) = standing.next()
            {
                *finding = told;
            } else {
                finding.since_us = now_us;
            }
        }
        let all_seen = checks::ALL
            .iter()
            .filter(|check| !check.every.is_zero() && !self.silenced.contains(check.id))
            .all(|check| self.seen.contains(check.id));
        let whole = if all_seen { self.told.whole() } else { None };
        changes.into_iter().chain(whole).collect()
    }

    /// Judges by other limits from now on. The findings of checks that no longer run by themselves are gone: the
    /// changes to be reported.
    pub(super) fn govern(
        &mut self,
        overrides: Overrides,
        silenced: HashSet<&'static str>,
        now_us: i64,
    ) -> Option<FindingChanges> {
        let newly: Vec<&str> = silenced.difference(&self.silenced).copied().collect();
        let is_other = |check: &Check| overrides.of(check) != self.overrides.of(check);
        let changed: Vec<&'static Check> = checks::ALL
            .iter()
            .filter(|check| is_other(check) && !silenced.contains(check.id))
            .copied()
            .collect();
        self.wanted.retain(|check| !silenced.contains(check.id));
        self.overrides = overrides;
        self.silenced = silenced;
        for check in changed {
            self.want(check);
        }
        self.told.update(&newly, &mut [], now_us)
    }

    pub(super) fn overrides(&self) -> &Overrides {
        &self.overrides
    }
}

/// Runs checks and ranks what they find.
pub(super) async fn run(host: Host, checks: Vec<&'static Check>, overrides: Overrides) -> Checked {
    let findings = diagnosis::rank(runner::run(&host, &checks, &overrides).await);
    Checked {
        checks: checks.iter().map(|check| check.id).collect(),
        findings: findings.into_iter().map(wire::finding).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(check: &'static str) -> Checked {
        let finding = Finding {
            check: check.into(),
            status: sonde_proto::v1::Status::Warning.into(),
            ..Finding::default()
        };
        Checked {
            checks: vec![check],
            findings: vec![finding],
        }
    }

    #[test]
    fn a_silenced_check_leaves_no_finding_of_the_device() {
        let mut watch = Watch::default();
        assert_eq!(
            watch.checked(&mut found("disk.space"), 5)[0].findings.len(),
            1
        );
        let silenced = HashSet::from(["disk.space"]);
        let gone = watch.govern(Overrides::default(), silenced, 6).unwrap();
        assert_eq!(gone.gone[0].check, "disk.space");
        let mut asked = found("disk.space");
        assert!(watch.checked(&mut asked, 7).is_empty());
        assert_eq!(asked.findings[0].since_us, 7);
    }

    #[test]
    fn a_check_with_other_limits_runs_at_once() {
        let mut watch = Watch::default();
        let mut overrides = Overrides::default();
        overrides.set("disk.space", "free_warning", 20.0).unwrap();
        watch.govern(overrides.clone(), HashSet::new(), 5);
        let wanted = |watch: &Watch| {
            watch
                .wanted
                .iter()
                .map(|check| check.id)
                .collect::<Vec<_>>()
        };
        assert_eq!(wanted(&watch), ["disk.space"]);
        watch.wanted.clear();
        watch.govern(overrides, HashSet::new(), 6);
        assert!(wanted(&watch).is_empty());
    }
}
