//! A ticket's timeline, as a technician reads it: who did what, and what came of it.

use serde_json::Value;

use super::super::output::{field, lines, plain, short, when};
use super::super::silenced;
use super::consents::purpose;

/// A person, or the machine that says so itself.
pub(super) fn who(event: &Value) -> String {
    let actor = field(event, "actor");
    match actor == field(event, "device") {
        true => machine(event),
        false => short(&actor),
    }
}

fn machine(event: &Value) -> String {
    match event["hostname"].as_str() {
        Some(_) => field(event, "hostname"),
        None => short(&field(event, "device")),
    }
}

/// What an event says beside its kind.
pub(super) fn said(event: &Value) -> String {
    let part = |name| field(event, name);
    match event["kind"].as_str() {
        Some("work_asked") => asked(event),
        Some("work_ended") => ended(event),
        Some("device_added" | "device_removed") => machine(event),
        Some("device_away") => {
            let seen = when(&event["seen_at"]);
            format!("{}, last heard of {seen}", machine(event))
        }
        Some("remote_opened") => format!("{} in {}", machine(event), part("tool")),
        Some("asset_added" | "asset_removed") => match event["asset_name"].as_str() {
            Some(_) => part("asset_name"),
            None => short(&part("asset")),
        },
        Some("attached") => {
            let to = match event["side"].as_str() {
                Some("technician") => ", for the requester",
                Some(_) => ", from the requester",
                None => "",
            };
            format!(
                "{}, {} bytes{to}\n{}",
                part("name"),
                part("n_bytes"),
                part("attachment")
            )
        }
        Some("snapshot_taken") => frozen(event),
        Some("consent_asked") => format!(
            "may {} be done on {}? until {}\n{}",
            purpose(event),
            machine(event),
            when(&event["expires_at"]),
            part("consent")
        ),
        Some("consent_answered") => {
            format!(
                "{}, by {}\n{}",
                part("answer"),
                part("way"),
                part("consent")
            )
        }
        Some("consent_unanswered") => {
            let why = match part("reason").as_str() {
                "silent" => "nobody has answered at the device".to_owned(),
                "nobody_there" => "nobody sits at the device".to_owned(),
                "not_shown" => "it could not be shown at the device".to_owned(),
                other => format!("not answered at the device: {other}"),
            };
            format!("{why}\n{}", part("consent"))
        }
        Some("consent_withdrawn") => part("consent"),
        Some("messaged") => {
            let meant = meant(event).map(|at| format!(", said {at}"));
            format!(
                "{}{}: {}",
                part("side"),
                meant.unwrap_or_default(),
                lines(&event["text"])
            )
        }
        Some("clock_warned") => {
            let tier = match part("tier") {
                tier if tier.is_empty() => tier,
                tier => format!(" {tier}"),
            };
            let measure = part("measure").replace('_', " ");
            match event["percent"].as_u64() {
                Some(100) => format!("{measure}{tier}: the promised time is over"),
                _ => format!(
                    "{measure}{tier}: {} % of the promised time is gone",
                    part("percent")
                ),
            }
        }
        Some(_) | None => {
            let hidden = ["number", "at", "actor", "kind", "asked"];
            let meant = meant(event).map(|at| format!("said {at}"));
            let parts = event
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(name, value)| !hidden.contains(&name.as_str()) && !value.is_null());
            let parts = parts.map(|(name, value)| match name.as_str() {
                "text" | "title" => lines(value),
                name => format!("{}: {}", name.replace('_', " "), plain(value)),
            });
            parts.chain(meant).collect::<Vec<_>>().join(", ")
        }
    }
}

/// What a snapshot is of, and the window that the ticket's own words chose for it.
fn frozen(event: &Value) -> String {
    let away = match event["partial"].as_bool() {
        Some(true) => ", of what was known: it is away",
        _ => "",
    };
    let window = spoken(&event["window"]);
    let window = window.map_or_else(String::new, |window| format!("with {window}\n"));
    let snapshot = field(event, "snapshot");
    format!("of {}{away}\n{window}{snapshot}", machine(event))
}

/// `what was measured from 2026-11-25 06:00 to 16:00: "since this morning"`
pub(super) fn spoken(window: &Value) -> Option<String> {
    window["words"].as_str()?;
    let (from, to) = (when(&window["from_at"]), when(&window["to_at"]));
    // The day is not told twice.
    let same_day = from.split_once(' ').zip(to.split_once(' '));
    let to = match same_day {
        Some(((day, _), (other, time))) if day == other => time.to_owned(),
        Some(_) | None => to.clone(),
    };
    let words = field(window, "words");
    Some(format!(
        "what was measured from {from} to {to}: \"{words}\""
    ))
}

/// When somebody has said it on their own machine.
fn meant(event: &Value) -> Option<String> {
    event["asked"]["at"].as_str()?;
    Some(when(&event["asked"]["at"]))
}

fn asked(event: &Value) -> String {
    let asked = &event["asked"];
    let mut said = vec![format!("{} on {}", field(event, "title"), machine(event))];
    let parameters = asked["parameters"].as_object();
    said.extend(
        parameters
            .into_iter()
            .flatten()
            .map(|(name, value)| format!("{name}={}", plain(value))),
    );
    match field(asked, "consent").as_str() {
        "" => {}
        "page" => said.push("the user agreed, on their page".to_owned()),
        "notification" => said.push("the user agreed, at the device".to_owned()),
        recorded => said.push(format!("the user agreed: {recorded}")),
    }
    said.push(format!("job {}", field(event, "job")));
    said.join("\n")
}

fn ended(event: &Value) -> String {
    let result = &event["result"];
    let mut said = vec![format!(
        "{} on {}: {}",
        field(event, "title"),
        machine(event),
        field(event, "state")
    )];
    let reason = field(result, "reason");
    if !reason.is_empty() {
        said.push(reason);
    }
    for step in result["steps"].as_array().into_iter().flatten() {
        let why = field(step, "reason");
        let why = if why.is_empty() {
            why
        } else {
            format!(": {why}")
        };
        said.push(format!(
            "{} {}{why}",
            field(step, "state"),
            field(step, "summary")
        ));
    }
    findings(
        &mut said,
        "found",
        &result["findings"],
        &result["n_findings"],
    );
    findings(
        &mut said,
        "proved",
        &result["verified"],
        &result["n_verified"],
    );
    said.join("\n")
}

/// What is not ok, each in a line, and how many findings are.
fn findings(said: &mut Vec<String>, verb: &str, bad: &Value, n_all: &Value) {
    let bad = bad.as_array().map_or(&[][..], Vec::as_slice);
    let n_ok = n_all.as_u64().unwrap_or(0).saturating_sub(bad.len() as u64);
    for finding in bad {
        let what = format!("{} {}", field(finding, "check"), field(finding, "subject"));
        said.push(format!(
            "{} {}: {}",
            field(finding, "status"),
            what.trim_end(),
            field(finding, "summary")
        ));
        let silenced = silenced::told(finding);
        said.extend(Some(silenced).filter(|told| !told.is_empty()));
    }
    if n_ok > 0 {
        said.push(format!("{verb} {n_ok} ok"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn work_says_what_was_asked_and_what_came_of_it() {
        let event = json!({
            "kind": "work_asked", "device": "d", "hostname": "pc", "title": "process.terminate apply", "job": "5k2",
            "asked": {"parameters": {"pid": 7}, "consent": "by telephone"},
        });
        assert_eq!(
            said(&event),
            "process.terminate apply on pc\npid=7\nthe user agreed: by telephone\njob 5k2"
        );
        let event = json!({
            "kind": "work_ended", "actor": "5cpvrjy3pngj75k927bsw9ax7m", "device": "5cpvrjy3pngj75k927bsw9ax7m", "title": "all checks", "state": "succeeded",
            "result": {
                "reason": null, "steps": [{"summary": "End it", "state": "failed", "reason": "it lingers"}],
                "findings": [{"check": "disk.space", "subject": "/srv", "status": "critical", "summary": "1 % free"}],
                "n_findings": 3, "verified": [], "n_verified": 0,
            },
        });
        assert_eq!(
            said(&event),
            "all checks on 5cpvrjy3…: succeeded\nfailed End it: it lingers\ncritical disk.space /srv: 1 % free\nfound 2 ok"
        );
        let said = |event: Value| super::said(&event);
        let asked = json!({"device": "d", "login": "rosa", "at": "2026-11-28T13:50:00Z"});
        let at = when(&asked["at"]);
        let message =
            json!({"kind": "messaged", "side": "requester", "text": "hm", "asked": asked});
        assert_eq!(said(message), format!("requester, said {at}: hm"));
        let opened = json!({"kind": "opened", "title": "no sound", "asked": asked});
        assert_eq!(said(opened), format!("no sound, said {at}"));
        let snapshot = json!({
            "kind": "snapshot_taken", "device": "d", "hostname": "pc", "partial": true, "snapshot": "5k2",
            "window": {"words": "since this morning", "from_at": "2026-11-25T05:00:00Z", "to_at": "2026-11-25T15:00:00Z"},
        });
        let (from, to) = (
            when(&json!("2026-11-25T05:00:00Z")),
            when(&json!("2026-11-25T15:00:00Z")),
        );
        let to = to.strip_prefix("2026-11-25 ").unwrap_or(&to);
        assert_eq!(
            said(snapshot),
            format!(
                "of pc, of what was known: it is away\nwith what was measured from {from} to {to}: \"since this morning\"\n5k2"
            )
        );
        assert_eq!(who(&event), "5cpvrjy3…");
        let named = json!({"actor": "d", "device": "d", "hostname": "pc"});
        assert_eq!(who(&named), "pc");
        assert_eq!(who(&json!({"actor": "ann", "device": "d"})), "ann");
    }
}
