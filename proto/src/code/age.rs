//! How long something has lasted, in 7 bits: a small floating-point number of minutes, wrong by an eighth at most.

use std::time::Duration;

/// Of the exponent and of what stands before it.
const FRACTION_BITS: u32 = 3;
const FRACTIONS: u64 = 1 << FRACTION_BITS;
/// Nobody knows.
const UNKNOWN: u8 = 127;
/// About 157 days, and whatever is longer.
const LONGEST: u8 = 126;

/// A step of that scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age(u8);

impl Age {
    /// The step that begins no later. `None`: nobody knows.
    pub fn of(age: Option<Duration>) -> Self {
        let Some(age) = age else {
            return Self(UNKNOWN);
        };
        let minutes = age.as_secs() / 60;
        if minutes < FRACTIONS {
            return Self(minutes as u8);
        }
        // As the bits of a floating-point number: exponent, then what follows the leading one.
        let exponent = minutes.ilog2() - FRACTION_BITS;
        let fraction = (minutes >> exponent) - FRACTIONS;
        let step = u64::from(exponent + 1) * FRACTIONS + fraction;
        Self(step.min(LONGEST.into()) as u8)
    }

    /// Where the step begins. `None`: nobody knows.
    pub fn at_least(self) -> Option<Duration> {
        let step = u64::from(self.0);
        let minutes = match (self.0, step / FRACTIONS) {
            (UNKNOWN, _) => return None,
            (_, 0) => step,
            (_, exponent) => (FRACTIONS + step % FRACTIONS) << (exponent - 1),
        };
        Some(Duration::from_secs(minutes * 60))
    }

    pub(super) fn step(self) -> u8 {
        self.0
    }

    pub(super) fn from_step(step: u8) -> Self {
        Self(step.min(UNKNOWN))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn minutes(n: u64) -> Duration {
        Duration::from_secs(n * 60)
    }

    #[test]
    fn steps_grow_with_what_they_measure() {
        let begins = |step| Age::from_step(step).at_least();
        assert_eq!(begins(0), Some(minutes(0)));
        assert_eq!(begins(7), Some(minutes(7)));
        assert_eq!(begins(8), Some(minutes(8)));
        assert_eq!(begins(16), Some(minutes(16)));
        assert_eq!(begins(17), Some(minutes(18)));
        assert_eq!(begins(LONGEST), Some(minutes(14 << 14)));
        assert_eq!(begins(UNKNOWN), None);
        for step in 0..LONGEST {
            assert!(begins(step) < begins(step + 1), "{step}");
            assert_eq!(Age::of(begins(step)).step(), step);
        }
        assert_eq!(Age::of(Some(Duration::MAX)), Age::from_step(LONGEST));
        assert_eq!(Age::of(None), Age::from_step(UNKNOWN));
    }

    proptest! {
        #[test]
        fn a_step_is_wrong_by_an_eighth_at_most(n in 0_u64..14 << 14) {
            let told = Age::of(Some(minutes(n))).at_least().unwrap();
            prop_assert!(told <= minutes(n));
            prop_assert!((minutes(n) - told).as_secs() * 8 <= minutes(n).as_secs());
        }
    }
}
