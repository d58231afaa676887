//! When a delivery is tried again, and when no more: pure, the time and the drawn number are given.

use std::time::Duration;

/// Before each attempt, seconds: the schedule of the Standard Webhooks specification, three days and four hours in all.
const DELAYS_S: [u64; 10] = [
    0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400,
];
/// What the receiver refuses is not tried so long: it would refuse it again, and everything behind it waits.
const ATTEMPTS_WHEN_REFUSED: u32 = 4;
/// A delay is longer by up to this part of it, so that what failed together does not come together.
const JITTER_PERCENT: u64 = 20;
/// A receiver may ask for so much and no more.
const LONGEST_PAUSE: Duration = Duration::from_secs(86_400);

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Status 2xx.
    Taken { status: u16 },
    /// Another status, and for how long the receiver asks to be left alone.
    Status {
        status: u16,
        retry_after: Option<Duration>,
    },
    /// None came, and why.
    None(String),
}

/// What is done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Done,
    /// Again, after so long.
    Again(Duration),
    /// It will not be delivered, and what comes behind it is tried.
    Dead,
    /// The receiver wants nothing more.
    Gone,
    /// Nobody has answered for all of the schedule: nothing is tried before somebody has looked.
    Disable,
}

/// After attempt number `n_attempts` (from 1). `drawn`: any number, for the jitter.
pub(crate) fn next(answer: &Answer, n_attempts: u32, drawn: u64) -> Next {
    let (is_refused, retry_after) = match answer {
        Answer::Taken { .. } => return Next::Done,
        Answer::Status { status: 410, .. } => return Next::Gone,
        Answer::Status {
            status,
            retry_after,
        } => (is_refusal(*status), *retry_after),
        Answer::None(_) => (false, None),
    };
    if is_refused && n_attempts >= ATTEMPTS_WHEN_REFUSED {
        return Next::Dead;
    }
    let Some(delay) = DELAYS_S.get(n_attempts as usize) else {
        return Next::Disable;
    };
    let longest_jitter = delay * 1_000 * JITTER_PERCENT / 100;
    let jitter = drawn.checked_rem(longest_jitter + 1).unwrap_or_default();
    let delay = Duration::from_millis(delay * 1_000 + jitter);
    Next::Again(delay.max(retry_after.unwrap_or_default().min(LONGEST_PAUSE)))
}

/// What a receiver says of the message, and not of itself.
fn is_refusal(status: u16) -> bool {
    let is_its_own_trouble = matches!(status, 408 | 421 | 425 | 429);
    (300..500).contains(&status) && !is_its_own_trouble
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16) -> Answer {
        Answer::Status {
            status,
            retry_after: None,
        }
    }

    #[track_caller]
    fn check(answer: &Answer, n_attempts: u32, expected: Next) {
        assert_eq!(
            next(answer, n_attempts, 0),
            expected,
            "{answer:?} {n_attempts}"
        );
    }

    const fn again(seconds: u64) -> Next {
        Next::Again(Duration::from_secs(seconds))
    }

    #[test]
    fn who_does_not_answer_is_tried_by_the_schedule_and_then_disabled() {
        let silent = Answer::None("refused".into());
        let delays = (1..10).map(|n| next(&silent, n, 0));
        let expected = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].map(again);
        assert_eq!(delays.collect::<Vec<_>>(), expected);
        check(&silent, 10, Next::Disable);
        check(&status(500), 9, again(86_400));
        check(&status(503), 10, Next::Disable);
    }

    #[test]
    fn what_is_refused_gives_way_to_what_comes_behind_it() {
        for refusal in [301, 400, 404, 422] {
            check(&status(refusal), 3, again(1_800));
            check(&status(refusal), 4, Next::Dead);
        }
        check(&status(429), 4, again(7_200));
        check(&status(410), 1, Next::Gone);
        check(&Answer::Taken { status: 204 }, 7, Next::Done);
    }

    #[test]
    fn a_receiver_may_ask_for_a_pause_of_a_day_at_most() {
        let busy = |seconds| Answer::Status {
            status: 503,
            retry_after: Some(Duration::from_secs(seconds)),
        };
        check(&busy(60), 1, again(60));
        check(&busy(1), 1, again(5));
        check(&busy(1 << 40), 1, again(86_400));
    }

    #[test]
    fn a_delay_is_up_to_a_fifth_longer() {
        let silent = Answer::None(String::new());
        let mut seen = std::collections::BTreeSet::new();
        for drawn in (0..5_000).chain([u64::MAX]) {
            let Next::Again(delay) = next(&silent, 1, drawn) else {
                panic!("it is not tried again");
            };
            assert!((5_000..=6_000).contains(&delay.as_millis()), "{delay:?}");
            seen.insert(delay);
        }
        assert!(seen.len() > 900);
    }
}
