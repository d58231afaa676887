//! How much one person may ask of the fleet. The only place where that is decided.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::wording::{Wording, wording};

/// Orders that one account may give in a minute.
pub const ORDERS_PER_MINUTE: usize = 30;
/// Devices that one request may name.
const DEVICES_PER_REQUEST: usize = 20;
const MINUTE: Duration = Duration::from_secs(60);

/// More than the brakes allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.wording())]
pub enum TooMany {
    Orders { again_in: Duration },
    Devices { found: usize },
}

impl TooMany {
    pub(crate) fn wording(self) -> Wording {
        match self {
            Self::Orders { .. } => wording!(
                "{} orders a minute are the most for one account",
                ORDERS_PER_MINUTE
            ),
            Self::Devices { found } => wording!(
                "{} devices, where {} are the most for one request",
                found,
                DEVICES_PER_REQUEST
            ),
        }
    }
}

/// Whether one request may name so many devices.
///
/// # Errors
/// It may not.
pub fn few_enough(n_devices: usize) -> Result<(), TooMany> {
    match n_devices > DEVICES_PER_REQUEST {
        true => Err(TooMany::Devices { found: n_devices }),
        false => Ok(()),
    }
}

/// When each account gave its last orders.
#[derive(Default)]
pub(super) struct Brakes(Mutex<HashMap<i64, VecDeque<Instant>>>);

impl Brakes {
    /// Takes `n` orders of an account's minute: all of them, or none.
    pub(super) fn take(&self, account_key: i64, n: usize, now: Instant) -> Result<(), TooMany> {
        few_enough(n)?;
        let mut given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let given = given.entry(account_key).or_default();
        while given.front().is_some_and(|at| *at + MINUTE <= now) {
            given.pop_front();
        }
        let too_many = (given.len() + n).saturating_sub(ORDERS_PER_MINUTE);
        if let Some(in_the_way) = too_many.checked_sub(1).and_then(|last| given.get(last)) {
            return Err(TooMany::Orders {
                again_in: (*in_the_way + MINUTE).duration_since(now),
            });
        }
        given.extend(std::iter::repeat_n(now, n));
        Ok(())
    }

    /// Orders that were taken at `at` and did not come about count for nothing.
    pub(super) fn give_back(&self, account_key: i64, n: usize, at: Instant) {
        let mut given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(given) = given.get_mut(&account_key) else {
            return;
        };
        for _ in 0..n {
            if let Some(place) = given.iter().rposition(|taken| *taken == at) {
                given.remove(place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thirty_first_order_of_a_minute_waits_for_the_first_to_be_a_minute_old() {
        let brakes = Brakes::default();
        let start = Instant::now();
        let after = |ms| start + Duration::from_millis(ms);
        for n in 0..ORDERS_PER_MINUTE as u64 {
            assert_eq!(brakes.take(1, 1, after(n)), Ok(()));
        }
        let in_ms = |ms| {
            let again_in = Duration::from_millis(ms);
            Err(TooMany::Orders { again_in })
        };
        assert_eq!(brakes.take(1, 1, after(59_999)), in_ms(1));
        assert_eq!(brakes.take(1, 5, after(59_999)), in_ms(5));
        assert_eq!(brakes.take(2, 1, after(6)), Ok(()));
        assert_eq!(brakes.take(1, 1, after(60_000)), Ok(()));
    }

    #[test]
    fn a_request_that_asks_too_much_takes_nothing() {
        let brakes = Brakes::default();
        let now = Instant::now();
        let found = DEVICES_PER_REQUEST + 1;
        assert_eq!(brakes.take(1, found, now), Err(TooMany::Devices { found }));
        assert_eq!(brakes.take(1, DEVICES_PER_REQUEST, now), Ok(()));
        assert!(brakes.take(1, DEVICES_PER_REQUEST, now).is_err());
        let rest = ORDERS_PER_MINUTE - DEVICES_PER_REQUEST;
        assert_eq!(brakes.take(1, rest, now), Ok(()));
    }

    #[test]
    fn what_was_refused_is_given_back() {
        let brakes = Brakes::default();
        let start = Instant::now();
        let later = start + Duration::from_secs(1);
        assert_eq!(brakes.take(1, 20, start), Ok(()));
        assert_eq!(brakes.take(1, 10, later), Ok(()));
        brakes.give_back(1, 10, later);
        assert_eq!(brakes.take(1, 10, later), Ok(()));
        assert!(brakes.take(1, 1, later).is_err());
    }
}
