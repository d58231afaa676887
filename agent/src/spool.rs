//! Reports that the collector has not committed, safe across crashes, in a file of fixed size.
//!
//! A number is given once. Numbers are reserved ahead in steps, so that after a power cut none is given again that
//! may have been sent; what was reserved and not used is reported as thinned.

mod books;

use std::collections::BTreeSet;
use std::path::Path;

use prost::Message as _;
use sonde_proto::v1::{self, Report, SeqRange};

use crate::blocks::{Blocks, BlocksError};

/// Blocks of a spool: 8 MiB, more than a day of an idle machine's reports.
pub const BLOCKS: u32 = 8192;
/// Numbers that one sync of the head reserves.
const RESERVED: u64 = 64;
/// Kept free for the ends of jobs, of which some dozens may be open.
const ENDS_BLOCKS: usize = 64;
/// A report of an end alone takes no more.
const END_BLOCKS: usize = 2;
/// Books have ids above every report's number.
const BOOKS: u64 = 1 << 63;

/// What a report carries; the order is that of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Job,
    /// What people at the device say.
    Said,
    Findings,
    Facts,
    Event,
    Metrics,
}

impl Kind {
    pub const ALL: [Self; 6] = [
        Self::Job,
        Self::Said,
        Self::Findings,
        Self::Facts,
        Self::Event,
        Self::Metrics,
    ];

    /// As it stands in the file, whatever the order of sending is.
    fn number(self) -> u8 {
        match self {
            Self::Job => 0,
            Self::Findings => 1,
            Self::Facts => 2,
            Self::Event => 3,
            Self::Metrics => 4,
            Self::Said => 6,
        }
    }

    fn of(number: u8) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|kind| kind.number() == number)
    }
}

/// The kind under which books are kept.
const BOOK: u8 = 5;

/// A file of reports. One owner.
#[derive(Debug)]
pub struct Spool {
    blocks: Blocks,
    head: Head,
    next_seq: u64,
    next_book: u64,
    metrics: BTreeSet<u64>,
    /// Kept free for the ends of jobs.
    ends_blocks: usize,
    lost: Lost,
}

/// Whether reports did not go to the collector that has to be told again what stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    pub findings: bool,
    pub facts: bool,
}

impl Lost {
    fn note(&mut self, kind: Option<Kind>) {
        self.findings |= kind == Some(Kind::Findings);
        self.facts |= kind == Some(Kind::Facts);
    }
}

/// Spools that a folder remembers, at most.
const SPOOLS: usize = 8;

/// What must outlive a crash beside the reports.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Head {
    /// Ascending by `first_seq`; numbers are given under the last one.
    #[prost(message, repeated, tag = "1")]
    pub spools: Vec<v1::Spool>,
    #[prost(uint64, tag = "2")]
    pub reserved_through: u64,
    /// The run before ended in good order.
    #[prost(bool, tag = "3")]
    pub clean: bool,
}

/// A metrics report as it is kept: values under the numbers of the run that made it, whose names are in its books.
#[derive(Clone, PartialEq, prost::Message)]
pub struct SpooledSample {
    #[prost(uint64, tag = "1")]
    pub run: u64,
    #[prost(int64, tag = "2")]
    pub wall_us: i64,
    #[prost(int64, tag = "3")]
    pub boot_us: i64,
    /// Ascending.
    #[prost(uint32, repeated, tag = "4")]
    pub numbers: Vec<u32>,
    #[prost(sint64, repeated, tag = "5")]
    pub values: Vec<i64>,
}

/// Names of series of one run, from `first` on.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Book {
    #[prost(uint64, tag = "1")]
    pub run: u64,
    #[prost(string, tag = "2")]
    pub boot_id: String,
    #[prost(message, repeated, tag = "3")]
    pub series: Vec<v1::Series>,
}

/// A report as it was spooled.
#[derive(Debug, PartialEq)]
pub enum Spooled {
    Report(Report),
    Sample(SpooledSample),
}

impl Spool {
    /// Makes an empty spool.
    pub fn create(path: &Path, n_blocks: u32, spool_id: [u8; 16]) -> Result<Self, BlocksError> {
        let spool = v1::Spool {
            spool_id: spool_id.to_vec().into(),
            first_seq: 1,
        };
        let head = Head {
            spools: vec![spool],
            reserved_through: 0,
            clean: true,
        };
        let blocks = Blocks::create(path, n_blocks, &head.encode_to_vec())?;
        Ok(Self::over(blocks, head))
    }

    /// Opens one. The first number given is above all that were ever reserved.
    pub fn open(path: &Path) -> Result<Self, BlocksError> {
        let blocks = Blocks::open(path)?;
        let head = Head::decode(blocks.head()).map_err(|_| BlocksError::NoHead)?;
        Ok(Self::over(blocks, head))
    }

    fn over(blocks: Blocks, head: Head) -> Self {
        let of_kind = |kind| {
            blocks
                .records()
                .filter(move |(_, of)| *of == kind)
                .map(|(id, _)| id)
        };
        let metrics = of_kind(Kind::Metrics.number()).collect();
        let ends_blocks = ENDS_BLOCKS.min(blocks.n_all() / 8);
        let next_seq = head.reserved_through + 1;
        Self {
            blocks,
            head,
            next_seq,
            next_book: BOOKS,
            metrics,
            ends_blocks,
            lost: Lost::default(),
        }
    }

    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The number that the next report will get.
    pub fn next_seq(&self) -> u64 {
        self.next_seq
    }

    /// From now on the numbers from `first_seq` on belong to another spool: the folder is a copy, or went back in
    /// time. Spools that no report is left of are forgotten, and the oldest beyond a cap.
    pub fn rename(&mut self, spool_id: [u8; 16], first_seq: u64) -> Result<(), BlocksError> {
        let oldest = self.reports().next().map_or(first_seq, |(seq, _)| seq);
        let spools = &mut self.head.spools;
        spools.retain(|spool| spool.first_seq < first_seq);
        let needed = spools
            .iter()
            .rposition(|spool| spool.first_seq <= oldest)
            .unwrap_or(0);
        spools.drain(
            ..needed
                .max(spools.len().saturating_sub(SPOOLS - 1))
                .min(spools.len()),
        );
        spools.push(v1::Spool {
            spool_id: spool_id.to_vec().into(),
            first_seq,
        });
        self.blocks.set_head(&self.head.encode_to_vec())
    }

    /// Where the numbers of each spool begin.
    pub fn first_seqs(&self) -> Vec<u64> {
        let spools = self.head.spools.iter();
        spools.map(|spool| spool.first_seq).collect()
    }

    /// (number, kind) of every report, ascending.
    pub fn reports(&self) -> impl Iterator<Item = (u64, Kind)> {
        self.blocks
            .records()
            .filter_map(|(id, kind)| Some((id, Kind::of(kind)?)))
    }

    /// Numbers from `first` to `last` that are here.
    pub fn reports_in(&self, first: u64, last: u64) -> Vec<u64> {
        self.blocks.ids(first, last)
    }

    /// Share of the file that is taken.
    pub fn taken_percent(&self) -> f64 {
        let (free, all) = (self.blocks.n_free(), self.blocks.n_all());
        100.0 * (all - free.min(all)) as f64 / all.max(1) as f64
    }

    /// Keeps a report under the next number, which it sets. Gives the number, and adds to `thinned` what had to go:
    /// the report itself where that is the error.
    pub fn add_report(
        &mut self,
        kind: Kind,
        mut report: Report,
        thinned: &mut Vec<u64>,
    ) -> Result<u64, BlocksError> {
        report.seq = self.reserve()?;
        let payload = report.encode_to_vec();
        // One that says much beside the end would take the room of many ends.
        let is_end = ends_jobs(&report) && Blocks::needed(payload.len()) <= END_BLOCKS;
        let margin = if is_end { 0 } else { self.ends_blocks };
        self.add(kind, &payload, margin, thinned)
    }

    /// The same for a metrics report.
    pub fn add_sample(
        &mut self,
        sample: &SpooledSample,
        thinned: &mut Vec<u64>,
    ) -> Result<u64, BlocksError> {
        self.reserve()?;
        let margin = self.ends_blocks;
        self.add(Kind::Metrics, &sample.encode_to_vec(), margin, thinned)
    }

    /// Gives a number to a report that is not kept.
    pub fn skip(&mut self, kind: Kind) -> Result<u64, BlocksError> {
        let seq = self.reserve()?;
        self.next_seq += 1;
        self.lost.note(Some(kind));
        Ok(seq)
    }

    fn reserve(&mut self) -> Result<u64, BlocksError> {
        if self.next_seq > self.head.reserved_through {
            self.head.reserved_through = self.next_seq + RESERVED - 1;
            self.head.clean = false;
            self.blocks.set_head(&self.head.encode_to_vec())?;
        }
        Ok(self.next_seq)
    }

    fn add(
        &mut self,
        kind: Kind,
        payload: &[u8],
        margin: usize,
        thinned: &mut Vec<u64>,
    ) -> Result<u64, BlocksError> {
        let seq = self.next_seq;
        self.next_seq += 1;
        let needed = Blocks::needed(payload.len());
        let put = self
            .make_room(needed, margin, kind, thinned)
            .and_then(|()| self.blocks.put(seq, kind.number(), payload));
        if let Err(error) = put {
            // Its number is accounted for all the same.
            thinned.push(seq);
            self.lost.note(Some(kind));
            return Err(error);
        }
        if kind == Kind::Metrics {
            self.metrics.insert(seq);
        }
        Ok(seq)
    }

    /// Thins metrics, every second one of the older half; when none are left, events, then facts, then findings,
    /// oldest first. Job events and what people have said never go.
    fn make_room(
        &mut self,
        needed: usize,
        margin: usize,
        kind: Kind,
        thinned: &mut Vec<u64>,
    ) -> Result<(), BlocksError> {
        let needed = needed + margin;
        while self.blocks.n_free() < needed {
            let gone: Vec<u64> = if self.metrics.len() > 1 {
                self.metrics
                    .iter()
                    .take(self.metrics.len().div_ceil(2))
                    .step_by(2)
                    .copied()
                    .collect()
            } else {
                let last = [Kind::Metrics, Kind::Event, Kind::Facts, Kind::Findings];
                let expendable = last.into_iter().filter(|of| *of >= kind);
                expendable
                    .filter_map(|of| self.reports().find(|(_, found)| *found == of))
                    .take(1)
                    .map(|(seq, _)| seq)
                    .collect()
            };
            if gone.is_empty() {
                return Err(BlocksError::Full {
                    needed,
                    free: self.blocks.n_free(),
                });
            }
            for seq in gone {
                self.lost.note(self.kind(seq));
                self.release(seq)?;
                thinned.push(seq);
            }
        }
        Ok(())
    }

    /// A report as it was kept; `None` when it is no longer there.
    pub fn read(&mut self, seq: u64) -> Result<Option<Spooled>, BlocksError> {
        let Some(bytes) = self.blocks.get(seq)? else {
            return Ok(None);
        };
        Ok(if self.metrics.contains(&seq) {
            SpooledSample::decode(&bytes[..]).ok().map(Spooled::Sample)
        } else {
            Report::decode(&bytes[..]).ok().map(Spooled::Report)
        })
    }

    /// What a report that is here carries.
    pub fn kind(&self, seq: u64) -> Option<Kind> {
        self.blocks.kind(seq).and_then(Kind::of)
    }

    /// What was thinned or dropped since the last time this was asked.
    pub fn take_lost(&mut self) -> Lost {
        std::mem::take(&mut self.lost)
    }

    /// Forgets a report, if it is there.
    pub fn release(&mut self, seq: u64) -> Result<(), BlocksError> {
        self.metrics.remove(&seq);
        self.blocks.remove(seq)
    }

    /// Something was added that is not safe against a power cut yet.
    pub fn is_dirty(&self) -> bool {
        self.blocks.is_dirty()
    }

    /// Makes all that was added safe against a power cut.
    pub fn sync(&mut self) -> Result<(), BlocksError> {
        if self.blocks.is_dirty() {
            self.blocks.sync()
        } else {
            Ok(())
        }
    }

    /// Ends the run in good order: no number is lost.
    pub fn close(&mut self) -> Result<(), BlocksError> {
        self.head.reserved_through = self.next_seq - 1;
        self.head.clean = true;
        self.blocks.set_head(&self.head.encode_to_vec())
    }
}

fn ends_jobs(report: &Report) -> bool {
    let is_end = |event: &v1::JobEvent| matches!(event.event, Some(v1::job_event::Event::Ended(_)));
    matches!(&report.body, Some(v1::report::Body::Job(job)) if job.events.iter().any(is_end))
}

/// Ranges of `numbers`, which ascend.
pub fn ranges(numbers: impl IntoIterator<Item = u64>) -> Vec<SeqRange> {
    let mut ranges: Vec<SeqRange> = Vec::new();
    for seq in numbers {
        match ranges.last_mut() {
            Some(range) if range.last + 1 == seq => range.last = seq,
            Some(_) | None => ranges.push(SeqRange {
                first: seq,
                last: seq,
            }),
        }
    }
    ranges
}

#[cfg(test)]
mod tests;
