//! A program's output: the head as it comes, the tail at the end, and how much is missing between them.

use std::collections::VecDeque;

/// Passed on as it comes.
pub(super) const HEAD_BYTES: usize = 64 << 10;
/// Kept for the end.
pub(super) const TAIL_BYTES: usize = 64 << 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Out,
    Error,
}

/// One stream of one program.
#[derive(Debug, Default)]
pub(super) struct Output {
    n_passed: usize,
    tail: VecDeque<u8>,
    missing_bytes: u64,
}

impl Output {
    /// What of `data` is passed on now.
    pub(super) fn take<'a>(&mut self, data: &'a [u8]) -> &'a [u8] {
        let (head, rest) = data.split_at(data.len().min(HEAD_BYTES - self.n_passed));
        self.n_passed += head.len();
        self.tail.extend(rest);
        let too_many = self.tail.len().saturating_sub(TAIL_BYTES);
        self.tail.drain(..too_many);
        self.missing_bytes += too_many as u64;
        head
    }

    /// The tail and how many bytes are missing before it. Absent: all was passed on.
    pub(super) fn end(self) -> Option<(Vec<u8>, u64)> {
        (!self.tail.is_empty()).then(|| (self.tail.into(), self.missing_bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_output_is_passed_on_whole() {
        let mut output = Output::default();
        assert_eq!(output.take(b"hello"), b"hello");
        assert_eq!(output.end(), None);
    }

    #[test]
    fn a_long_output_keeps_head_and_tail_and_counts_the_rest() {
        let mut output = Output::default();
        let data = (0..400_000_u32).map(|n| n as u8).collect::<Vec<_>>();
        let mut head = Vec::new();
        for chunk in data.chunks(1000) {
            head.extend_from_slice(output.take(chunk));
        }
        assert_eq!(head, data[..HEAD_BYTES]);
        let (tail, missing) = output.end().unwrap();
        assert_eq!(tail, data[data.len() - TAIL_BYTES..]);
        assert_eq!(missing as usize, data.len() - HEAD_BYTES - TAIL_BYTES);
    }
}
