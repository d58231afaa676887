//! How often somebody may come without a good signature, and how much one source may send.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use tokio::time::Instant;

use super::super::Problem;
use crate::wording::{Wording, wording};

/// Messages without a good signature from one address in a minute; then it waits.
const REFUSED_PER_MINUTE: usize = 20;
/// Messages of one source in a minute.
const TAKEN_PER_MINUTE: usize = 300;
const MINUTE: Duration = Duration::from_secs(60);
/// Addresses and sources that are remembered; then those are forgotten that did nothing lately.
const MOST_REMEMBERED: usize = 10_000;

/// When each address was refused and when each source was heard.
#[derive(Default)]
pub(crate) struct Brakes {
    refused: Mutex<HashMap<Option<IpAddr>, VecDeque<Instant>>>,
    taken: Mutex<HashMap<String, VecDeque<Instant>>>,
}

impl Brakes {
    /// Whether this address may try.
    pub(super) fn is_patient_with(
        &self,
        address: Option<IpAddr>,
        now: Instant,
    ) -> Result<(), Problem> {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = refused
            .get_mut(&address)
            .and_then(|times| wait(times, REFUSED_PER_MINUTE, now));
        wait.map_or(Ok(()), |wait| {
            Err(slower(wording!("refused messages of one address"), wait))
        })
    }

    /// Counts a message that was not signed.
    pub(super) fn was_refused(&self, address: Option<IpAddr>, now: Instant) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        note(&mut refused, address, now);
    }

    /// Counts a signed message, unless there were too many.
    pub(super) fn take(&self, source: &str, now: Instant) -> Result<(), Problem> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let times = taken.get_mut(source);
        if let Some(wait) = times.and_then(|times| wait(times, TAKEN_PER_MINUTE, now)) {
            return Err(slower(wording!("messages of one source"), wait));
        }
        note(&mut taken, source.to_owned(), now);
        Ok(())
    }
}

/// How long it is until one more of a minute is allowed; none: it is.
fn wait(times: &mut VecDeque<Instant>, most: usize, now: Instant) -> Option<Duration> {
    while times.front().is_some_and(|at| *at + MINUTE <= now) {
        times.pop_front();
    }
    let in_the_way = times.get(times.len().checked_sub(most)?)?;
    Some((*in_the_way + MINUTE).duration_since(now))
}

fn note<K: Eq + Hash>(all: &mut HashMap<K, VecDeque<Instant>>, key: K, now: Instant) {
    if all.len() >= MOST_REMEMBERED {
        all.retain(|_, times| times.back().is_some_and(|at| *at + MINUTE > now));
    }
    // A flood from everywhere is not remembered one by one.
    if all.len() < MOST_REMEMBERED || all.contains_key(&key) {
        all.entry(key).or_default().push_back(now);
    }
}

fn slower(what: Wording, wait: Duration) -> Problem {
    let seconds = u32::try_from(wait.as_secs())
        .unwrap_or(u32::MAX)
        .saturating_add(1);
    Problem {
        retry_after: Some(seconds),
        ..Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many",
            wording!("too many {} in a minute", what),
        )
    }
    .remedy(wording!("again in {} s", seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_refused_too_often_waits_and_nobody_else_does() {
        let brakes = Brakes::default();
        let (one, other) = (
            Some(IpAddr::from([192, 0, 2, 1])),
            Some(IpAddr::from([192, 0, 2, 2])),
        );
        let start = Instant::now();
        for _ in 0..REFUSED_PER_MINUTE {
            assert!(brakes.is_patient_with(one, start).is_ok());
            brakes.was_refused(one, start);
        }
        let refused = brakes.is_patient_with(one, start + MINUTE / 2).unwrap_err();
        assert_eq!(
            (refused.status, refused.retry_after),
            (StatusCode::TOO_MANY_REQUESTS, Some(31))
        );
        assert!(brakes.is_patient_with(other, start).is_ok());
        assert!(brakes.is_patient_with(one, start + MINUTE).is_ok());
    }

    #[test]
    fn a_source_sends_so_much_in_a_minute() {
        let brakes = Brakes::default();
        let start = Instant::now();
        for _ in 0..TAKEN_PER_MINUTE {
            assert!(brakes.take("glpi", start).is_ok());
        }
        assert!(brakes.take("glpi", start).is_err());
        assert!(brakes.take("other", start).is_ok());
        assert!(brakes.take("glpi", start + MINUTE).is_ok());
    }

    #[test]
    fn a_flood_from_everywhere_takes_no_more_room_than_this() {
        let brakes = Brakes::default();
        let start = Instant::now();
        for n in 0..MOST_REMEMBERED as u32 + 100 {
            brakes.was_refused(Some(IpAddr::from(n.to_be_bytes())), start);
        }
        assert_eq!(brakes.refused.lock().unwrap().len(), MOST_REMEMBERED);
        brakes.was_refused(None, start + MINUTE);
        assert_eq!(brakes.refused.lock().unwrap().len(), 1);
    }
}
