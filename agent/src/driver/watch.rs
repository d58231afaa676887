//! Checks as they come round, and what the collector was told of their findings.

use std::collections::{HashMap, HashSet};
use std::future::Future;

use sonde_proto::asset::AssetAddress;
use sonde_proto::v1::{Finding, FindingChanges, Status};

use crate::changes::FindingState;
use crate::checks::{self, Check, Overrides};
use crate::diagnosis::{self, Cause};
use crate::host::Host;
use crate::{runner, wire};

/// A check that could not look so often will not.
const HOPELESS: u32 = 3;

/// Findings of some checks, with the moment they are of.
pub(super) struct Checked {
    pub(super) checks: Vec<&'static str>,
    /// Those of them that could not look: what they found before stands.
    unread: Vec<&'static str>,
    /// In the order of reading: causes before consequences.
    pub(super) findings: Vec<Finding>,
}

impl Against {
    /// The same with the asset that is looked for.
    pub(super) fn toward(self, asset: Option<AssetAddress>) -> Self {
        Self {
            overrides: self.overrides.toward(asset),
            ..self
        }
    }
}

impl Checked {
    /// Of a round that broke: nothing is known anew.
    pub(super) fn nothing(checks: Vec<&'static Check>) -> Self {
        let unread: Vec<&'static str> = checks.iter().map(|check| check.id).collect();
        Self {
            checks: unread.clone(),
            unread,
            findings: Vec::new(),
        }
    }
}

/// What a round is judged against: limits, and what stands already.
#[derive(Clone, Default)]
pub(super) struct Against {
    overrides: Overrides,
    standing: Vec<Cause>,
}

#[derive(Default)]
pub(super) struct Watch {
    wanted: Vec<&'static Check>,
    /// Under way, in a round together or, a plugin, in one of its own.
    running: Vec<&'static Check>,
    told: FindingState,
    overrides: Overrides,
    /// Checks that have looked since the agent began.
    seen: HashSet<&'static str>,
    /// How often the others could not.
    n_unread: HashMap<&'static str, u32>,
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

    /// A round of what is wanted, and what that is; `None`: there is nothing to begin now. A plugin may take a minute, and
    /// is a round by itself; of the others there is one at a time.
    pub(super) fn begin(
        &mut self,
        host: &Host,
    ) -> Option<(Vec<&'static Check>, impl Future<Output = Checked> + use<>)> {
        let checks = self.next_round()?;
        self.running.extend(&checks);
        Some((checks.clone(), run(host.clone(), checks, self.against())))
    }

    fn next_round(&mut self) -> Option<Vec<&'static Check>> {
        let is_built_in = |check: &Check| check.plugin().is_none();
        if !self.running.iter().any(|check| is_built_in(check)) {
            let round = self.wanted.extract_if(.., |check| is_built_in(check));
            let round: Vec<&'static Check> = round.collect();
            if !round.is_empty() {
                return Some(round);
            }
        }
        let is_running = |check: &Check| self.running.iter().any(|running| running.id == check.id);
        let can_begin = |check: &Check| !is_built_in(check) && !is_running(check);
        let at = self.wanted.iter().position(|check| can_begin(check))?;
        Some(vec![self.wanted.remove(at)])
    }

    /// The round of `checks`, which `begin` gave, is through.
    pub(super) fn ended(&mut self, checks: &[&'static str]) {
        self.running.retain(|running| !checks.contains(&running.id));
    }

    /// The changes to be reported after a run at `now_us`, of a round or of an order. Its findings learn since when
    /// they are so.
    pub(super) fn checked(&mut self, checked: &mut Checked, now_us: i64) -> Vec<FindingChanges> {
        for check in &checked.checks {
            if checked.unread.contains(check) {
                *self.n_unread.entry(check).or_default() += 1;
            } else {
                self.seen.insert(check);
            }
        }
        // What runs only when asked is the answer's alone: nobody would tell the device's finding when it is over.
        let stands = |check: &str| {
            let is_of_asset = checks::find(check).is_ok_and(Check::takes_asset);
            !is_of_asset && !self.silenced.contains(check)
        };
        let checks: Vec<&str> = checked
            .checks
            .iter()
            .copied()
            .filter(|check| stands(check) && !checked.unread.contains(check))
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
        changes.into_iter().chain(self.whole()).collect()
    }

    /// All that stands, once all checks have looked, or could not for some times: what they found in an earlier run of
    /// the agent is not gone because of one slow answer.
    fn whole(&mut self) -> Option<FindingChanges> {
        let is_hopeless = |id| self.n_unread.get(id).is_some_and(|n| *n >= HOPELESS);
        let all_seen = checks::all()
            .iter()
            .filter(|check| !check.every.is_zero() && !self.silenced.contains(check.id))
            .all(|check| self.seen.contains(check.id) || is_hopeless(check.id));
        if all_seen { self.told.whole() } else { None }
    }

    /// The same once more: some of it did not reach the collector.
    pub(super) fn whole_again(&mut self) -> Option<FindingChanges> {
        self.told.tell_again();
        self.whole()
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
        let is_other = |check: &Check| {
            let before = &self.overrides;
            overrides.of(check) != before.of(check)
                || overrides.targets(check) != before.targets(check)
        };
        let changed: Vec<&'static Check> = checks::all()
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

    pub(super) fn against(&self) -> Against {
        let standing = self
            .told
            .all()
            .filter(|finding| finding.status() == Status::Critical);
        Against {
            overrides: self.overrides.clone(),
            standing: standing
                .map(|finding| Cause {
                    check: finding.check.clone(),
                    subject: finding.subject.clone(),
                    status: crate::finding::Status::Critical,
                })
                .collect(),
        }
    }
}

/// Runs checks and ranks what they find.
pub(super) async fn run(host: Host, checks: Vec<&'static Check>, against: Against) -> Checked {
    let findings = runner::run(&host, &checks, &against.overrides).await;
    let unread: Vec<&'static str> = findings
        .iter()
        .filter(|finding| finding.is_unread)
        .map(|finding| finding.check)
        .collect();
    let checks: Vec<&'static str> = checks.iter().map(|check| check.id).collect();
    // Of what was looked at anew, only what was found counts.
    let mut standing = against.standing;
    standing.retain(|cause| {
        let is_of = |check: &&str| *check == cause.check;
        !checks.iter().any(is_of) || unread.iter().any(is_of)
    });
    let findings = diagnosis::rank(findings, &standing);
    Checked {
        checks,
        unread,
        findings: findings.into_iter().map(wire::finding).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(check: &'static str) -> Checked {
        let finding = Finding {
            check: check.into(),
            status: Status::Warning.into(),
            ..Finding::default()
        };
        Checked {
            checks: vec![check],
            unread: Vec::new(),
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
    fn what_is_found_of_an_asset_is_no_finding_of_the_device() {
        let mut watch = Watch::default();
        let mut asked = found("net.asset");
        assert!(watch.checked(&mut asked, 7).is_empty());
        assert_eq!(asked.findings[0].since_us, 7);
        assert_eq!(watch.against().standing.len(), 0);
    }

    #[test]
    fn what_a_check_found_stands_while_it_cannot_look() {
        let mut watch = Watch::default();
        let mut before = found("disk.space");
        before.findings[0].subject = "/srv".into();
        watch.checked(&mut before, 5);
        let mut stuck = found("disk.space");
        stuck.findings[0].status = Status::Unknown.into();
        stuck.unread = vec!["disk.space"];
        let told = &watch.checked(&mut stuck, 6)[0];
        assert_eq!((told.findings.len(), told.gone.len()), (1, 0));
        before.findings[0].since_us = 0;
        let told = &watch.checked(&mut before, 7)[0];
        assert_eq!((told.findings.len(), told.gone.len()), (0, 1));
        assert_eq!(before.findings[0].since_us, 5);
    }

    #[test]
    fn the_whole_list_waits_for_a_check_that_could_not_look_once() {
        let ids: Vec<&'static str> = checks::ALL.iter().map(|check| check.id).collect();
        let mut watch = Watch::default();
        let mut round = |unread: &[&'static str]| {
            let mut checked = Checked {
                checks: ids.clone(),
                unread: unread.to_vec(),
                findings: Vec::new(),
            };
            let changes = watch.checked(&mut checked, 5);
            changes.iter().any(|changes| changes.whole)
        };
        let told: Vec<bool> = (0..3).map(|_| round(&["disk.space"])).collect();
        assert_eq!(told, [false, false, true]);
        let mut watch = Watch::default();
        let mut checked = Checked::nothing(checks::ALL.to_vec());
        assert!(watch.checked(&mut checked, 5).is_empty());
        checked.unread.clear();
        assert!(watch.checked(&mut checked, 6)[0].whole);
    }

    #[test]
    fn a_plugin_holds_up_no_other_check() {
        let a = crate::plugins::unfit(vec![("a".into(), "refused".into())]);
        let b = checks::find("disk.space").unwrap();
        let host = Host::this();
        let mut watch = Watch::default();
        let round = |watch: &mut Watch| {
            let (checks, _) = watch.begin(&host)?;
            Some(checks.iter().map(|check| check.id).collect::<Vec<_>>())
        };
        [a, b].into_iter().for_each(|check| watch.want(check));
        assert_eq!(round(&mut watch), Some(vec!["disk.space"]));
        assert_eq!(round(&mut watch), Some(vec![a.id]));
        assert_eq!(round(&mut watch), None);
        // Neither begins again while it is under way, and neither waits for the other.
        [a, b].into_iter().for_each(|check| watch.want(check));
        assert_eq!(round(&mut watch), None);
        watch.ended(&["disk.space"]);
        assert_eq!(round(&mut watch), Some(vec!["disk.space"]));
        assert_eq!(round(&mut watch), None);
        watch.ended(&[a.id]);
        assert_eq!(round(&mut watch), Some(vec![a.id]));
    }

    #[tokio::test]
    async fn a_consequence_keeps_a_cause_that_was_not_looked_at() {
        static FAILS: Check = Check {
            id: "service.failed",
            number: 0,
            version: 1,
            title_en: "",
            title_fr: "",
            every: std::time::Duration::ZERO,
            limits: &[],
            remedies: &[],
            texts: &[],
            ticket_worthy: false,
            run: checks::Run::Now(|_, _| {
                let critical = crate::finding::Status::Critical;
                Ok(vec![crate::finding::Finding::new(critical, "web.service")])
            }),
        };
        let mut watch = Watch::default();
        let mut full = found("disk.space");
        full.findings[0].subject = "/var".into();
        full.findings[0].status = Status::Critical.into();
        watch.checked(&mut full, 5);
        let checked = run(Host::this(), vec![&FAILS], watch.against()).await;
        assert_eq!(checked.findings[0].explained_by, "disk.space//var");
    }

    #[test]
    fn a_check_with_other_limits_or_targets_runs_at_once() {
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
        watch.govern(overrides.clone(), HashSet::new(), 6);
        assert!(wanted(&watch).is_empty());
        overrides
            .set_targets("net.target", &["tcp://h:1".into()])
            .unwrap();
        watch.govern(overrides, HashSet::new(), 7);
        assert_eq!(wanted(&watch), ["net.target"]);
    }
}
