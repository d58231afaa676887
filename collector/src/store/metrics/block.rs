//! A block: all samples of a device over an hour or a day, each series by itself.
//!
//! Layout: version; pco's header; the times, less the block's start; a directory (series' number less the one before,
//! kind, length of its data, as varints); the data. A series that never changes is one number, one that lacks some of
//! the times names the runs of those it has. How numbers stand is said in `numbers`.

use std::collections::BTreeMap;

use pco::wrapped::{FileCompressor, FileDecompressor};

use super::super::StoreError;
use super::numbers::{MOST_NUMBERS, broken, put_numbers, take_numbers};
use super::raw::{put, take, unzigzag, zigzag};

const VERSION: u8 = 2;
const CONSTANT: u64 = 0;
const NUMBERS: u64 = 1;
/// Added to the kind when not all times have a value.
const SOME: u64 = 2;

/// Samples in memory: each series' times and values, in the order of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) series: BTreeMap<u32, Vec<(i64, i64)>>,
}

impl Block {
    /// Of two values of one moment the later given counts.
    pub(super) fn add(&mut self, number: u32, at: i64, value: i64) {
        put_sample(self.series.entry(number).or_default(), at, value);
    }

    /// Takes over what another block has; where both have a value, the other's.
    pub(super) fn merge(&mut self, other: Self) {
        for (number, samples) in other.series {
            let own = self.series.entry(number).or_default();
            if own.is_empty() {
                *own = samples;
                continue;
            }
            for (at, value) in samples {
                put_sample(own, at, value);
            }
        }
    }

    /// All times at which any series has a value, in order.
    fn times(&self) -> Vec<i64> {
        let mut times: Vec<i64> = Vec::new();
        for samples in self.series.values() {
            // Nearly always every series has a value whenever one has.
            let is_same = samples.len() == times.len()
                && samples
                    .iter()
                    .zip(&times)
                    .all(|((at, _), known)| at == known);
            if is_same {
                continue;
            }
            times.extend(samples.iter().map(|(at, _)| *at));
            times.sort_unstable();
            times.dedup();
        }
        times
    }

    /// # Errors
    /// Broken: more times than a block holds.
    pub(super) fn encode(&self, start: i64) -> Result<Vec<u8>, StoreError> {
        let times = self.times();
        if times.len() > MOST_NUMBERS {
            return Err(broken("it has too many times"));
        }
        let pco = FileCompressor::default();
        let mut bytes = pco.write_header(vec![VERSION]).map_err(broken)?;
        put(&mut bytes, times.len() as u64);
        let offsets: Vec<i64> = times.iter().map(|at| at - start).collect();
        put_numbers(&mut bytes, &pco, &offsets)?;
        put(&mut bytes, self.series.len() as u64);
        let mut data = Vec::new();
        let mut before = 0;
        for (number, values) in &self.series {
            let length = data.len();
            let kind = put_series(&mut data, &pco, &times, values)?;
            put(&mut bytes, u64::from(number - before));
            put(&mut bytes, kind);
            put(&mut bytes, (data.len() - length) as u64);
            before = *number;
        }
        bytes.extend_from_slice(&data);
        Ok(bytes)
    }
}

/// Samples that come time by time, each with about the same series in the same order.
#[derive(Default)]
pub(super) struct Columns(Vec<(u32, Vec<(i64, i64)>)>);

impl Columns {
    /// One time's values, in the order of their series' numbers.
    pub(super) fn add(&mut self, at: i64, values: &[(u32, i64)]) {
        let mut place = 0;
        for (number, value) in values {
            // Nearly always the column after the one before.
            if self.0.get(place).is_none_or(|(known, _)| known != number) {
                place = match self.0.binary_search_by_key(number, |(known, _)| *known) {
                    Ok(place) => place,
                    Err(place) => {
                        self.0.insert(place, (*number, Vec::new()));
                        place
                    }
                };
            }
            put_sample(&mut self.0[place].1, at, *value);
            place += 1;
        }
    }

    pub(super) fn block(self) -> Block {
        Block {
            series: self.0.into_iter().collect(),
        }
    }
}

/// Appends, where that keeps the order; else puts in, or overwrites.
fn put_sample(samples: &mut Vec<(i64, i64)>, at: i64, value: i64) {
    if samples.last().is_none_or(|(last, _)| *last < at) {
        samples.push((at, value));
        return;
    }
    match samples.binary_search_by_key(&at, |(at, _)| *at) {
        Ok(index) => samples[index].1 = value,
        Err(index) => samples.insert(index, (at, value)),
    }
}

fn put_series(
    data: &mut Vec<u8>,
    pco: &FileCompressor,
    times: &[i64],
    samples: &[(i64, i64)],
) -> Result<u64, StoreError> {
    let mut kind = 0;
    if samples.len() < times.len() {
        kind += SOME;
        let runs = runs(times, samples);
        put(data, runs.len() as u64);
        for (gap, length) in runs {
            put(data, gap);
            put(data, length);
        }
    }
    match samples.first() {
        Some((_, first)) if samples.iter().all(|(_, value)| value == first) => {
            put(data, zigzag(*first));
            Ok(kind + CONSTANT)
        }
        _ => {
            let values: Vec<i64> = samples.iter().map(|(_, value)| *value).collect();
            put_numbers(data, pco, &values)?;
            Ok(kind + NUMBERS)
        }
    }
}

/// Which of the times have a value: times left out, then times that are there, and so on.
fn runs(times: &[i64], samples: &[(i64, i64)]) -> Vec<(u64, u64)> {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    let mut gap = 0;
    let mut rest = samples.iter().peekable();
    for at in times {
        let is_there = rest.next_if(|(next, _)| next == at).is_some();
        match (is_there, runs.last_mut()) {
            (false, _) => gap += 1,
            (true, Some((_, length))) if gap == 0 => *length += 1,
            (true, _) => {
                runs.push((gap, 1));
                gap = 0;
            }
        }
    }
    runs
}

/// A stored block, of which single series can be read.
pub(super) struct Stored<'b> {
    pco: FileDecompressor,
    start: i64,
    times: Vec<i64>,
    /// Number, kind, data.
    directory: Vec<(u32, u64, &'b [u8])>,
}

impl<'b> Stored<'b> {
    /// # Errors
    /// Broken: the bytes are no block.
    pub(super) fn open(bytes: &'b [u8], start: i64) -> Result<Self, StoreError> {
        let cut = || broken("it is cut short");
        let Some((&VERSION, rest)) = bytes.split_first() else {
            return Err(broken("its version is not known"));
        };
        let (pco, mut rest) = FileDecompressor::new(rest).map_err(broken)?;
        let n_times = usize::try_from(take(&mut rest).ok_or_else(cut)?).map_err(broken)?;
        let (times, mut rest) = take_numbers(&pco, rest, n_times)?;
        let n_series = take(&mut rest).ok_or_else(cut)?;
        let mut entries = Vec::new();
        let mut number = 0_u32;
        for _ in 0..n_series {
            let step = u32::try_from(take(&mut rest).ok_or_else(cut)?).map_err(broken)?;
            number = number.checked_add(step).ok_or_else(cut)?;
            let kind = take(&mut rest).ok_or_else(cut)?;
            let length = usize::try_from(take(&mut rest).ok_or_else(cut)?).map_err(broken)?;
            entries.push((number, kind, length));
        }
        let mut directory = Vec::with_capacity(entries.len());
        for (number, kind, length) in entries {
            let (data, after) = rest.split_at_checked(length).ok_or_else(cut)?;
            directory.push((number, kind, data));
            rest = after;
        }
        Ok(Self {
            pco,
            start,
            times,
            directory,
        })
    }

    /// One series' times and values, in order; nothing: the block has none of it.
    ///
    /// # Errors
    /// Broken: the data cannot be read.
    pub(super) fn series(&self, wanted: u32) -> Result<Vec<(i64, i64)>, StoreError> {
        let found = self
            .directory
            .binary_search_by_key(&wanted, |(number, _, _)| *number);
        match found {
            Ok(index) => self.values(self.directory[index]),
            Err(_) => Ok(Vec::new()),
        }
    }

    /// Everything in it.
    ///
    /// # Errors
    /// Broken: the data cannot be read.
    pub(super) fn block(&self) -> Result<Block, StoreError> {
        let mut block = Block::default();
        for entry in &self.directory {
            block.series.insert(entry.0, self.values(*entry)?);
        }
        Ok(block)
    }

    fn values(&self, entry: (u32, u64, &[u8])) -> Result<Vec<(i64, i64)>, StoreError> {
        let (_, kind, mut data) = entry;
        let cut = || broken("a series is cut short");
        let mut indexes = Vec::with_capacity(self.times.len());
        if kind & SOME == 0 {
            indexes.extend(0..self.times.len());
        } else {
            let mut at = 0_usize;
            for _ in 0..take(&mut data).ok_or_else(cut)? {
                let gap = usize::try_from(take(&mut data).ok_or_else(cut)?).map_err(broken)?;
                let length = usize::try_from(take(&mut data).ok_or_else(cut)?).map_err(broken)?;
                let first = at.checked_add(gap).ok_or_else(cut)?;
                at = first.checked_add(length).ok_or_else(cut)?;
                if at > self.times.len() {
                    return Err(cut());
                }
                indexes.extend(first..at);
            }
        }
        let values = match kind & NUMBERS {
            CONSTANT => {
                let value = unzigzag(take(&mut data).ok_or_else(cut)?);
                vec![value; indexes.len()]
            }
            _ => take_numbers(&self.pco, data, indexes.len())?.0,
        };
        Ok(indexes
            .into_iter()
            .map(|index| self.start + self.times[index])
            .zip(values)
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(series: &[(u32, &[(i64, i64)])]) -> Block {
        let mut block = Block::default();
        for (number, values) in series {
            for (at, value) in *values {
                block.add(*number, *at, *value);
            }
        }
        block
    }

    #[track_caller]
    fn check(original: &Block) -> usize {
        let bytes = original.encode(1_000).unwrap();
        let stored = Stored::open(&bytes, 1_000).unwrap();
        assert_eq!(stored.block().unwrap(), *original);
        for (number, samples) in &original.series {
            assert_eq!(stored.series(*number).unwrap(), *samples);
        }
        for length in 0..bytes.len() {
            let cut = Stored::open(&bytes[..length], 1_000).and_then(|cut| cut.block());
            assert!(cut.is_err() || cut.as_ref() != Ok(original) || original.series.is_empty());
        }
        bytes.len()
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        check(&Block::default());
        check(&block(&[(0, &[(1_000, 5)])]));
        check(&block(&[
            (1, &[(1_000, i64::MIN), (1_015, i64::MAX)]),
            (7, &[(1_015, 3)]),
            (u32::MAX, &[(1_000, 0), (1_030, 0)]),
        ]));
    }

    #[test]
    fn rows_with_other_series_than_the_one_before_fall_into_their_columns() {
        let mut columns = Columns::default();
        columns.add(1_000, &[(2, 1), (5, 2)]);
        columns.add(1_015, &[(1, 3), (5, 4), (9, 5)]);
        columns.add(1_030, &[(2, 6)]);
        let expected = block(&[
            (1, &[(1_015, 3)]),
            (2, &[(1_000, 1), (1_030, 6)]),
            (5, &[(1_000, 2), (1_015, 4)]),
            (9, &[(1_015, 5)]),
        ]);
        assert_eq!(columns.block(), expected);
    }

    #[test]
    fn samples_in_any_order_stand_in_the_order_of_time() {
        let mixed = block(&[(1, &[(1_030, 3), (1_000, 1), (1_015, 2), (1_000, 9)])]);
        assert_eq!(mixed.series[&1], [(1_000, 9), (1_015, 2), (1_030, 3)]);
        let mut merged = block(&[(1, &[(1_015, 7), (1_045, 4)])]);
        merged.merge(mixed);
        let all = [(1_000, 9), (1_015, 2), (1_030, 3), (1_045, 4)];
        assert_eq!(merged.series[&1], all);
    }

    #[test]
    fn a_series_that_is_not_there_is_empty() {
        let bytes = block(&[(4, &[(1_000, 1)])]).encode(1_000).unwrap();
        let stored = Stored::open(&bytes, 1_000).unwrap();
        assert_eq!(stored.series(5).unwrap(), []);
    }

    #[test]
    fn what_never_changes_costs_next_to_nothing() {
        let mut constant = Block::default();
        for number in 0..150 {
            for step in 0..240 {
                constant.add(number, 1_000 + step * 15_000_000, 42);
            }
        }
        assert!(check(&constant) < 1_000);
    }
}
