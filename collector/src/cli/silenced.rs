//! Why a finding opens nothing, in a line beside the finding.

use serde_json::Value;

use super::output::{field, when};

/// "accepted by ann until 2026-12-01 09:00: a new disk is ordered"; empty: nothing silences it.
pub(super) fn told(finding: &Value) -> String {
    let silenced = &finding["silenced"];
    let what = match silenced["kind"].as_str() {
        None => return String::new(),
        Some("acceptance") => "accepted",
        Some("mute") => "muted",
        Some("maintenance") => "maintenance, planned",
        Some(other) => other,
    };
    let until = match silenced["until"].is_null() {
        true => "until it changes".to_owned(),
        false => format!("until {}", when(&silenced["until"])),
    };
    let (by, reason) = (field(silenced, "by"), field(silenced, "reason"));
    format!("{what} by {by} {until}: {reason}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_kind_has_its_word() {
        let of = |kind: &str, until: Value| {
            told(&json!({"silenced": {"kind": kind, "by": "ann", "reason": "so", "until": until}}))
        };
        assert_eq!(of("mute", Value::Null), "muted by ann until it changes: so");
        let at = json!("2026-12-01T09:00:00Z");
        let shown = when(&at);
        assert_eq!(
            of("acceptance", at.clone()),
            format!("accepted by ann until {shown}: so")
        );
        assert_eq!(
            of("maintenance", at),
            format!("maintenance, planned by ann until {shown}: so")
        );
        assert_eq!(told(&json!({"silenced": null})), "");
    }
}
