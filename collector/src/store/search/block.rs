//! A set of tickets out of a block of 4,096 with following numbers: as the list of their places, two bytes each, or as one bit
//! for each place where that is shorter. Whatever is asked, a word has one row for so many tickets, and two words are met by 64
//! instructions: what a search costs is bounded by the tickets there are and not by how words are spread over them.

use super::super::StoreError;

/// Tickets of a block.
pub(super) const TICKETS: i64 = 4_096;
const PLACE_BYTES: usize = 2;
const BITS_BYTES: usize = TICKETS as usize / 8;

/// Tickets of one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block([u64; TICKETS as usize / 64]);

/// Which block a ticket is in, and at which place of it.
pub(super) fn place(ticket: i64) -> (i64, usize) {
    (
        ticket.div_euclid(TICKETS),
        ticket.rem_euclid(TICKETS) as usize,
    )
}

impl Block {
    pub(super) fn empty() -> Self {
        Self([0; TICKETS as usize / 64])
    }

    pub(super) fn of(bytes: &[u8]) -> Result<Self, StoreError> {
        let mut block = Self::empty();
        if bytes.len() == BITS_BYTES {
            let (words, _) = bytes.as_chunks::<8>();
            for (bits, word) in block.0.iter_mut().zip(words) {
                *bits = u64::from_le_bytes(*word);
            }
            return Ok(block);
        }
        let (places, rest) = bytes.as_chunks::<PLACE_BYTES>();
        for place in places {
            let place = usize::from(u16::from_le_bytes(*place));
            if place >= TICKETS as usize {
                return Err(broken());
            }
            block.insert(place);
        }
        match rest {
            [] => Ok(block),
            _ => Err(broken()),
        }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let n_places = self.len();
        if n_places * PLACE_BYTES >= BITS_BYTES {
            return self.0.iter().flat_map(|bits| bits.to_le_bytes()).collect();
        }
        let places = self.places();
        places
            .flat_map(|place| (place as u16).to_le_bytes())
            .collect()
    }

    /// False: it is in there already.
    pub(super) fn insert(&mut self, place: usize) -> bool {
        let bit = 1 << (place % 64);
        let was = self.0[place / 64] & bit != 0;
        self.0[place / 64] |= bit;
        !was
    }

    /// False: it is not in there.
    pub(super) fn remove(&mut self, place: usize) -> bool {
        let bit = 1 << (place % 64);
        let was = self.0[place / 64] & bit != 0;
        self.0[place / 64] &= !bit;
        was
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|bits| bits.count_ones() as usize).sum()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }

    /// With the tickets of another.
    pub(super) fn join(&mut self, other: &Self) {
        for (bits, others) in self.0.iter_mut().zip(other.0) {
            *bits |= others;
        }
    }

    /// Without those that another has not.
    pub(super) fn meet(&mut self, other: &Self) {
        for (bits, others) in self.0.iter_mut().zip(other.0) {
            *bits &= others;
        }
    }

    /// Without those from this place on.
    pub(super) fn cut(&mut self, from: usize) {
        for (index, bits) in self.0.iter_mut().enumerate() {
            let kept = from.saturating_sub(index * 64);
            if kept < 64 {
                *bits &= (1 << kept) - 1;
            }
        }
    }

    /// From the first to the last.
    pub(super) fn places(&self) -> impl DoubleEndedIterator<Item = usize> {
        (0..TICKETS as usize).filter(|place| self.0[place / 64] & (1 << (place % 64)) != 0)
    }
}

fn broken() -> StoreError {
    StoreError::Broken("a block of the search index is not one".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_read_as_it_was_written_in_either_form() {
        for n_places in [0, 1, 255, 256, 257, 4_096] {
            let mut block = Block::empty();
            for place in 0..n_places {
                assert!(block.insert(place * 16 % 4_096 + place / 256));
            }
            let bytes = block.bytes();
            assert_eq!(bytes.len(), (n_places * 2).min(512), "{n_places}");
            assert_eq!(Block::of(&bytes), Ok(block));
        }
    }

    #[test]
    fn what_is_no_block_is_refused() {
        for bytes in [vec![0], vec![0, 16], vec![0; 511]] {
            assert_eq!(Block::of(&bytes), Err(broken()), "{bytes:?}");
        }
    }

    #[test]
    fn blocks_meet_and_join() {
        let of = |places: &[usize]| {
            let mut block = Block::empty();
            for place in places {
                block.insert(*place);
            }
            block
        };
        let mut met = of(&[1, 64, 4_095]);
        met.meet(&of(&[64, 65, 4_095]));
        assert_eq!(met, of(&[64, 4_095]));
        assert!(met.remove(64) && !met.remove(64));
        let mut cut = of(&[0, 63, 64, 65, 200, 4_095]);
        cut.cut(4_096);
        assert_eq!(cut.len(), 6);
        cut.cut(65);
        assert_eq!(cut, of(&[0, 63, 64]));
        cut.cut(0);
        assert!(cut.is_empty());
        met.join(&of(&[0]));
        assert_eq!(met.places().rev().collect::<Vec<_>>(), [4_095, 0]);
        assert_eq!(place(8_191), (1, 4_095));
    }
}
