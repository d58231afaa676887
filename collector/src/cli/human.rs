//! Numbers as people read them, in tables only: JSON has them as they are.

use serde_json::Value;

use super::output::{exactly, plain};

/// A value of a column with this type and unit.
pub(super) fn human(value: &Value, kind: &str, unit: &str) -> String {
    match (value.as_f64(), kind, unit) {
        (_, "time", _) => exactly(value),
        (Some(n), _, "bytes") => bytes(n),
        (Some(n), _, "bytes/s") => format!("{}/s", bytes(n)),
        (Some(n), _, "%") => format!("{n:.1} %"),
        (Some(n), _, "s") => duration(n),
        (Some(n), _, "µs") => duration(n / 1e6),
        (Some(_), _, unit) if !unit.is_empty() => format!("{} {unit}", plain(value)),
        _ => plain(value),
    }
}

fn bytes(n: f64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut n = n;
    let mut unit = 0;
    while n.abs() >= 1_024.0 && unit + 1 < UNITS.len() {
        n /= 1_024.0;
        unit += 1;
    }
    match unit {
        0 => format!("{n} B"),
        unit => format!("{n:.1} {}", UNITS[unit]),
    }
}

fn duration(seconds: f64) -> String {
    let whole = seconds.abs() as u64;
    let (days, hours, minutes) = (whole / 86_400, whole / 3_600 % 24, whole / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{} s", (seconds * 10.0).round() / 10.0),
        (0, 0, minutes) => format!("{minutes} min {} s", whole % 60),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(value: Value, kind: &str, unit: &str, expected: &str) {
        assert_eq!(human(&value, kind, unit), expected);
    }

    #[test]
    fn numbers_with_a_unit_are_readable() {
        check(json!(512), "integer", "bytes", "512 B");
        check(json!(53_687_091_200_u64), "integer", "bytes", "50.0 GiB");
        check(json!(97.25), "real", "%", "97.2 %");
        check(json!(0.04), "real", "s", "0 s");
        check(json!(12.34), "real", "s", "12.3 s");
        check(json!(3_725), "integer", "s", "1 h 2 min");
        check(json!(200_000), "integer", "s", "2 d 7 h");
        check(json!(65_000_000), "integer", "µs", "1 min 5 s");
        check(json!(3), "integer", "", "3");
        check(json!(1000), "integer", "bit/s", "1000 bit/s");
        check(json!("x"), "text", "bytes", "x");
        check(Value::Null, "integer", "bytes", "");
    }
}
