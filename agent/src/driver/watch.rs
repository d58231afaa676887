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
        let changes = self
            .told
            .update(&checked.checks, &mut checked.findings, now_us);
        let all_seen = checks::ALL
            .iter()
            .filter(|check| !check.every.is_zero())
            .all(|check| self.seen.contains(check.id));
        let whole = if all_seen { self.told.whole() } else { None };
        changes.into_iter().chain(whole).collect()
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
