//! Roll-ups: minimum, mean and maximum of each series over each step.

use std::collections::BTreeMap;

use super::block::Block;

/// Of each series three: minimum, mean and maximum over each step, under its number times three and the two next.
pub(super) fn rolled_up(block: &Block, step: i64) -> Block {
    let mut rolled = Block::default();
    for (number, values) in &block.series {
        let mut slots: BTreeMap<i64, (i64, i128, i64, i128)> = BTreeMap::new();
        for (at, value) in values {
            let slot = at.div_euclid(step) * step;
            let (least, sum, most, count) = slots.entry(slot).or_insert((*value, 0, *value, 0));
            *least = (*least).min(*value);
            *most = (*most).max(*value);
            *sum += i128::from(*value);
            *count += 1;
        }
        let Some(first) = number.checked_mul(3) else {
            continue;
        };
        for (slot, (least, sum, most, count)) in slots {
            // Between the least and the most, so it fits.
            let mean = i64::try_from(sum.div_euclid(count.max(1))).unwrap_or(least);
            for (kind, value) in (0..).zip([least, mean, most]) {
                rolled.add(first + kind, slot, value);
            }
        }
    }
    rolled
}

/// A day's roll-up with samples that came when the day's own were forgotten: a step that it lacks is theirs, one that it
/// has is widened. Its mean stays as it was made of all samples that had come; of how many is not kept.
pub(super) fn widened(mut stored: Block, late: Block) -> Block {
    for (number, values) in late.series {
        let known: BTreeMap<i64, i64> = stored
            .series
            .get(&number)
            .map(|known| known.iter().copied().collect())
            .unwrap_or_default();
        for (slot, value) in values {
            let value = match (known.get(&slot), number % 3) {
                (Some(known), 0) => value.min(*known),
                (Some(known), 1) => *known,
                (Some(known), _) => value.max(*known),
                (None, _) => value,
            };
            stored.add(number, slot, value);
        }
    }
    stored
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Samples of series 0 in steps of 10, as a roll-up.
    fn of(samples: &[(i64, i64)]) -> Block {
        let mut block = Block::default();
        for (at, value) in samples {
            block.add(0, *at, *value);
        }
        rolled_up(&block, 10)
    }

    #[test]
    fn what_comes_late_widens_and_adds_but_takes_nothing_away() {
        let stored = of(&[(0, 4), (1, 6), (20, 7)]);
        let widened = widened(stored, of(&[(2, 100), (3, 5), (11, 1)]));
        let kind = |kind: u32| widened.series[&kind].clone();
        assert_eq!(kind(0), [(0, 4), (10, 1), (20, 7)]);
        assert_eq!(kind(1), [(0, 5), (10, 1), (20, 7)]);
        assert_eq!(kind(2), [(0, 100), (10, 1), (20, 7)]);
    }
}
