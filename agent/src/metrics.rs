//! The registry of metrics: what moves on a machine, as numbers.
//!
//! A family is one file: its metrics and how they are read. A sample costs no allocation for series that are
//! known: a book holds them by family and thing, and a family's metrics of one thing have numbers in a row.

mod cpu;
mod disk;
mod filesystem;
mod load;
mod memory;
mod network;
mod own;
mod paging;
mod plugins;
mod pressure;
mod processes;
mod sockets;
mod temperature;

use sonde_proto::text;

use crate::clock;
use crate::host::{Host, Unavailable};
use crate::session::BootUs;

/// What is sampled, in this order.
pub const ALL: &[&Source] = &[
    &cpu::SOURCE,
    &load::SOURCE,
    &pressure::SOURCE,
    &memory::SOURCE,
    &paging::SOURCE,
    &filesystem::SOURCE,
    &disk::SOURCE,
    &network::SOURCE,
    &sockets::SOURCE,
    &processes::SOURCE,
    &temperature::SOURCE,
    &plugins::SOURCE,
    &own::SOURCE,
];

/// What moves fast and costs little: no walk over processes, no filesystem, no plugin.
pub const LIVE: &[&Source] = &[
    &cpu::SOURCE,
    &load::SOURCE,
    &pressure::SOURCE,
    &memory::SOURCE,
    &paging::SOURCE,
    &disk::SOURCE,
    &network::SOURCE,
    &sockets::SOURCE,
];

/// Series that are sampled; what appears beyond them is left out, and counted.
const MOST_SERIES: usize = 4096;
/// Series that a book names in all, with those of things that are gone.
const MOST_NAMED: usize = 2 * MOST_SERIES;
/// A thing that was not there for so long gives its place to another when there is no other: an hour.
const GONE_US: BootUs = 3_600_000_000;
/// Things of one family that are sampled: mounts, interfaces, disks.
const MOST_THINGS: usize = 256;
/// Longest labels; a longer name is cut.
const LABELS_BYTES: usize = 512;

/// Families that are read together.
#[derive(Debug)]
pub struct Source {
    pub families: &'static [&'static Family],
    read: fn(&Host, &mut Output<'_>) -> Result<(), Unavailable>,
}

/// Metrics that one thing has.
#[derive(Debug)]
pub struct Family {
    /// What the thing is: `mount`, `interface`. Empty: the machine as a whole.
    pub label: &'static str,
    pub metrics: &'static [Metric],
}

/// One number that moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// `disk.used_bytes`
    pub name: &'static str,
    /// `bytes`, `%`, `s`; empty: a plain number.
    pub unit: &'static str,
    /// A value is its integer times 10 to the power of this.
    pub scale: i32,
    /// It only grows, except at restarts.
    pub counter: bool,
}

impl Metric {
    const fn gauge(name: &'static str, unit: &'static str, scale: i32) -> Self {
        Self {
            name,
            unit,
            scale,
            counter: false,
        }
    }

    const fn counter(name: &'static str, unit: &'static str, scale: i32) -> Self {
        Self {
            name,
            unit,
            scale,
            counter: true,
        }
    }
}

/// A metric of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    pub name: &'static str,
    /// `mount=/`; empty: the machine as a whole.
    pub labels: String,
    pub unit: &'static str,
    /// A value is its integer times 10 to the power of this.
    pub scale: i32,
    pub counter: bool,
}

/// Series by number, from 0 in the order of their first appearance.
#[derive(Debug, Default)]
pub struct Book {
    series: Vec<Series>,
    blocks: Vec<Block>,
    /// Of the sample that is taken.
    now: BootUs,
    /// Things for which that has no room.
    n_left_out: u64,
    is_used_up: bool,
}

/// The things of one family.
#[derive(Debug)]
struct Block {
    family: &'static Family,
    things: Vec<Thing>,
    /// Where the next thing is looked for first: they come in the same order every time.
    next: usize,
}

#[derive(Debug)]
struct Thing {
    name: Box<str>,
    /// Number of its first series.
    first: u32,
    seen: BootUs,
}

impl Block {
    /// The first number of a thing that is known, which is seen now.
    fn known(&mut self, name: &str, now: BootUs) -> Option<u32> {
        let is_next = |thing: &Thing| *thing.name == *name;
        let at = if self.things.get(self.next).is_some_and(is_next) {
            self.next
        } else {
            self.things.iter().position(is_next)?
        };
        self.next = at + 1;
        self.things[at].seen = now;
        Some(self.things[at].first)
    }

    fn forget_gone(&mut self, now: BootUs) {
        self.things.retain(|thing| now - thing.seen < GONE_US);
    }
}

impl Book {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn series(&self, number: u32) -> Option<&Series> {
        self.series.get(number as usize)
    }

    /// All of them; a series' number is its place.
    pub fn all(&self) -> &[Series] {
        &self.series
    }

    /// Number of the first of the family's series for `thing`; absent when the book is full.
    fn first(&mut self, family: &'static Family, thing: &str) -> Option<u32> {
        let at = self
            .blocks
            .iter()
            .position(|block| std::ptr::eq(block.family, family));
        let block = match at {
            Some(at) => &mut self.blocks[at],
            None => {
                self.blocks.push(Block {
                    family,
                    things: Vec::new(),
                    next: 0,
                });
                self.blocks.last_mut()?
            }
        };
        if let Some(first) = block.known(thing, self.now) {
            return Some(first);
        }
        if !self.has_room(family) {
            let now = self.now;
            self.blocks
                .iter_mut()
                .for_each(|block| block.forget_gone(now));
            if !self.has_room(family) {
                self.n_left_out += 1;
                return None;
            }
        }
        let first = self.series.len() as u32;
        let block = self
            .blocks
            .iter_mut()
            .find(|block| std::ptr::eq(block.family, family))?;
        block.things.push(Thing {
            name: thing.into(),
            first,
            seen: self.now,
        });
        block.next = block.things.len();
        let labels = match family.label {
            "" => String::new(),
            label => text::clean(&format!("{label}={thing}"), LABELS_BYTES, false).into_owned(),
        };
        self.series
            .extend(family.metrics.iter().map(|metric| Series {
                name: metric.name,
                labels: labels.clone(),
                unit: metric.unit,
                scale: metric.scale,
                counter: metric.counter,
            }));
        Some(first)
    }

    /// Whether one thing more of `family` can be sampled.
    fn has_room(&mut self, family: &'static Family) -> bool {
        let n_new = family.metrics.len();
        self.is_used_up |= self.series.len() + n_new > MOST_NAMED;
        let n_sampled = |block: &Block| block.things.len() * block.family.metrics.len();
        let is_full =
            |block: &Block| std::ptr::eq(block.family, family) && block.things.len() >= MOST_THINGS;
        !self.blocks.iter().any(is_full)
            && self.blocks.iter().map(n_sampled).sum::<usize>() + n_new <= MOST_SERIES
            && !self.is_used_up
    }

    /// It has no name left to give: its numbers are of things that are gone, and a new book begins anew.
    pub fn is_used_up(&self) -> bool {
        self.is_used_up
    }

    fn begin(&mut self, now: BootUs) {
        self.now = now;
        self.n_left_out = 0;
        for block in &mut self.blocks {
            block.next = 0;
        }
    }
}

/// Where families write to.
#[derive(Debug)]
pub(crate) struct Output<'a> {
    book: &'a mut Book,
    values: &'a mut Vec<(u32, i64)>,
}

impl Output<'_> {
    /// The values of `thing`, in the order of the family's metrics; an absent one has no value now.
    fn put(
        &mut self,
        family: &'static Family,
        thing: &str,
        values: impl IntoIterator<Item = Option<i64>>,
    ) {
        let Some(first) = self.book.first(family, thing) else {
            return;
        };
        let numbered = values.into_iter().zip(first..);
        self.values
            .extend(numbered.filter_map(|(value, number)| Some((number, value?))));
    }

    /// The same, where none is absent.
    fn put_all<const N: usize>(&mut self, family: &'static Family, thing: &str, values: [u64; N]) {
        debug_assert_eq!(N, family.metrics.len());
        self.put(family, thing, values.map(|value| Some(value as i64)));
    }
}

/// Reads all metrics at one moment.
#[derive(Debug, Default)]
pub struct Sampler {
    /// How many values the last sample had.
    n_values: usize,
}

impl Sampler {
    pub fn new() -> Self {
        Self::default()
    }

    /// Number and scaled integer of each series that has a value now, in ascending order of number.
    pub fn sample(&mut self, host: &Host, book: &mut Book) -> Vec<(u32, i64)> {
        self.sample_of(ALL, host, book)
    }

    /// The same of some sources only.
    pub fn sample_of(
        &mut self,
        sources: &[&Source],
        host: &Host,
        book: &mut Book,
    ) -> Vec<(u32, i64)> {
        let mut values = Vec::with_capacity(self.n_values);
        book.begin(clock::now().boot_us);
        for source in sources {
            let mut output = Output {
                book,
                values: &mut values,
            };
            // What this machine does not have, it has no series of.
            if let Err(why) = (source.read)(host, &mut output) {
                tracing::trace!(%why, "metrics not read");
            }
        }
        values.sort_unstable_by_key(|(number, _)| *number);
        // Two things of one name are one series; a second value would garble what comes after it.
        values.dedup_by_key(|(number, _)| *number);
        self.n_values = values.len();
        values
    }
}

#[cfg(test)]
pub(crate) mod shown {
    //! Samples as text, for the families' tests.

    use super::*;

    /// `name{labels}=integer` of every series of `source`, one a line.
    pub(crate) fn sample(source: &'static Source, host: &Host) -> String {
        let mut book = Book::new();
        let mut values = Vec::new();
        (source.read)(
            host,
            &mut Output {
                book: &mut book,
                values: &mut values,
            },
        )
        .unwrap();
        values
            .iter()
            .map(|(number, value)| {
                let series = book.series(*number).unwrap();
                format!("{}{{{}}}={value}\n", series.name, series.labels)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
