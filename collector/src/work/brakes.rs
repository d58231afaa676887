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
    /// Takes one order of an account's minute.
    pub(super) fn take(&self, account_key: i64, now: TimeUs) -> Result<(), TooMany> {
        let mut given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let given = given.entry(account_key).or_default();
        while given.front().is_some_and(|at| at + MINUTE_US <= now) {
            given.pop_front();
        }
        if let Some(first) = given.front().filter(|_| given.len() >= ORDERS_PER_MINUTE) {
            return Err(TooMany::Orders {
                again_at: first + MINUTE_US,
            });
        }
        given.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thirty_first_order_of_a_minute_waits_for_the_first_to_be_a_minute_old() {
        let brakes = Brakes::default();
        for _ in 0..ORDERS_PER_MINUTE {
            assert_eq!(brakes.take(1, 5), Ok(()));
        }
        let again_at = 5 + MINUTE_US;
        assert_eq!(
            brakes.take(1, again_at - 1),
            Err(TooMany::Orders { again_at })
        );
        assert_eq!(brakes.take(2, 6), Ok(()));
        assert_eq!(brakes.take(1, again_at), Ok(()));
    }
}
