//! The collector's clock.

use std::time::SystemTime;

/// Microseconds since 1970 UTC.
pub fn now_us() -> i64 {
    SystemTime::UNIX_EPOCH
        .elapsed()
        .map_or(0, |since| since.as_micros() as i64)
}
