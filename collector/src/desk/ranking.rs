//! In which order tickets that were found are shown: what says it in the title before what says it somewhere, rare words
//! before common ones, what was written exactly so before its relatives, new before old.
//!
//! BM25F: S. Robertson, H. Zaragoza, M. Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004, formulas 1 and 3,
//! with the logarithm of Lucene's BM25 (1 + …), which is never negative. The age is our own: each score is halved over time down
//! to half. Counts are whole numbers and sums go in the order of the question, so that the order is the same whatever store
//! the tickets came from.

/// How much saying it again adds (the paper's k1),
const K1: f64 = 1.2;
/// and how much a long ticket's words count less (its b).
const B: f64 = 0.75;
const IN_TITLE: u32 = 5;
const AS_NAME: u32 = 3;
/// After so long, half of what age can take is taken.
const HALF_LIFE_US: f64 = 90.0 * 86_400e6;
/// What age leaves.
const LEAST_OF_AGE: f64 = 0.5;

/// How often a word stands on a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Occurrence {
    pub in_title: u32,
    pub in_text: u32,
    /// It is in the name of who asks or of a device.
    pub is_name: bool,
}

/// How a word on a ticket is one that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    Exactly,
    /// By its stem.
    Related,
    /// It begins so.
    Beginning,
}

/// A ticket that has all words that were needed.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub number: i64,
    /// Microseconds since 1970 UTC.
    pub opened_at: i64,
    /// How many words it has.
    pub n_words: i64,
    /// For each word of the question, in its order: the sum of [`weight`] over those of the ticket's that are one.
    pub weights: Vec<u32>,
}

/// What a word of a ticket adds to one that was asked for.
pub fn weight(found: Occurrence, closeness: Closeness) -> u32 {
    let tenths = match closeness {
        Closeness::Exactly => 10,
        Closeness::Related => 7,
        Closeness::Beginning => 5,
    };
    let named = if found.is_name { AS_NAME } else { 0 };
    tenths * (found.in_title * IN_TITLE + found.in_text + named)
}

/// How much a word says that so many of all tickets have.
pub fn rarity(n_with: i64, n_all: i64) -> f64 {
    let n_with = n_with.clamp(0, n_all) as f64;
    (1.0 + (n_all as f64 - n_with + 0.5) / (n_with + 0.5)).ln()
}

/// The numbers, best first. `rarities`: of each word of the question.
pub fn rank(candidates: &[Candidate], rarities: &[f64]) -> Vec<i64> {
    let newest = candidates.iter().map(|one| one.opened_at).max();
    let newest = newest.unwrap_or_default();
    let n_words: i64 = candidates.iter().map(|one| one.n_words).sum();
    let mean = (n_words as f64 / candidates.len().max(1) as f64).max(1.0);
    let score = |one: &Candidate| {
        let length = 1.0 - B + B * one.n_words as f64 / mean;
        let words = one.weights.iter().zip(rarities).map(|(weight, rarity)| {
            let often = f64::from(*weight) / 10.0 / length;
            rarity * often * (K1 + 1.0) / (K1 + often)
        });
        let age = newest.saturating_sub(one.opened_at) as f64 / HALF_LIFE_US;
        words.sum::<f64>() * (LEAST_OF_AGE + (1.0 - LEAST_OF_AGE) * (-age).exp2())
    };
    let mut scored: Vec<(f64, i64)> = candidates
        .iter()
        .map(|one| (score(one), one.number))
        .collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0).then(other.1.cmp(&one.1)));
    scored.into_iter().map(|(_, number)| number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_US: i64 = 86_400_000_000;

    fn found(number: i64, in_title: u32, in_text: u32, closeness: Closeness) -> Candidate {
        let occurrence = Occurrence {
            in_title,
            in_text,
            is_name: false,
        };
        Candidate {
            number,
            opened_at: 1_000 * DAY_US,
            n_words: 50,
            weights: vec![weight(occurrence, closeness)],
        }
    }

    #[track_caller]
    fn check(candidates: &[Candidate], expected: &[i64]) {
        assert_eq!(rank(candidates, &[2.0, 4.0]), expected);
    }

    #[test]
    fn what_stands_in_the_title_comes_first_and_what_was_said_exactly() {
        check(
            &[
                found(1, 0, 1, Closeness::Exactly),
                found(2, 1, 0, Closeness::Exactly),
                found(3, 0, 1, Closeness::Beginning),
                found(4, 0, 1, Closeness::Related),
                found(5, 0, 3, Closeness::Exactly),
            ],
            &[2, 5, 1, 4, 3],
        );
    }

    #[test]
    fn a_rare_word_counts_more_than_a_common_one() {
        let with = |number, weights: [u32; 2]| Candidate {
            weights: weights.into(),
            ..found(number, 0, 1, Closeness::Exactly)
        };
        check(&[with(1, [10, 0]), with(2, [0, 10])], &[2, 1]);
        assert!(rarity(1, 1_000) > rarity(500, 1_000));
        assert!(rarity(1_000, 1_000) > 0.0);
        assert!(rarity(5, 0).is_finite());
    }

    #[test]
    fn new_comes_before_old_but_much_older_and_better_before_new() {
        let old = |number, days: i64, in_text| Candidate {
            opened_at: (1_000 - days) * DAY_US,
            ..found(number, 0, in_text, Closeness::Exactly)
        };
        check(&[old(1, 90, 1), old(2, 0, 1)], &[2, 1]);
        check(&[old(1, 800, 2), old(2, 0, 1)], &[2, 1]);
        check(&[old(1, 90, 30), old(2, 0, 1)], &[1, 2]);
    }

    #[test]
    fn a_long_ticket_counts_less_and_of_equals_the_newest_number_is_first() {
        let long = Candidate {
            n_words: 5_000,
            ..found(3, 0, 1, Closeness::Exactly)
        };
        let equal = |number| found(number, 0, 1, Closeness::Exactly);
        check(&[long, equal(1), equal(2)], &[2, 1, 3]);
        check(&[], &[]);
    }
}
