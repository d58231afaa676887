//! What an enrolment token may be, wherever it is made.

use std::time::Duration;

/// Devices that one may let in.
pub const MOST_USES: u32 = 10_000;
/// How long one may hold, days.
const MOST_DAYS: u64 = 30;
/// How long one may hold.
pub const LONGEST_LIFE: Duration = Duration::from_secs(MOST_DAYS * 86_400);

/// Reads how long one is to hold: `90s`, `30m`, `24h`, `7d`.
///
/// # Errors
/// In words: what is no length of time, or longer than it may be.
pub fn life(text: &str) -> Result<Duration, String> {
    let wrong = || {
        format!(
            "'{text}' is no length of time; write 90s, 30m, 24h or 7d, {MOST_DAYS} days at most"
        )
    };
    let unit = match text.chars().next_back() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 3_600,
        Some('d') => 86_400,
        Some(_) | None => return Err(wrong()),
    };
    let n: u64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    let seconds = n
        .checked_mul(unit)
        .filter(|seconds| (1..=LONGEST_LIFE.as_secs()).contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_have_a_unit_and_an_end() {
        assert_eq!(life("30m"), Ok(Duration::from_secs(1_800)));
        assert_eq!(life("30d"), Ok(LONGEST_LIFE));
        for wrong in ["", "h", "1", "0h", "31d", "1é", "99999999999999999999d"] {
            assert!(life(wrong).is_err(), "{wrong}");
        }
    }
}
