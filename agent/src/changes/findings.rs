//! What the findings are that the collector was not told yet.

use std::collections::BTreeMap;

use prost::Message as _;
use sonde_proto::caps;
use sonde_proto::v1::{Finding, FindingChanges, FindingKey, Status};

use super::PART_BYTES;
use crate::plugins;

/// What the collector was told of the device's findings.
#[derive(Debug, Default)]
pub struct FindingState {
    told: BTreeMap<(String, String), Finding>,
    whole_told: bool,
}

impl FindingState {
    /// The changes after a run of `checks` at `now_us` (device's clock) gave `findings`; `None` when there are none.
    /// A finding whose status stays keeps the moment since when it has it; each of `findings` is told its own.
    pub fn update(
        &mut self,
        checks: &[&str],
        findings: &mut [Finding],
        now_us: i64,
    ) -> Option<FindingChanges> {
        let mut changes = FindingChanges::default();
        let mut seen = Vec::new();
        for finding in findings {
            let key = (finding.check.clone(), finding.subject.clone());
            let before = self.told.get(&key);
            finding.since_us = before
                .filter(|before| before.status == finding.status)
                .map_or(now_us, |before| before.since_us);
            if before.is_none_or(|before| differs(before, finding)) {
                changes.findings.push(finding.clone());
            }
            seen.push(key.clone());
            self.told.insert(key, finding.clone());
        }
        self.told.retain(|key, _| {
            let gone = checks.contains(&key.0.as_str()) && !seen.contains(key);
            if gone {
                changes.gone.push(FindingKey {
                    check: key.0.clone(),
                    subject: key.1.clone(),
                });
            }
            !gone
        });
        (changes != FindingChanges::default()).then_some(changes)
    }

    /// All findings, once the first full run is through: what the collector has beyond them is of an earlier run.
    pub fn whole(&mut self) -> Option<FindingChanges> {
        if std::mem::replace(&mut self.whole_told, true) {
            return None;
        }
        Some(FindingChanges {
            findings: self.told.values().cloned().collect(),
            whole: true,
            ..FindingChanges::default()
        })
    }

    /// The next `whole` gives all findings, though they were told before.
    pub fn tell_again(&mut self) {
        self.whole_told = false;
    }

    /// All that is known now.
    pub fn all(&self) -> impl Iterator<Item = &Finding> {
        self.told.values()
    }
}

/// `changes` in parts that fit into reports, to be told in this order. The last part of a whole list names what the
/// others hold; a list with more names than fit is told as changes, and what it lacks stays until its check tells.
pub fn in_parts(changes: FindingChanges) -> Vec<FindingChanges> {
    let mut parts = Parts::default();
    let mut keys = Vec::new();
    for finding in changes.findings {
        keys.push(FindingKey {
            check: finding.check.clone(),
            subject: finding.subject.clone(),
        });
        let part = parts.with_room(finding.encoded_len());
        part.findings.push(finding);
    }
    for key in changes.gone {
        parts.with_room(key.encoded_len()).gone.push(key);
    }
    if changes.whole {
        parts.close(keys);
    }
    parts.all
}

#[derive(Default)]
struct Parts {
    all: Vec<FindingChanges>,
    /// Of the last one.
    size: usize,
}

impl Parts {
    /// The last part if it has room for one thing more of `length` bytes, else a new one.
    fn with_room(&mut self, length: usize) -> &mut FindingChanges {
        let length = length + FIELD_BYTES;
        let is_full = self.all.last().is_none_or(|last| {
            self.size + length > PART_BYTES
                || last.findings.len() + last.gone.len() >= caps::FINDINGS
        });
        if is_full {
            self.size = 0;
            self.all.push(FindingChanges::default());
        }
        self.size += length;
        let last = self.all.len() - 1;
        &mut self.all[last]
    }

    /// Makes the last part one that says: these are all. `keys`: of all findings, in their order.
    fn close(&mut self, mut keys: Vec<FindingKey>) {
        let bytes = |keys: &[FindingKey]| -> usize {
            keys.iter().map(|key| key.encoded_len() + FIELD_BYTES).sum()
        };
        let n_last = self.all.last().map_or(0, |last| last.findings.len());
        let others = &keys[..keys.len() - n_last];
        if self.size + bytes(others) <= PART_BYTES {
            keys.truncate(others.len());
        } else {
            self.size = PART_BYTES;
        }
        let length = bytes(&keys);
        if length > PART_BYTES || keys.len() > caps::KEPT_FINDINGS {
            tracing::warn!(
                n_findings = keys.len(),
                "too many findings to name them all at once"
            );
            return;
        }
        if self.all.is_empty() || self.size == PART_BYTES {
            self.all.push(FindingChanges::default());
        }
        if let Some(last) = self.all.last_mut() {
            last.whole = true;
            last.kept = keys;
        }
    }
}

/// Tag and length of one field, with room to spare.
const FIELD_BYTES: usize = 8;

/// A change of numbers alone is not told: they move all the time, and metrics carry them.
fn differs(before: &Finding, now: &Finding) -> bool {
    let id = |message: &Option<sonde_proto::v1::Message>| {
        message.as_ref().map(|message| message.id.clone())
    };
    before.status != now.status
        || id(&before.message) != id(&now.message)
        || id(&before.cause) != id(&now.cause)
        || before.explained_by != now.explained_by
        || (says_all_in_words(now) && before.message != now.message)
}

/// What a plugin finds wrong, and where, stands in its words alone: other words are another fault.
fn says_all_in_words(finding: &Finding) -> bool {
    finding.check.starts_with(plugins::PREFIX) && finding.status() != Status::Ok
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(subject: &str, status: i32) -> Finding {
        Finding {
            check: "disk.space".into(),
            subject: subject.into(),
            status,
            ..Finding::default()
        }
    }

    #[test]
    fn a_finding_keeps_its_beginning_as_long_as_its_status() {
        let mut state = FindingState::default();
        let mut update =
            |mut findings: Vec<Finding>, now| state.update(&["disk.space"], &mut findings, now);
        assert_eq!(
            update(vec![finding("/", 1)], 10).unwrap().findings[0].since_us,
            10
        );
        assert_eq!(update(vec![finding("/", 1)], 20), None);
        assert_eq!(
            update(vec![finding("/", 3)], 30).unwrap().findings[0].since_us,
            30
        );
        let gone = update(vec![], 40).unwrap();
        assert_eq!(
            (gone.findings.len(), gone.gone[0].subject.as_str()),
            (0, "/")
        );
    }

    #[test]
    fn other_words_of_a_plugin_that_is_not_well_are_told() {
        let says = |check: &str, status, text: &str| Finding {
            check: check.into(),
            status,
            message: Some(crate::wire::message(crate::finding::Message::new(
                "said",
                vec![crate::finding::name("text", text)],
            ))),
            ..Finding::default()
        };
        let mut state = FindingState::default();
        let mut told = |finding: Finding, now| {
            let check = finding.check.clone();
            let changes = state.update(&[&check], &mut [finding], now);
            changes.map(|changes| changes.findings[0].since_us)
        };
        assert_eq!(told(says("plugin.a", 2, "web is down"), 10), Some(10));
        assert_eq!(told(says("plugin.a", 2, "web is down"), 20), None);
        assert_eq!(told(says("plugin.a", 2, "mail is down"), 30), Some(10));
        // Well is well, and what is built in says by its id what it finds.
        assert_eq!(told(says("plugin.a", 1, "all well, 5 s"), 40), Some(40));
        assert_eq!(told(says("plugin.a", 1, "all well, 6 s"), 50), None);
        assert_eq!(told(says("disk.space", 2, "5 %"), 60), Some(60));
        assert_eq!(told(says("disk.space", 2, "4 %"), 70), None);
    }

    /// Findings, names of gone ones, whether it is the whole, names of kept ones.
    #[track_caller]
    fn check_parts(changes: FindingChanges, expected: &[(usize, usize, bool, usize)]) {
        let parts = in_parts(changes);
        let shown: Vec<_> = parts
            .iter()
            .map(|part| {
                assert!(part.encoded_len() <= caps::REPORT_BYTES);
                let n_gone = part.gone.len();
                (part.findings.len(), n_gone, part.whole, part.kept.len())
            })
            .collect();
        assert_eq!(shown, expected);
    }

    /// With so many bytes in the subject, and in all.
    fn long(n: usize, subject: usize, whole: usize) -> Finding {
        Finding {
            explained_by: "x".repeat(whole - subject),
            ..finding(&format!("{n:0subject$}"), 1)
        }
    }

    #[test]
    fn many_findings_come_in_parts_of_which_the_last_names_the_rest() {
        let whole = |n, subject, bytes| FindingChanges {
            findings: (0..n).map(|n| long(n, subject, bytes)).collect(),
            whole: true,
            ..FindingChanges::default()
        };
        check_parts(
            whole(40, 10, 4000),
            &[(15, 0, false, 0), (15, 0, false, 0), (10, 0, true, 30)],
        );
        // The names have no room beside the last findings.
        check_parts(
            whole(28, 1000, 4000),
            &[(14, 0, false, 0), (14, 0, false, 0), (0, 0, true, 28)],
        );
        // All that can be said of more than fit is what they are.
        check_parts(
            whole(100, 1000, 1000),
            &[(58, 0, false, 0), (42, 0, false, 0)],
        );
        check_parts(whole(0, 0, 0), &[(0, 0, true, 0)]);
        check_parts(FindingChanges::default(), &[]);
    }

    #[test]
    fn names_of_findings_that_are_gone_come_in_parts() {
        let gone = |n| FindingKey {
            check: "disk.space".into(),
            subject: format!("{n:01000}"),
        };
        let changes = FindingChanges {
            findings: vec![long(0, 10, 4000)],
            gone: (0..100).map(gone).collect(),
            ..FindingChanges::default()
        };
        check_parts(changes, &[(1, 55, false, 0), (0, 45, false, 0)]);
    }

    #[test]
    fn another_checks_findings_stay() {
        let mut state = FindingState::default();
        state.update(&["disk.space"], &mut [finding("/", 1)], 10);
        assert_eq!(state.update(&["net.dns"], &mut [], 20), None);
        assert_eq!(state.all().count(), 1);
        assert_eq!(state.whole().unwrap().findings.len(), 1);
        assert_eq!(state.whole(), None);
        state.tell_again();
        assert_eq!(state.whole().unwrap().findings.len(), 1);
    }
}
