//! From a report as it came to what the store is to keep: cleaned, judged, decoded, dated. Pure.

use std::borrow::Cow;
use std::sync::Arc;

use prost::Message as _;
use sonde_proto::caps;
use sonde_proto::series::{Decoder, Garbled};
use sonde_proto::v1::{self, Hello, Report, report};

use super::consent;
use super::moment::Anchor;
use super::said;
use crate::store::Id;
use crate::store::reports::{Body, FactChange, NewOutcome, NewReport};
use crate::store::work::NewJobEvent;

/// What a session must remember to understand its reports.
#[derive(Debug)]
pub(super) struct Intake {
    device_key: i64,
    anchor: Anchor,
    boot_id: Arc<str>,
    spools: Vec<(Id, u64)>,
    decoder: Decoder,
    /// The store's numbers of the session's series; `NOT_KEPT`: the store keeps no more of this device, or its name is none.
    series: Vec<u32>,
    tables: Vec<(Id, Arc<v1::TableDeclaration>)>,
}

/// A hello that no session can begin with.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum WrongHello {
    #[error("{field} is not 16 bytes long")]
    Id { field: &'static str },
    #[error("the hello names no spool, or more than {}", SPOOLS)]
    Spools,
    #[error("the hello has no clock")]
    Clock,
    #[error("the hello has more than {} declarations", caps::DECLARATIONS)]
    Declarations,
}

/// Longest name, serial number or version that is kept, in bytes.
pub(super) const NAME_BYTES: usize = 256;
/// In the place of a series' number; the store does not give this one.
const NOT_KEPT: u32 = u32::MAX;
/// Spools in one hello.
const SPOOLS: usize = 8;

impl Intake {
    /// `now_us`: the collector's clock when the hello came.
    pub(super) fn new(device_key: i64, hello: &Hello, now_us: i64) -> Result<Self, WrongHello> {
        let clock = hello.clock.ok_or(WrongHello::Clock)?;
        if hello.declaration_ids.len() > caps::DECLARATIONS {
            return Err(WrongHello::Declarations);
        }
        if hello.spools.is_empty() || hello.spools.len() > SPOOLS {
            return Err(WrongHello::Spools);
        }
        let spools = hello
            .spools
            .iter()
            .map(|spool| Ok((id(&spool.spool_id, "spool_id")?, spool.first_seq)));
        Ok(Self {
            device_key,
            anchor: Anchor::new(clock, now_us),
            boot_id: tidy(&hello.boot_id).into(),
            spools: spools.collect::<Result<_, _>>()?,
            decoder: Decoder::default(),
            series: Vec::new(),
            tables: Vec::new(),
        })
    }

    pub(super) fn anchor(&self) -> Anchor {
        self.anchor
    }

    /// The hello's spools, ascending.
    pub(super) fn spools(&self) -> &[(Id, u64)] {
        &self.spools
    }

    /// Keeps a table that reports may refer to.
    pub(super) fn declare(&mut self, id: Id, table: Arc<v1::TableDeclaration>) {
        if self.table(id).is_none() {
            self.tables.reserve_exact(1);
            self.tables.push((id, table));
        }
    }

    /// The series that `report` names for the first time. They must be `named` before it is taken.
    pub(super) fn new_series(&self, report: &Report) -> Vec<v1::Series> {
        match &report.body {
            Some(report::Body::Sample(sample)) => sample.series.clone(),
            Some(_) | None => Vec::new(),
        }
    }

    /// Takes series that come before the sample that has their first values.
    pub(super) fn name(&mut self, series: &[v1::Series]) -> Result<(), Garbled> {
        self.decoder.name(series)
    }

    /// The store's numbers of the new series, in their order.
    pub(super) fn named(&mut self, numbers: impl ExactSizeIterator<Item = Option<u32>>) {
        self.series.reserve_exact(numbers.len());
        self.series
            .extend(numbers.map(|number| number.unwrap_or(NOT_KEPT)));
    }

    fn table(&self, id: Id) -> Option<&Arc<v1::TableDeclaration>> {
        let (_, table) = self.tables.iter().find(|(known, _)| *known == id)?;
        Some(table)
    }

    /// What the store is to keep of a report. An error ends the session: what follows cannot be understood.
    pub(super) fn take(&mut self, mut report: Report, now_us: i64) -> Result<NewReport, Garbled> {
        // As it came, for a report that is refused. Plain numbers, which most are, cannot be.
        let came = (!self.is_plain(&report)).then(|| report.clone());
        let admitted = caps::admit(&mut report).map_err(|violation| violation.to_string());
        let (same_boot, boot_id) = match report.boot_id.as_str() {
            "" => (true, self.boot_id.clone()),
            other => {
                let other = tidy(other);
                (other == *self.boot_id, other.into())
            }
        };
        let clock = report.clock.unwrap_or_default();
        let correct = |wall_us: i64| {
            let boot_us = clock
                .boot_us
                .saturating_add(wall_us.saturating_sub(clock.wall_us));
            self.anchor
                .correct(v1::Clock { wall_us, boot_us }, same_boot, now_us)
        };
        let seq = report.seq;
        let body = match (report.body, admitted) {
            // Decoded whatever becomes of it: the next one is relative to it.
            (Some(report::Body::Sample(sample)), admitted) => {
                let values = self.decoder.decode(&sample)?;
                admitted.map(|()| Body::Sample(self.numbered(values)))
            }
            (_, Err(reason)) => Err(reason),
            (None, Ok(())) => Err("body is missing".to_owned()),
            (Some(report::Body::Facts(facts)), Ok(())) => self.facts(facts),
            (Some(report::Body::Findings(mut changes)), Ok(())) => {
                for finding in &mut changes.findings {
                    finding.since_us = correct(finding.since_us);
                }
                Ok(Body::Findings(changes))
            }
            (Some(report::Body::Job(job)), Ok(())) => Ok(Body::Job(
                job.events
                    .into_iter()
                    .map(|event| NewJobEvent {
                        at: correct(event.at_us),
                        event,
                    })
                    .collect(),
            )),
            (Some(report::Body::Event(event)), Ok(())) => Ok(Body::Event(event)),
            (Some(report::Body::Said(said)), Ok(())) => {
                said::taken(said, self.anchor.correct(clock, same_boot, now_us), now_us)
            }
            (Some(report::Body::Consent(answer)), Ok(())) => {
                let at = self.anchor.correct(clock, same_boot, now_us);
                consent::answered(answer, at, now_us)
            }
        };
        let outcome = match body {
            Ok(body) => NewOutcome::Committed(body),
            Err(reason) => {
                let mut first_bytes = came.map_or_else(Vec::new, |came| came.encode_to_vec());
                first_bytes.truncate(caps::REJECTED_BYTES);
                NewOutcome::Rejected {
                    reason,
                    first_bytes,
                }
            }
        };
        Ok(NewReport {
            device_key: self.device_key,
            spool_id: self.spool_of(seq),
            seq,
            reported_at: clock.wall_us,
            corrected_at: self.anchor.correct(clock, same_boot, now_us),
            boot_id,
            outcome,
        })
    }

    /// What the store is to keep of numbers that will never come: one piece for each spool they are of.
    pub(super) fn thinned(&self, ranges: &[v1::SeqRange], now_us: i64) -> Vec<NewReport> {
        let spools = self
            .spools
            .iter()
            .enumerate()
            .map(|(at, (spool_id, first))| {
                let end = self.spools.get(at + 1).map_or(u64::MAX, |next| next.1);
                let within = ranges.iter().map(|range| {
                    (
                        range.first.max(*first),
                        range.last.min(end.saturating_sub(1)),
                    )
                });
                (
                    *spool_id,
                    within
                        .filter(|(first, last)| first <= last)
                        .collect::<Vec<_>>(),
                )
            });
        let report = |(spool_id, ranges)| NewReport {
            device_key: self.device_key,
            spool_id,
            seq: 0,
            reported_at: now_us,
            corrected_at: now_us,
            boot_id: self.boot_id.clone(),
            outcome: NewOutcome::Thinned(ranges),
        };
        spools
            .filter(|(_, ranges)| !ranges.is_empty())
            .map(report)
            .collect()
    }

    /// A sample that names nothing new: the caps have nothing to refuse in it.
    fn is_plain(&self, report: &Report) -> bool {
        matches!(&report.body, Some(report::Body::Sample(sample)) if sample.series.is_empty())
    }

    fn spool_of(&self, seq: u64) -> Id {
        let at = self.spools.partition_point(|(_, first)| *first <= seq);
        self.spools[at.saturating_sub(1)].0
    }

    fn numbered(&self, values: Vec<(u32, i64)>) -> Vec<(u32, i64)> {
        values
            .into_iter()
            .filter_map(|(number, value)| Some((*self.series.get(number as usize)?, value)))
            .filter(|(number, _)| *number != NOT_KEPT)
            .collect()
    }

    fn facts(&self, facts: v1::Facts) -> Result<Body, String> {
        let change = |change: v1::TableChange| {
            let declaration_id =
                id(&change.declaration_id, "declaration_id").map_err(|error| error.to_string())?;
            let declaration = self
                .table(declaration_id)
                .ok_or_else(|| format!("{}: its declaration is not known", change.table))?;
            Ok(FactChange {
                declaration_id,
                declaration: declaration.clone(),
                change,
            })
        };
        facts
            .changes
            .into_iter()
            .map(change)
            .collect::<Result<_, String>>()
            .map(Body::Facts)
    }
}

/// A name as it is kept.
pub(super) fn tidy(name: &str) -> Cow<'_, str> {
    sonde_proto::text::clean(name, NAME_BYTES, false)
}

/// 16 bytes as an id.
pub(super) fn id(bytes: &[u8], field: &'static str) -> Result<Id, WrongHello> {
    Id::from_slice(bytes).map_err(|_| WrongHello::Id { field })
}

#[cfg(test)]
mod tests {
    use super::*;
    use sonde_proto::v1::{Clock, Sample, SeqRange, Spool};

    fn intake() -> Intake {
        let spool = |n: u8, first_seq| Spool {
            spool_id: vec![n; 16].into(),
            first_seq,
        };
        let hello = Hello {
            boot_id: "boot".into(),
            clock: Some(Clock {
                wall_us: 500,
                boot_us: 100,
            }),
            spools: vec![spool(1, 1), spool(2, 10)],
            ..Hello::default()
        };
        Intake::new(7, &hello, 1000).unwrap()
    }

    fn report(seq: u64, body: report::Body) -> Report {
        Report {
            seq,
            clock: Some(Clock {
                wall_us: 480,
                boot_us: 80,
            }),
            body: Some(body),
            ..Report::default()
        }
    }

    fn event() -> report::Body {
        let event = v1::agent_event::Event::Resumed(v1::Resumed { asleep_us: 1 });
        report::Body::Event(v1::AgentEvent { event: Some(event) })
    }

    #[test]
    fn a_report_belongs_to_the_spool_of_its_number() {
        let mut intake = intake();
        for (seq, spool) in [(1, 1), (9, 1), (10, 2), (99, 2)] {
            assert_eq!(
                intake.take(report(seq, event()), 2000).unwrap().spool_id,
                Id([spool; 16]),
                "{seq}"
            );
        }
        let thinned = intake.thinned(&[SeqRange { first: 8, last: 12 }], 2000);
        let shown: Vec<_> = thinned
            .into_iter()
            .map(|report| (report.spool_id.0[0], report.outcome))
            .collect();
        assert!(
            matches!(&shown[..], [(1, NewOutcome::Thinned(a)), (2, NewOutcome::Thinned(b))] if a == &[(8, 9)] && b == &[(10, 12)]),
            "{shown:?}"
        );
    }

    #[test]
    fn a_report_is_dated_on_the_collectors_clock() {
        let taken = intake().take(report(1, event()), 2000).unwrap();
        assert_eq!((taken.reported_at, taken.corrected_at), (480, 980));
        let earlier = Report {
            boot_id: "another".into(),
            ..report(1, event())
        };
        let taken = intake().take(earlier, 2000).unwrap();
        assert_eq!((taken.corrected_at, &*taken.boot_id), (980, "another"));
    }

    #[test]
    fn a_rejected_sample_does_not_garble_the_next() {
        let mut intake = intake();
        intake.named([Some(40)].into_iter());
        let name = "x".repeat(caps::TEXT_BYTES + 1);
        let series = vec![v1::Series {
            name,
            ..v1::Series::default()
        }];
        let first = Sample {
            series,
            changed: vec![1].into(),
            deltas: vec![5],
            ..Sample::default()
        };
        let taken = intake
            .take(report(1, report::Body::Sample(first)), 2000)
            .unwrap();
        assert!(matches!(taken.outcome, NewOutcome::Rejected { .. }));
        let next = Sample {
            changed: vec![1].into(),
            deltas: vec![2],
            ..Sample::default()
        };
        let taken = intake
            .take(report(2, report::Body::Sample(next)), 2000)
            .unwrap();
        assert!(
            matches!(taken.outcome, NewOutcome::Committed(Body::Sample(values)) if values == [(40, 7)])
        );
    }

    #[test]
    fn facts_of_an_unknown_declaration_are_rejected() {
        let change = v1::TableChange {
            table: "os".into(),
            declaration_id: vec![1; 16].into(),
            ..v1::TableChange::default()
        };
        let facts = report::Body::Facts(v1::Facts {
            changes: vec![change],
        });
        let taken = intake().take(report(1, facts), 2000).unwrap();
        assert!(
            matches!(taken.outcome, NewOutcome::Rejected { reason, .. } if reason == "os: its declaration is not known")
        );
    }

    #[test]
    fn a_hello_needs_its_ids_and_its_clock() {
        let hello = Hello {
            clock: Some(Clock::default()),
            spools: vec![Spool::default()],
            ..Hello::default()
        };
        assert_eq!(
            Intake::new(1, &hello, 0).unwrap_err(),
            WrongHello::Id { field: "spool_id" }
        );
        assert_eq!(
            Intake::new(
                1,
                &Hello {
                    spools: vec![],
                    ..hello.clone()
                },
                0
            )
            .unwrap_err(),
            WrongHello::Spools
        );
        assert_eq!(
            Intake::new(
                1,
                &Hello {
                    clock: None,
                    ..hello
                },
                0
            )
            .unwrap_err(),
            WrongHello::Clock
        );
    }
}
