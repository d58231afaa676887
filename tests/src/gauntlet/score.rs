//! What became of each fault, and of the whole.

use serde::Serialize;

use crate::faults::Expected;
use crate::patient::Finding;

/// Of one fault.
#[derive(Clone, Debug, Serialize)]
pub struct Score {
    pub id: &'static str,
    pub area: &'static str,
    /// It was read from a recorded tree: it counts in a column of its own.
    pub fixture: bool,
    pub found: bool,
    pub ranked_first: bool,
    pub cause_named: bool,
    /// `check/subject` of what was blamed beside it.
    pub blamed_wrongly: Vec<String>,
    /// `None`: no action applies.
    pub cured: Option<bool>,
    pub verified: Option<bool>,
    /// Of the whole diagnosis that found it.
    pub millis: u64,
    /// Monitoring plugins that complain with the fault and did not before.
    pub plugins: Vec<String>,
    /// Why it did not go to its end; empty: it did.
    pub note: String,
}

impl Score {
    pub(super) fn of(id: &'static str, area: &'static str) -> Self {
        Self {
            id,
            area,
            fixture: false,
            found: false,
            ranked_first: false,
            cause_named: false,
            blamed_wrongly: Vec::new(),
            cured: None,
            verified: None,
            millis: 0,
            plugins: Vec::new(),
            note: String::new(),
        }
    }

    /// By what was bad on the machine before the fault and after it.
    pub(super) fn judge(&mut self, expected: &Expected, before: &[Finding], after: &[Finding]) {
        let key = expected.key();
        let was_bad = |finding: &Finding| {
            before
                .iter()
                .any(|one| one.key() == finding.key() && one.is_bad())
        };
        let new: Vec<&Finding> = after
            .iter()
            .filter(|finding| finding.is_bad() && !was_bad(finding))
            .collect();
        let it = new.iter().find(|finding| finding.key() == key);
        self.found = it.is_some_and(|it| it.status == expected.status);
        self.ranked_first = new.first().is_some_and(|first| first.key() == key);
        self.cause_named = it.is_some_and(|it| {
            it.message == expected.message && it.cause.contains(expected.because)
        });
        self.blamed_wrongly = new
            .iter()
            .filter(|finding| finding.key() != key && finding.explained_by != key)
            .map(|finding| finding.key())
            .collect();
        if !self.cause_named || !self.found {
            let said = it.map_or_else(|| "not found".into(), |it| format!("{it:?}"));
            self.note = said;
        }
    }

    /// Nothing is missing.
    pub fn is_whole(&self) -> bool {
        self.found
            && self.ranked_first
            && self.cause_named
            && self.blamed_wrongly.is_empty()
            && self.cured != Some(false)
            && self.verified != Some(false)
            && self.note.is_empty()
    }
}

/// Of a healthy machine that looks odd.
#[derive(Clone, Debug, Serialize)]
pub struct Seen {
    pub id: &'static str,
    /// `check/subject` of what was blamed on it.
    pub false_alarms: Vec<String>,
    pub millis: u64,
    /// Monitoring plugins that complain.
    pub plugins: Vec<String>,
    pub note: String,
}

impl Seen {
    pub(crate) fn of(id: &'static str) -> Self {
        Self {
            id,
            false_alarms: Vec::new(),
            millis: 0,
            plugins: Vec::new(),
            note: String::new(),
        }
    }

    /// Nothing is blamed on it.
    pub fn is_left_alone(&self) -> bool {
        self.false_alarms.is_empty() && self.note.is_empty()
    }
}

/// The whole, as it is written to `target/gauntlet.json`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Sheet {
    pub faults: Vec<Score>,
    pub healthy: Vec<Seen>,
    pub peers: Peers,
}

/// What the others found of the same faults.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Peers {
    /// Of the faults that were made for real.
    pub monitoring_plugins_found: usize,
    pub of: usize,
    /// Healthy machines that they complain of.
    pub monitoring_plugins_false_alarms: usize,
}

impl Sheet {
    /// Shares of the real faults, and what was said of healthy machines, as one Markdown table each.
    pub fn table(&self) -> String {
        let mut out = String::from(
            "| fault | area | found | first | cause | nothing else | cured | verified | ms | monitoring-plugins |\n\
             |---|---|---|---|---|---|---|---|---|---|\n",
        );
        let yes = |is: bool| if is { "yes" } else { "**no**" };
        let maybe = |is: Option<bool>| is.map_or("-", yes);
        for one in &self.faults {
            let alone = match one.blamed_wrongly.as_slice() {
                [] => "yes".into(),
                blamed => blamed.join(", "),
            };
            let plugins = match one.plugins.as_slice() {
                [] => "-".into(),
                plugins => plugins.join(", "),
            };
            let id = format!("{}{}", one.id, if one.fixture { " (recorded)" } else { "" });
            out.push_str(&format!(
                "| {id} | {} | {} | {} | {} | {alone} | {} | {} | {} | {plugins} |\n",
                one.area,
                yes(one.found),
                yes(one.ranked_first),
                yes(one.cause_named),
                maybe(one.cured),
                maybe(one.verified),
                one.millis,
            ));
        }
        let real: Vec<&Score> = self.faults.iter().filter(|one| !one.fixture).collect();
        let share = |n: usize, of: usize| match of {
            0 => "-".into(),
            _ => format!("{n} of {of} ({:.0} %)", 100.0 * n as f64 / of as f64),
        };
        let count = |is: fn(&Score) -> bool| real.iter().filter(|one| is(one)).count();
        let acted: Vec<&&Score> = real.iter().filter(|one| one.cured.is_some()).collect();
        let verified = acted
            .iter()
            .filter(|one| one.verified == Some(true))
            .count();
        out.push_str(&format!(
            "\nReal faults: found {}, ranked first {}, cause named {}, nothing else blamed {}, cures verified {}; \
             monitoring-plugins found {}\n",
            share(count(|one| one.found), real.len()),
            share(count(|one| one.ranked_first), real.len()),
            share(count(|one| one.cause_named), real.len()),
            share(count(|one| one.blamed_wrongly.is_empty()), real.len()),
            share(verified, acted.len()),
            share(self.peers.monitoring_plugins_found, self.peers.of),
        ));
        out.push_str(
            "\n| healthy machine | false alarms | ms | monitoring-plugins |\n|---|---|---|---|\n",
        );
        for one in &self.healthy {
            let alarms = match one.false_alarms.as_slice() {
                [] => "none".into(),
                alarms => alarms.join(", "),
            };
            let plugins = match one.plugins.as_slice() {
                [] => "-".into(),
                plugins => plugins.join(", "),
            };
            out.push_str(&format!(
                "| {} | {alarms} | {} | {plugins} |\n",
                one.id, one.millis
            ));
        }
        out
    }

    /// Counts what the peers found.
    pub fn compare(&mut self) {
        let real = self.faults.iter().filter(|one| !one.fixture);
        self.peers.of = real.clone().count();
        self.peers.monitoring_plugins_found = real.filter(|one| !one.plugins.is_empty()).count();
        let blamed = self.healthy.iter().filter(|one| !one.plugins.is_empty());
        self.peers.monitoring_plugins_false_alarms = blamed.count();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(key: &str, status: &str, explained_by: &str) -> Finding {
        let (check, subject) = key.split_once('/').unwrap();
        Finding {
            check: check.into(),
            subject: subject.into(),
            status: status.into(),
            message: "silent".into(),
            cause: "nobody is there".into(),
            explained_by: explained_by.into(),
            remedies: Vec::new(),
        }
    }

    fn judged(before: &[Finding], after: &[Finding]) -> Score {
        let mut score = Score::of("a", "network");
        let expected = Expected::new("net.dns", "a", "critical", "silent").because("nobody");
        score.judge(&expected, before, after);
        score
    }

    #[test]
    fn a_fault_that_is_found_first_and_alone_is_whole() {
        let it = finding("net.dns/a", "critical", "");
        let follows = finding("time.offset/", "warning", "net.dns/a");
        let old = finding("disk.space/", "critical", "");
        let score = judged(std::slice::from_ref(&old), &[old.clone(), it, follows]);
        assert!(score.is_whole(), "{score:?}");
    }

    #[test]
    fn what_is_missing_is_said() {
        let it = finding("net.dns/a", "critical", "");
        let other = finding("net.link/", "warning", "");
        let score = judged(&[], &[other.clone(), it.clone()]);
        assert!(score.found && !score.ranked_first && !score.is_whole());
        assert_eq!(score.blamed_wrongly, ["net.link/"]);
        let it = std::slice::from_ref(&it);
        assert!(!judged(it, it).found);
        assert!(!judged(&[], &[finding("net.dns/a", "warning", "")]).found);
        let mut vague = finding("net.dns/a", "critical", "");
        vague.cause = "who knows".into();
        assert!(!judged(&[], &[vague]).cause_named);
        let mut uncured = judged(&[], &[finding("net.dns/a", "critical", "")]);
        uncured.cured = Some(false);
        assert!(!uncured.is_whole());
    }
}
