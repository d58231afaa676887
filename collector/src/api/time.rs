//! Times as people and programs exchange them: RFC 3339 in UTC.

use jiff::Timestamp;

use super::Problem;
pub(super) use crate::clock::now_us;
use crate::wording::wording;

/// Whole seconds from now to then, one at least.
pub(super) fn seconds_until(us: i64) -> u32 {
    u32::try_from((us - now_us()) / 1_000_000 + 1).map_or(1, |seconds| seconds.max(1))
}

/// How long it is until then, for a person: "8 s", "3 min".
pub(super) fn wait(us: i64) -> String {
    match seconds_until(us) {
        seconds @ ..120 => format!("{seconds} s"),
        seconds => format!("{} min", seconds.div_ceil(60)),
    }
}

/// As it stands in JSON.
pub(crate) fn shown(us: i64) -> String {
    Timestamp::from_microsecond(us).map_or_else(|_| us.to_string(), |time| time.to_string())
}

/// As a query names it.
pub(super) fn read(field: &'static str, text: &str) -> Result<i64, Problem> {
    text.parse::<Timestamp>()
        .map(|time| time.as_microsecond())
        .map_err(|_| {
            Problem::field(field, wording!("{} is not a time", ?text))
                .remedy(wording!("write it as 2026-11-23T10:15:00Z"))
        })
}
