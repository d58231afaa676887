//! A sample as it is kept until its hour is folded.
//!
//! The values in the order of their series' numbers, each as two varints (LEB128): the number less the one before
//! (the first one: the number itself), and the zigzag of the value.

use super::super::StoreError;

/// `values`: series number in the store, scaled value; in any order, the last of two for one series counts.
pub(in super::super) fn encode(values: &[(u32, i64)]) -> Vec<u8> {
    let mut values = values.to_vec();
    // Stable, so that the last of two stays last.
    values.sort_by_key(|(number, _)| *number);
    let mut bytes = Vec::with_capacity(values.len() * 4);
    let mut before = 0;
    for (index, (number, value)) in values.iter().enumerate() {
        let is_overtaken = values
            .get(index + 1)
            .is_some_and(|(next, _)| next == number);
        if is_overtaken {
            continue;
        }
        put(&mut bytes, u64::from(number - before));
        put(&mut bytes, zigzag(*value));
        before = *number;
    }
    bytes
}

/// # Errors
/// Broken: the bytes are not a sample.
pub(super) fn decode(bytes: &[u8]) -> Result<Vec<(u32, i64)>, StoreError> {
    let broken = || StoreError::Broken("a stored sample cannot be read".into());
    let mut rest = bytes;
    let mut values = Vec::with_capacity(bytes.len() / 3);
    let mut number = 0_u32;
    while !rest.is_empty() {
        let step = take(&mut rest).ok_or_else(broken)?;
        let step = u32::try_from(step).map_err(|_| broken())?;
        number = number.checked_add(step).ok_or_else(broken)?;
        let value = take(&mut rest).ok_or_else(broken)?;
        values.push((number, unzigzag(value)));
    }
    Ok(values)
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

    #[track_caller]
    fn check(values: &[(u32, i64)], expected: &[(u32, i64)]) {
        assert_eq!(decode(&encode(values)).unwrap(), expected);
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
    fn a_cut_sample_is_not_read_as_a_shorter_one() {
        let bytes = encode(&[(1, 1_000_000)]);
        assert!(decode(&bytes[..bytes.len() - 1]).is_err());
        assert!(decode(&[0; 1]).is_err());
        assert!(decode(&[0xff; 11]).is_err());
    }
}
