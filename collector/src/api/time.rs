//! Times as people and programs exchange them: RFC 3339 in UTC.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

use super::Problem;

/// The collector's clock, microseconds since 1970 UTC.
pub(super) fn now_us() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_micros() as i64)
}

/// As it stands in JSON.
pub(super) fn shown(us: i64) -> String {
    Timestamp::from_microsecond(us).map_or_else(|_| us.to_string(), |time| time.to_string())
}

/// As a query names it.
pub(super) fn read(field: &'static str, text: &str) -> Result<i64, Problem> {
    text.parse::<Timestamp>()
        .map(|time| time.as_microsecond())
        .map_err(|_| {
            Problem::field(field, format!("{text:?} is not a time"))
                .remedy("write it as 2026-11-23T10:15:00Z")
        })
}
