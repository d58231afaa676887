//! Times as people write them: "2026-11-24", "2026-11-24 09:00", "-2h", "2h ago", "+90m", or RFC 3339.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// As an argument: what the collector takes, RFC 3339.
pub(super) fn moment(text: &str) -> Result<String, String> {
    read(text, Timestamp::now(), &TimeZone::system()).map(|time| time.to_string())
}

/// A stretch of time as an argument, in whole minutes.
pub(super) fn minutes(text: &str) -> Result<u32, String> {
    let minutes = seconds(text.trim()).and_then(|seconds| u32::try_from(seconds / 60).ok());
    let minutes = minutes.filter(|minutes| *minutes > 0);
    minutes.ok_or_else(|| "write it as 30m, 4h or 2d".to_owned())
}

/// Days and hours are those of the reader's zone.
fn read(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    if let Ok(local) = text.parse::<DateTime>() {
        return zone.to_timestamp(local).map_err(|error| error.to_string());
    }
    let (distance, is_past) = match (text.strip_suffix("ago"), text.strip_prefix('-')) {
        (Some(distance), _) | (None, Some(distance)) => (distance, true),
        (None, None) => (text.strip_prefix('+').unwrap_or(""), false),
    };
    let seconds = seconds(distance.trim()).ok_or_else(|| {
        "write it as 2026-11-24, \"2026-11-24 09:00\", -2h, \"30m ago\" or +8h".to_owned()
    })?;
    let distance = SignedDuration::from_secs(if is_past { -seconds } else { seconds });
    now.checked_add(distance).map_err(|error| error.to_string())
}

/// "30s", "90m", "2h", "7d", "2w".
fn seconds(text: &str) -> Option<i64> {
    let unit = match text.chars().next_back()? {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        _ => return None,
    };
    let n: u32 = text[..text.len() - 1].trim().parse().ok()?;
    i64::from(n).checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let now = "2026-11-24T09:00:00Z".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let shown = match read(text, now, &zone) {
            Ok(time) => time.to_string(),
            Err(_) => "refused".to_owned(),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        check("2026-11-23T10:15:00Z", "2026-11-23T10:15:00Z");
        check("2026-11-24", "2026-11-23T23:00:00Z");
        check("2026-11-24 09:00", "2026-11-24T08:00:00Z");
        check("2026-11-24T09:00:30", "2026-11-24T08:00:30Z");
        check("-2h", "2026-11-24T07:00:00Z");
        check("2h ago", "2026-11-24T07:00:00Z");
        check("+90m", "2026-11-24T10:30:00Z");
        for wrong in ["", "2h", "yesterday", "-h", "-2y", "é ago"] {
            check(wrong, "refused");
        }
    }
}
