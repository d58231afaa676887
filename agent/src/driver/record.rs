//! What goes into the flight recorder.

use std::cmp::Reverse;
use std::collections::HashMap;

use sonde_proto::v1::{self, FindingChanges, Status};

use crate::clock::Moment;
use crate::host::{Host, Process};
use crate::recorder::{Busiest, Busy, Event, Recorder};
use crate::session::BootUs;
use crate::spool::SpooledSample;

/// How often the processes are looked at.
const BUSIEST_US: BootUs = 60_000_000;
/// Processes that used the processors most, and those with the most memory.
const MOST_BUSY: usize = 24;
const MOST_LARGE: usize = 8;
const SECOND_US: u64 = 1_000_000;

/// The recorder with what it is told.
pub(super) struct Record {
    /// `None`: its file cannot be written.
    recorder: Option<Recorder>,
    seen: Seen,
}

impl Record {
    pub(super) fn new(recorder: Option<Recorder>, now: Moment) -> Self {
        Self {
            recorder,
            seen: Seen {
                at: now.boot_us,
                ..Seen::default()
            },
        }
    }

    /// What cannot be kept is done without, and said once.
    fn keep(&mut self, keep: impl FnOnce(&mut Recorder) -> std::io::Result<()>) {
        let Some(recorder) = &mut self.recorder else {
            return;
        };
        if let Err(error) = keep(recorder) {
            tracing::warn!(%error, "the flight recorder cannot be written: it ends");
            self.recorder = None;
        }
    }

    /// A sample as it was spooled. `series`: all of its run.
    pub(super) fn sample(&mut self, at_us: i64, series: &[v1::Series], sample: &SpooledSample) {
        let numbers = sample.numbers.iter().copied();
        let values: Vec<(u32, i64)> = numbers.zip(sample.values.iter().copied()).collect();
        self.keep(|recorder| recorder.sample(at_us, sample.run, series, &values));
    }

    /// Whether it is time for the processes again.
    pub(super) fn wants_processes(&self, now: Moment) -> bool {
        self.recorder.is_some() && now.boot_us - self.seen.at >= BUSIEST_US
    }

    /// The processes that take the most now.
    pub(super) fn processes(&mut self, host: &Host, now: Moment, at_us: i64) {
        if self.recorder.is_none() {
            return;
        }
        // A machine that does not say has none to record.
        let Ok(processes) = host.processes() else {
            return;
        };
        let busiest = Busiest {
            at_us,
            processes: busiest(&processes, &self.seen, now.boot_us),
        };
        let used_us = processes
            .iter()
            .map(|process| ((process.pid, process.start_us), process.cpu_us));
        self.seen = Seen {
            used_us: used_us.collect(),
            at: now.boot_us,
        };
        self.keep(|recorder| recorder.busiest(&busiest));
    }

    pub(super) fn event(&mut self, at_us: i64, of: &str, subject: String, change: &str) {
        let event = Event {
            at_us,
            of: of.into(),
            subject,
            change: change.into(),
        };
        self.keep(|recorder| recorder.event(&event));
    }

    /// Findings that turned. True: something is worse than it was thought to be.
    pub(super) fn findings(&mut self, at_us: i64, changes: &FindingChanges) -> bool {
        // Told once more, not turned.
        if changes.whole {
            return false;
        }
        let mut is_worse = false;
        for finding in &changes.findings {
            let status = finding.status();
            is_worse |= matches!(status, Status::Warning | Status::Critical);
            let subject = format!("{}/{}", finding.check, finding.subject);
            self.event(at_us, "findings", subject, word(status));
        }
        for key in &changes.gone {
            let subject = format!("{}/{}", key.check, key.subject);
            self.event(at_us, "findings", subject, "gone");
        }
        is_worse
    }
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Ok => "ok",
        Status::Warning => "warning",
        Status::Critical => "critical",
        Status::Unknown | Status::Unspecified => "unknown",
    }
}

/// What the last look saw: processor time of each process by its number and start, and when that was.
#[derive(Default)]
struct Seen {
    used_us: HashMap<(u32, i64), u64>,
    at: BootUs,
}

/// Of one processor, in thousandths: since the last look, of a process that it has not seen since the process's start.
fn permille(process: &Process, seen: &Seen, now: BootUs) -> u64 {
    let before = seen.used_us.get(&(process.pid, process.start_us));
    let since = before.map_or(process.start_us, |_| seen.at);
    let passed_us = u64::try_from(now - since).unwrap_or(0).max(SECOND_US);
    process.cpu_us.saturating_sub(before.copied().unwrap_or(0)) * 1000 / passed_us
}

/// Those that use the processors most, then those with the most memory that are not among them.
fn busiest(processes: &[Process], seen: &Seen, now: BootUs) -> Vec<Busy> {
    let mut by_use: Vec<&Process> = processes.iter().collect();
    by_use.sort_by_cached_key(|process| Reverse(permille(process, seen, now)));
    let (busy, rest) = by_use.split_at(by_use.len().min(MOST_BUSY));
    let mut large = rest.to_vec();
    large.sort_by_key(|process| Reverse(process.resident_bytes));
    large.truncate(MOST_LARGE);
    let one = |process: &&Process| Busy {
        pid: process.pid,
        name: process.name.clone(),
        cpu_permille: permille(process, seen, now).try_into().unwrap_or(u32::MAX),
        resident_bytes: process.resident_bytes,
        user_id: process.user_id,
    };
    busy.iter().chain(&large).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorder::{Recording, Room};

    fn process(pid: u32, cpu_us: u64, resident_bytes: u64) -> Process {
        Process {
            pid,
            cpu_us,
            resident_bytes,
            name: format!("p{pid}"),
            ..Process::default()
        }
    }

    #[test]
    fn who_used_the_processors_comes_first_and_who_has_the_memory_after() {
        let mut processes: Vec<Process> = (0..40).map(|pid| process(pid, 0, 0)).collect();
        processes[5] = process(5, 9_000_000, 0);
        processes[39] = process(39, 0, 1 << 30);
        let seen = Seen {
            used_us: HashMap::from([((5, 0), 3_000_000)]),
            at: 40_000_000,
        };
        let found = busiest(&processes, &seen, 100_000_000);
        assert_eq!((found[0].pid, found[0].cpu_permille), (5, 100));
        assert_eq!(found[MOST_BUSY].pid, 39);
        assert_eq!(found.len(), MOST_BUSY + MOST_LARGE);
        // In no time nobody used a thousand seconds.
        assert_eq!(
            busiest(&processes[5..6], &seen, seen.at)[0].cpu_permille,
            6000
        );
    }

    #[test]
    fn who_was_not_seen_before_is_measured_since_its_start() {
        let old = process(1, 30_000_000, 0);
        let found = busiest(&[old], &Seen::default(), 60_000_000);
        assert_eq!(found[0].cpu_permille, 500);
    }

    #[test]
    fn what_turns_is_recorded_and_what_is_told_again_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recorder");
        let now = crate::clock::now();
        let mut record = Record::new(Some(Recorder::create(&path, Room::AsWritten).unwrap()), now);
        let finding = v1::Finding {
            check: "disk.space".into(),
            subject: "/".into(),
            status: Status::Critical.into(),
            ..v1::Finding::default()
        };
        let mut changes = FindingChanges {
            findings: vec![finding],
            ..FindingChanges::default()
        };
        assert!(record.findings(5, &changes));
        changes.whole = true;
        assert!(!record.findings(6, &changes));
        record.processes(&Host::this(), now, 7);
        let found = Recording::read(&path, 0, 9, |_| true).unwrap();
        let shown: Vec<String> = found
            .events
            .iter()
            .map(|event| {
                format!(
                    "{} {} {} {}",
                    event.at_us, event.of, event.subject, event.change
                )
            })
            .collect();
        assert_eq!(shown, ["5 findings disk.space// critical"]);
        assert!(!found.processes[0].processes.is_empty());
    }
}
