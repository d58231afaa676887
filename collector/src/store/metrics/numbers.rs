//! Numbers in a block: what divides all their differences, then a chunk of pco's wrapped format.
//!
//! Many metrics move in steps: memory in pages, disks in blocks, percentages in hundredths. So a varint comes first, the
//! greatest common divisor of the differences; when it is above 1, the zigzag of the first number follows, and the chunk
//! counts steps from it.

use pco::wrapped::{FileCompressor, FileDecompressor};
use pco::{ChunkConfig, DeltaSpec, ModeSpec, PagingSpec};

use super::super::StoreError;
use super::raw::{put, take, unzigzag, zigzag};

/// Numbers in one chunk; more never stand in a block.
pub(super) const MOST_NUMBERS: usize = 1 << 18;
/// pco's, of 0 to 12. On 240 numbers the default of 8 saves two thousandths of a byte a number and costs a quarter more.
const LEVEL: usize = 5;

pub(super) fn broken(why: impl std::fmt::Display) -> StoreError {
    StoreError::Broken(format!("a block of metrics: {why}"))
}

/// # Errors
/// Broken: pco refuses them.
pub(super) fn put_numbers(
    bytes: &mut Vec<u8>,
    pco: &FileCompressor,
    numbers: &[i64],
) -> Result<(), StoreError> {
    let Some(first) = numbers.first() else {
        return Ok(());
    };
    let step = step(numbers);
    put(bytes, step);
    if step < 2 {
        return put_chunk(bytes, pco, numbers);
    }
    put(bytes, zigzag(*first));
    let steps: Vec<i64> = numbers
        .iter()
        .map(|number| {
            let n_steps = (number.abs_diff(*first) / step).cast_signed();
            if number < first { -n_steps } else { n_steps }
        })
        .collect();
    put_chunk(bytes, pco, &steps)
}

/// `n_numbers` numbers from the beginning of `bytes`, and what comes after them.
///
/// # Errors
/// Broken: the bytes are no such numbers, or there are more than a block holds.
pub(super) fn take_numbers<'b>(
    pco: &FileDecompressor,
    mut bytes: &'b [u8],
    n_numbers: usize,
) -> Result<(Vec<i64>, &'b [u8]), StoreError> {
    if n_numbers == 0 {
        return Ok((Vec::new(), bytes));
    }
    if n_numbers > MOST_NUMBERS {
        return Err(broken("it has too many numbers"));
    }
    let cut = || broken("numbers are cut short");
    let step = take(&mut bytes).ok_or_else(cut)?;
    let first = match step {
        0 | 1 => 0,
        _ => unzigzag(take(&mut bytes).ok_or_else(cut)?),
    };
    let (mut chunk, rest) = pco.chunk_decompressor::<i64, _>(bytes).map_err(broken)?;
    let mut page = chunk.page_decompressor(rest, n_numbers).map_err(broken)?;
    let mut numbers = vec![0; n_numbers];
    page.read(&mut numbers).map_err(broken)?;
    if step > 1 {
        for number in &mut numbers {
            *number = first.wrapping_add(number.wrapping_mul(step.cast_signed()));
        }
    }
    Ok((numbers, page.into_src()))
}

/// The largest number that divides all differences; 0 when there are none.
fn step(numbers: &[i64]) -> u64 {
    let mut step = 0;
    for pair in numbers.windows(2) {
        step = common_divisor(pair[1].abs_diff(pair[0]), step);
        if step == 1 {
            break;
        }
    }
    step
}

fn common_divisor(mut one: u64, mut other: u64) -> u64 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

/// What pco would find out by trying: whether differences are smaller than the numbers themselves.
fn delta(numbers: &[i64]) -> DeltaSpec {
    let spread = |least: i64, most: i64| most.wrapping_sub(least).cast_unsigned();
    let (Some(least), Some(most)) = (numbers.iter().min(), numbers.iter().max()) else {
        return DeltaSpec::NoOp;
    };
    let steps = numbers.windows(2).map(|pair| pair[1].wrapping_sub(pair[0]));
    let (least_step, most_step) = steps.fold((i64::MAX, i64::MIN), |(least, most), step| {
        (least.min(step), most.max(step))
    });
    match numbers.len() > 2 && spread(least_step, most_step) < spread(*least, *most) {
        true => DeltaSpec::TryConsecutive(1),
        false => DeltaSpec::NoOp,
    }
}

fn put_chunk(bytes: &mut Vec<u8>, pco: &FileCompressor, numbers: &[i64]) -> Result<(), StoreError> {
    let config = ChunkConfig::default()
        .with_compression_level(LEVEL)
        .with_mode_spec(ModeSpec::Classic)
        .with_delta_spec(delta(numbers))
        .with_paging_spec(PagingSpec::EqualPagesUpTo(MOST_NUMBERS));
    let mut chunk = pco.chunk_compressor(numbers, &config).map_err(broken)?;
    chunk.write_meta(&mut *bytes).map_err(broken)?;
    chunk.write_page(0, &mut *bytes).map_err(broken)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Encoded and decoded again; gives how many bytes they take.
    #[track_caller]
    fn check(numbers: &[i64]) -> usize {
        let compressor = FileCompressor::default();
        let mut bytes = compressor.write_header(Vec::new()).unwrap();
        let head = bytes.len();
        put_numbers(&mut bytes, &compressor, numbers).unwrap();
        let length = bytes.len() - head;
        bytes.push(77);
        let (pco, rest) = FileDecompressor::new(&bytes[..]).unwrap();
        let (decoded, rest) = take_numbers(&pco, rest, numbers.len()).unwrap();
        assert_eq!((&decoded[..], rest), (numbers, &[77][..]));
        length
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        check(&[]);
        check(&[-7]);
        check(&[5, 5, 5]);
        check(&[i64::MIN, i64::MAX, 0]);
        check(&[i64::MAX, i64::MIN, i64::MAX]);
        check(&[i64::MIN, i64::MAX - 1, 0, -2]);
        check(&[10, -90, 310]);
    }

    #[test]
    fn steps_are_counted_wherever_they_begin() {
        let random = |n: i64| (n * n * 7919) % 1_013;
        let small: Vec<i64> = (0..240).map(random).collect();
        let large: Vec<i64> = small.iter().map(|n| n * 4_096 + 1_000_003).collect();
        assert!(check(&large) < check(&small) + 8);
    }

    #[test]
    fn what_divides_all_differences() {
        assert_eq!(step(&[3]), 0);
        assert_eq!(step(&[3, 3]), 0);
        assert_eq!(step(&[3, 15, -9]), 12);
        assert_eq!(step(&[3, 15, 16]), 1);
        assert_eq!(step(&[i64::MIN, i64::MAX]), u64::MAX);
    }
}
