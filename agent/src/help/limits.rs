//! How much one user may ask, so that nobody keeps the agent or another user waiting. Pure.

use std::collections::HashMap;

/// Connections of all users at a time.
pub const OPEN: usize = 16;
/// Of one user.
pub const OPEN_OF_ONE: usize = 4;
/// Questions of one user at once,
pub const AT_ONCE: i64 = 20;
/// and one more after each of these.
pub const EVERY_US: i64 = 1_000_000;
/// Users whose questions are counted; further ones wait until one of these is forgotten.
const USERS: usize = 256;
/// What one user has said and was not sent yet, at most.
pub const WAITS_OF_ONE: usize = 10;
/// The same of all users.
pub const WAITS: usize = 40;

/// What the users have open, and how often they have asked.
#[derive(Debug, Default)]
pub struct Counts {
    open: HashMap<u32, usize>,
    /// When all that a user has asked would be paid for, at `EVERY_US` each.
    paid_us: HashMap<u32, i64>,
}

/// Why a connection is not heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    Places,
    Often,
}

impl Counts {
    /// One more connection of a user. `now_us`: a clock that never jumps.
    pub fn open(&mut self, user: u32, now_us: i64) -> Result<(), Full> {
        let of_one = self.open.get(&user).copied().unwrap_or(0);
        if of_one >= OPEN_OF_ONE || self.open.values().sum::<usize>() >= OPEN {
            return Err(Full::Places);
        }
        self.paid_us.retain(|_, paid_us| *paid_us > now_us);
        let paid_us = self.paid_us.get(&user).copied().unwrap_or(now_us);
        let is_new = !self.paid_us.contains_key(&user);
        let is_often = paid_us - now_us > (AT_ONCE - 1) * EVERY_US;
        if is_often || (is_new && self.paid_us.len() >= USERS) {
            return Err(Full::Often);
        }
        self.paid_us.insert(user, paid_us + EVERY_US);
        *self.open.entry(user).or_default() += 1;
        Ok(())
    }

    /// It is closed.
    pub fn close(&mut self, user: u32) {
        if let Some(n_open) = self.open.get_mut(&user) {
            *n_open -= 1;
            if *n_open == 0 {
                self.open.remove(&user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_user_does_not_take_the_places_of_all() {
        let mut counts = Counts::default();
        for _ in 0..OPEN_OF_ONE {
            assert_eq!(counts.open(1, 0), Ok(()));
        }
        assert_eq!(counts.open(1, 0), Err(Full::Places));
        for user in 2..5 {
            for _ in 0..OPEN_OF_ONE {
                assert_eq!(counts.open(user, 0), Ok(()));
            }
        }
        assert_eq!(counts.open(9, 0), Err(Full::Places));
        counts.close(1);
        assert_eq!(counts.open(9, 0), Ok(()));
    }

    #[test]
    fn who_asks_often_waits_and_others_do_not() {
        let mut counts = Counts::default();
        let mut ask = |user, now_us| {
            let asked = counts.open(user, now_us);
            if asked.is_ok() {
                counts.close(user);
            }
            asked
        };
        for _ in 0..AT_ONCE {
            assert_eq!(ask(1, 5), Ok(()));
        }
        assert_eq!(ask(1, 5), Err(Full::Often));
        assert_eq!(ask(2, 5), Ok(()));
        assert_eq!(ask(1, 5 + EVERY_US), Ok(()));
        assert_eq!(ask(1, 5 + EVERY_US), Err(Full::Often));
        for user in 3..1000 {
            ask(user, 5 + EVERY_US).ok();
        }
        assert_eq!(ask(1000, 5 + EVERY_US), Err(Full::Often));
        assert_eq!(ask(1000, 5 + 100 * EVERY_US), Ok(()));
    }
}
