//! Samples as they are kept until their hour is folded: those of one device and hour that were committed together are
//! one row, under the time of the first.
//!
//! Each sample: its time less that of the sample before (zigzag), how many values it has, and its values in the order of
//! their series' numbers, each as two varints (LEB128): the number less the one before (the first one: the number
//! itself), and the zigzag of the value, less that in the same place of the sample before if it is of the same series.

use super::super::{StoreError, TimeUs};
use super::HOUR_US;

/// Samples of one row.
const SAMPLES: usize = 64;

/// One moment's values: series number in the store, scaled value.
pub(in super::super) type Values = [(u32, i64)];

/// The rows of `samples`, as (device, time of the first, bytes). Samples are (device, time, values); values may come in
/// any order, the last of two for one series counts.
pub(in super::super) fn rows(
    mut samples: Vec<(i64, TimeUs, &Values)>,
) -> Vec<(i64, TimeUs, Vec<u8>)> {
    let hour = |at: TimeUs| at.div_euclid(HOUR_US);
    // Stable, so that the last of two stays last.
    samples.sort_by_key(|(device_key, at, _)| (*device_key, *at));
    samples
        .chunk_by(|one, next| (one.0, hour(one.1)) == (next.0, hour(next.1)))
        .flat_map(|of_hour| of_hour.chunks(SAMPLES))
        .map(|row| (row[0].0, row[0].1, encode(row)))
        .collect()
}

fn encode(samples: &[(i64, TimeUs, &Values)]) -> Vec<u8> {
    let n_values: usize = samples.iter().map(|(_, _, values)| values.len()).sum();
    let mut bytes = Vec::with_capacity(n_values * 3 + samples.len() * 6);
    let mut before_at = samples.first().map_or(0, |(_, at, _)| *at);
    let mut before: Vec<(u32, i64)> = Vec::new();
    for (_, at, values) in samples {
        let values = ordered(values);
        put(&mut bytes, zigzag(at.wrapping_sub(before_at)));
        put(&mut bytes, values.len() as u64);
        let mut before_number = 0;
        for (place, (number, value)) in values.iter().enumerate() {
            put(&mut bytes, u64::from(number - before_number));
            put(
                &mut bytes,
                zigzag(value.wrapping_sub(base(&before, place, *number))),
            );
            before_number = *number;
        }
        before_at = *at;
        before = values;
    }
    bytes
}

/// In the order of numbers, the last of each.
fn ordered(values: &Values) -> Vec<(u32, i64)> {
    let mut values = values.to_vec();
    if !values.is_sorted_by(|one, next| one.0 < next.0) {
        values.reverse();
        values.sort_by_key(|(number, _)| *number);
        values.dedup_by_key(|(number, _)| *number);
    }
    values
}

/// What a value is relative to.
fn base(before: &Values, place: usize, number: u32) -> i64 {
    before
        .get(place)
        .filter(|(known, _)| *known == number)
        .map_or(0, |(_, value)| *value)
}

/// Gives each sample of a row that stands under `at` to `take`.
///
/// # Errors
/// Broken: the bytes are not samples.
pub(super) fn decode(
    at: TimeUs,
    bytes: &[u8],
    mut take_sample: impl FnMut(TimeUs, &Values),
) -> Result<(), StoreError> {
    let broken = || StoreError::Broken("a stored sample cannot be read".into());
    let mut rest = bytes;
    let mut at = at;
    let (mut before, mut values) = (Vec::new(), Vec::new());
    while !rest.is_empty() {
        at = at.wrapping_add(unzigzag(take(&mut rest).ok_or_else(broken)?));
        let n_values = take(&mut rest).ok_or_else(broken)?;
        let mut number = 0_u32;
        for _ in 0..n_values {
            let step = take(&mut rest).ok_or_else(broken)?;
            let step = u32::try_from(step).map_err(|_| broken())?;
            number = number.checked_add(step).ok_or_else(broken)?;
            let relative = unzigzag(take(&mut rest).ok_or_else(broken)?);
            let value = relative.wrapping_add(base(&before, values.len(), number));
            values.push((number, value));
        }
        take_sample(at, &values);
        std::mem::swap(&mut before, &mut values);
        values.clear();
    }
    Ok(())
}

pub(super) fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

pub(super) fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

pub(super) fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

pub(super) fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    type Sample = (i64, TimeUs, Vec<(u32, i64)>);
    type Decoded = (TimeUs, Vec<(u32, i64)>);

    fn encoded(samples: &[Sample]) -> Vec<(i64, TimeUs, Vec<u8>)> {
        let samples = samples
            .iter()
            .map(|(device_key, at, values)| (*device_key, *at, &values[..]));
        rows(samples.collect())
    }

    fn decoded(at: TimeUs, bytes: &[u8]) -> Result<Vec<Decoded>, StoreError> {
        let mut samples = Vec::new();
        decode(at, bytes, |at, values| samples.push((at, values.to_vec())))?;
        Ok(samples)
    }

    #[track_caller]
    fn check(values: &[(u32, i64)], expected: &[(u32, i64)]) {
        let rows = encoded(&[(1, 5, values.to_vec())]);
        let [(1, 5, bytes)] = &rows[..] else {
            panic!("{rows:?}");
        };
        assert_eq!(decoded(5, bytes).unwrap(), [(5, expected.to_vec())]);
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        check(&[], &[]);
        check(&[(0, 0), (1, -1), (9, 300)], &[(0, 0), (1, -1), (9, 300)]);
        check(&[(u32::MAX, i64::MIN)], &[(u32::MAX, i64::MIN)]);
        check(&[(3, i64::MAX), (2, 5)], &[(2, 5), (3, i64::MAX)]);
        check(&[(2, 5), (2, 6)], &[(2, 6)]);
    }

    #[test]
    fn samples_of_a_device_and_hour_are_one_row() {
        let samples = [
            (2, 30, vec![(0, i64::MIN), (4, 7)]),
            (1, 20, vec![(0, 9)]),
            (2, 10, vec![(0, i64::MAX), (3, 1), (4, 2)]),
            (2, 10, vec![(0, 5)]),
            (2, HOUR_US, vec![(0, 5)]),
            (2, -1, vec![]),
        ];
        let rows = encoded(&samples);
        let heads: Vec<_> = rows.iter().map(|(device, at, _)| (*device, *at)).collect();
        assert_eq!(heads, [(1, 20), (2, -1), (2, 10), (2, HOUR_US)]);
        let expected =
            [&samples[2], &samples[3], &samples[0]].map(|(_, at, values)| (*at, values.clone()));
        assert_eq!(decoded(10, &rows[2].2).unwrap(), expected);
    }

    #[test]
    fn a_row_has_its_limit() {
        let samples: Vec<Sample> = (0..SAMPLES as i64 + 1)
            .map(|at| (1, at, vec![(0, at)]))
            .collect();
        let rows = encoded(&samples);
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[1].0, rows[1].1), (1, SAMPLES as i64));
    }

    #[test]
    fn a_cut_sample_is_not_read_as_a_shorter_one() {
        let rows = encoded(&[(1, 0, vec![(1, 1_000_000)])]);
        let bytes = &rows[0].2;
        for length in 1..bytes.len() {
            assert!(decoded(0, &bytes[..length]).is_err(), "{length}");
        }
        assert!(decoded(0, &[0xff; 11]).is_err());
    }
}
