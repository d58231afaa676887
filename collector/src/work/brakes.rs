//! How much one person may ask of the fleet. The only place where that is decided.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::store::TimeUs;

/// Orders that one account may give in a minute.
pub const ORDERS_PER_MINUTE: usize = 30;
/// Devices that one request may name.
pub const DEVICES_PER_REQUEST: usize = 20;
const MINUTE_US: i64 = 60_000_000;

/// More than the brakes allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooMany {
    #[error("{ORDERS_PER_MINUTE} orders a minute are the most for one account")]
    Orders { again_at: TimeUs },
    #[error("{found} devices, where {DEVICES_PER_REQUEST} are the most for one request")]
    Devices { found: usize },
}

/// When each account gave its last orders.
#[derive(Default)]
pub(super) struct Brakes(Mutex<HashMap<i64, VecDeque<TimeUs>>>);

impl Brakes {
    /// Takes `n` orders of an account's minute: all of them, or none.
    pub(super) fn take(&self, account_key: i64, n: usize, now: TimeUs) -> Result<(), TooMany> {
        if n > DEVICES_PER_REQUEST {
            return Err(TooMany::Devices { found: n });
        }
        let mut given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let given = given.entry(account_key).or_default();
        while given.front().is_some_and(|at| at + MINUTE_US <= now) {
            given.pop_front();
        }
        let too_many = (given.len() + n).saturating_sub(ORDERS_PER_MINUTE);
        if let Some(in_the_way) = too_many.checked_sub(1).and_then(|last| given.get(last)) {
            return Err(TooMany::Orders {
                again_at: in_the_way + MINUTE_US,
            });
        }
        given.extend(std::iter::repeat_n(now, n));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thirty_first_order_of_a_minute_waits_for_the_first_to_be_a_minute_old() {
        let brakes = Brakes::default();
        for at in 0..ORDERS_PER_MINUTE as i64 {
            assert_eq!(brakes.take(1, 1, at), Ok(()));
        }
        let later = |at| {
            Err(TooMany::Orders {
                again_at: at + MINUTE_US,
            })
        };
        assert_eq!(brakes.take(1, 1, MINUTE_US - 1), later(0));
        assert_eq!(brakes.take(1, 5, MINUTE_US - 1), later(4));
        assert_eq!(brakes.take(2, 1, 6), Ok(()));
        assert_eq!(brakes.take(1, 1, MINUTE_US), Ok(()));
    }

    #[test]
    fn a_request_that_asks_too_much_takes_nothing() {
        let brakes = Brakes::default();
        let found = DEVICES_PER_REQUEST + 1;
        assert_eq!(brakes.take(1, found, 0), Err(TooMany::Devices { found }));
        assert_eq!(brakes.take(1, DEVICES_PER_REQUEST, 0), Ok(()));
        assert!(brakes.take(1, DEVICES_PER_REQUEST, 0).is_err());
        assert_eq!(
            brakes.take(1, ORDERS_PER_MINUTE - DEVICES_PER_REQUEST, 0),
            Ok(())
        );
    }
}
