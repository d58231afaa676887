//! Metric values on the wire: named once, then integers relative to the ones before.
//!
//! Both sides hold the last value of each series. A sender that loses its session loses this state with it, and
//! so does the receiver.

use crate::caps;
use crate::v1::{Sample, Series};

/// The sender's half.
#[derive(Debug, Default)]
pub struct Encoder {
    last: Vec<i64>,
}

impl Encoder {
    /// How many series the other side knows.
    pub fn n_series(&self) -> usize {
        self.last.len()
    }

    /// Series that were named by themselves, before the sample that has their first values.
    pub fn name(&mut self, n: usize) {
        self.last.resize(self.last.len() + n, 0);
    }

    /// The sample for `values`: (number, value) pairs in ascending order of number. `named` are the series from
    /// `n_series()` on; numbers must lie below `n_series() + named.len()`.
    pub fn encode(&mut self, named: Vec<Series>, values: &[(u32, i64)]) -> Sample {
        self.name(named.len());
        let mut changed = vec![0u8; self.last.len().div_ceil(8)];
        let mut absent = vec![0u8; self.last.len().div_ceil(8)];
        let mut deltas = Vec::new();
        let mut values = values.iter().peekable();
        for (number, last) in self.last.iter_mut().enumerate() {
            match values.next_if(|(of, _)| *of as usize == number) {
                None => set(&mut absent, number),
                Some((_, value)) if value == last => {}
                Some((_, value)) => {
                    set(&mut changed, number);
                    deltas.push(value.wrapping_sub(*last));
                    *last = *value;
                }
            }
        }
        debug_assert!(
            values.next().is_none(),
            "values must be in order and of named series"
        );
        trim(&mut changed);
        trim(&mut absent);
        Sample {
            series: named,
            changed: changed.into(),
            deltas,
            absent: absent.into(),
        }
    }
}

/// The receiver's half.
#[derive(Debug, Default)]
pub struct Decoder {
    last: Vec<i64>,
}

/// A sample that does not follow from the ones before.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Garbled {
    #[error("series {found} is named where {expected} comes next")]
    Numbering { expected: u32, found: u32 },
    #[error("more than {} series in one session", caps::SERIES)]
    TooMany,
    #[error("a bit is set for series {0}, which was not named")]
    Unnamed(usize),
    #[error("{deltas} deltas for {bits} changed series")]
    Count { deltas: usize, bits: usize },
}

impl Decoder {
    /// Takes series that a sample, or a message before it, names.
    pub fn name(&mut self, named: &[Series]) -> Result<(), Garbled> {
        self.last.reserve_exact(
            named
                .len()
                .min(caps::SERIES.saturating_sub(self.last.len())),
        );
        for series in named {
            let expected = self.last.len() as u32;
            if series.number != expected {
                return Err(Garbled::Numbering {
                    expected,
                    found: series.number,
                });
            }
            if self.last.len() >= caps::SERIES {
                return Err(Garbled::TooMany);
            }
            self.last.push(0);
        }
        Ok(())
    }

    /// The (number, value) pairs of `sample`, ascending. On an error the session cannot go on: what follows is
    /// relative to what was not understood.
    pub fn decode(&mut self, sample: &Sample) -> Result<Vec<(u32, i64)>, Garbled> {
        self.name(&sample.series)?;
        for bits in [&sample.changed, &sample.absent] {
            if let Some(unnamed) = last_set(bits).filter(|n| *n >= self.last.len()) {
                return Err(Garbled::Unnamed(unnamed));
            }
        }
        let bits = sample
            .changed
            .iter()
            .map(|byte| byte.count_ones() as usize)
            .sum();
        if bits != sample.deltas.len() {
            return Err(Garbled::Count {
                deltas: sample.deltas.len(),
                bits,
            });
        }
        let mut deltas = sample.deltas.iter();
        let mut values = Vec::with_capacity(self.last.len());
        for (number, last) in self.last.iter_mut().enumerate() {
            if get(&sample.changed, number)
                && let Some(delta) = deltas.next()
            {
                *last = last.wrapping_add(*delta);
            }
            if !get(&sample.absent, number) {
                values.push((number as u32, *last));
            }
        }
        Ok(values)
    }
}

fn set(bits: &mut [u8], n: usize) {
    bits[n / 8] |= 1 << (n % 8);
}

fn get(bits: &[u8], n: usize) -> bool {
    bits.get(n / 8).is_some_and(|byte| byte & 1 << (n % 8) != 0)
}

fn last_set(bits: &[u8]) -> Option<usize> {
    let byte = bits.iter().rposition(|byte| *byte != 0)?;
    Some(byte * 8 + 7 - bits[byte].leading_zeros() as usize)
}

fn trim(bits: &mut Vec<u8>) {
    bits.truncate(last_set(bits).map_or(0, |n| n / 8 + 1));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named(from: usize, n: usize) -> Vec<Series> {
        (from..from + n)
            .map(|number| Series {
                number: number as u32,
                ..Series::default()
            })
            .collect()
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(
            rounds in prop::collection::vec(prop::collection::btree_map(0u32..40, any::<i64>(), 0..40), 1..8)
        ) {
            let mut encoder = Encoder::default();
            let mut decoder = Decoder::default();
            for round in rounds {
                let values: Vec<_> = round.into_iter().collect();
                let needed = values.last().map_or(0, |(number, _)| *number as usize + 1);
                let known = encoder.n_series();
                let sample = encoder.encode(named(known, needed.saturating_sub(known)), &values);
                prop_assert_eq!(decoder.decode(&sample), Ok(values));
            }
        }
    }

    #[test]
    fn an_unchanged_sample_is_empty() {
        let mut encoder = Encoder::default();
        encoder.encode(named(0, 2), &[(0, 5), (1, -7)]);
        assert_eq!(
            encoder.encode(vec![], &[(0, 5), (1, -7)]),
            Sample::default()
        );
    }

    #[test]
    fn a_sample_out_of_nowhere_is_refused() {
        let decode = |sample: Sample| Decoder::default().decode(&sample);
        assert_eq!(
            decode(Sample {
                series: named(1, 1),
                ..Sample::default()
            }),
            Err(Garbled::Numbering {
                expected: 0,
                found: 1
            })
        );
        assert_eq!(
            decode(Sample {
                changed: vec![0b100].into(),
                ..Sample::default()
            }),
            Err(Garbled::Unnamed(2))
        );
        let sample = Sample {
            series: named(0, 1),
            changed: vec![1].into(),
            ..Sample::default()
        };
        assert_eq!(decode(sample), Err(Garbled::Count { deltas: 0, bits: 1 }));
    }
}
