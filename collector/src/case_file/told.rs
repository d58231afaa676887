//! What an event of a ticket says, in the console's words.

mod work;

use serde_json::Value;

use super::words::Words;
use super::{field, plain, short};

/// Who did it: a person, a machine that says so itself, or the collector.
pub(super) fn who(words: Words, event: &Value) -> String {
    let actor = field(event, "actor");
    if actor == field(event, "device") {
        return machine(event);
    }
    match words.find(&format!("actor.{actor}"), &[]) {
        Some(known) => known,
        None => short(&actor),
    }
}

/// A time to the minute, which the whole archive has in UTC.
pub(super) fn moment(value: &Value) -> String {
    let text = plain(value);
    match text.parse::<jiff::Timestamp>() {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => text,
    }
}

/// What it says, in lines.
pub(super) fn said(words: Words, event: &Value) -> String {
    let kind = event["kind"].as_str().unwrap_or_default();
    let telling = Telling { words, event, kind };
    let said = telling
        .of_people()
        .or_else(|| telling.of_things())
        .or_else(|| telling.of_consent())
        .or_else(|| telling.of_marks());
    let Said { line, quote } =
        said.unwrap_or_else(|| telling.say("event.unknown", &[("kind", kind)]));
    match quote.trim() {
        "" => line,
        quote => format!("{line}\n{quote}"),
    }
}

/// Why a finding opens nothing; nothing silences it: empty.
pub(super) fn silenced(words: Words, finding: &Value) -> String {
    let silenced = &finding["silenced"];
    let by = field(silenced, "by");
    let kind = format!("silenced.{}", field(silenced, "kind"));
    let Some(what) = words.find(&kind, &[("by", &by)]) else {
        return String::new();
    };
    let until = match silenced["until"].is_null() {
        true => String::new(),
        false => format!(" (→ {})", moment(&silenced["until"])),
    };
    let colon = words.colon();
    format!("{what}{until}{colon}{}", field(silenced, "reason"))
}

fn machine(event: &Value) -> String {
    match event["hostname"].as_str() {
        Some(name) => name.to_owned(),
        None => short(&field(event, "device")),
    }
}

/// `name=value name=value`
fn given(parameters: &Value) -> String {
    let parameters = parameters.as_object().into_iter().flatten();
    let given = parameters.map(|(name, value)| format!("{name}={}", plain(value)));
    given.collect::<Vec<_>>().join(" ")
}

struct Said {
    line: String,
    /// In somebody's own words.
    quote: String,
}

impl Said {
    fn quoting(self, quote: String) -> Self {
        Self { quote, ..self }
    }
}

impl From<String> for Said {
    fn from(line: String) -> Self {
        let quote = String::new();
        Self { line, quote }
    }
}

#[derive(Clone, Copy)]
struct Telling<'e> {
    words: Words,
    event: &'e Value,
    kind: &'e str,
}

impl Telling<'_> {
    fn say(self, key: &str, filled: &[(&str, &str)]) -> Said {
        self.words.find(key, filled).unwrap_or_default().into()
    }

    fn part(self, name: &str) -> String {
        field(self.event, name)
    }

    /// With the part of this name in its place.
    fn say_with(self, key: &str, name: &str) -> Said {
        self.say(key, &[(name, &self.part(name))])
    }

    fn say_device(self, key: &str) -> Said {
        self.say(key, &[("device", &machine(self.event))])
    }

    /// Who said, gave or decided something.
    fn of_people(self) -> Option<Said> {
        let Self { words, event, .. } = self;
        let to = self.part("to");
        let said = match self.kind {
            "opened" => {
                let line = match self.part("requester").is_empty() {
                    true => self.say("event.opened", &[]),
                    false => self.say_with("event.openedFor", "requester"),
                };
                line.quoting([self.part("title"), self.meant()].join("\n"))
            }
            "noted" => Said::from(words.word("spoken", "note")).quoting(self.part("text")),
            "messaged" => {
                let line = Said::from(words.word("spoken", &self.part("side")));
                line.quoting([self.meant(), self.part("text")].join("\n"))
            }
            "attached" => {
                let key = match self.part("side").as_str() {
                    "technician" => "event.attachedFor",
                    "requester" => "event.attachedBy",
                    _ => "event.attached",
                };
                format!("{} {}", self.say(key, &[]).line, self.part("name")).into()
            }
            "assigned" => match event["to"].as_str() {
                None => self.say("event.unassigned", &[]),
                Some(_) if event["to"] == event["actor"] => self.say("event.claimed", &[]),
                Some(_) => self.say_with("event.assigned", "to"),
            },
            "state_changed" => {
                let waits = format!("event.waiting.{}", self.part("waiting_for"));
                let waits = words.find(&waits, &[]);
                let mut line = waits.unwrap_or_else(|| words.word("event.state", &to));
                let sure = format!("event.confirmation.{}", self.part("confirmation"));
                let sure = words.find(&sure, &[]);
                line.extend(sure.map(|sure| format!(" · {sure}")));
                Said::from(line).quoting(self.part("reason"))
            }
            "priority_changed" => {
                let priority = words.word("priority", &to);
                self.say("event.priority", &[("priority", &priority)])
            }
            "requester_changed" => self.say_with("event.requesterChanged", "to"),
            "tier_changed" => {
                let tier = words.word("tier", &to);
                let line = self.say("event.tier", &[("tier", &tier)]);
                line.quoting(self.part("reason"))
            }
            _ => return None,
        };
        Some(said)
    }

    /// What it is about, and what was done there.
    fn of_things(self) -> Option<Said> {
        let event = self.event;
        let said = match self.kind {
            "work_asked" => self.work_asked(),
            "work_ended" => self.work_ended(),
            "device_away" => {
                let (device, at) = (machine(event), moment(&event["seen_at"]));
                self.say("event.deviceAway", &[("device", &device), ("at", &at)])
            }
            "device_added" => self.say_device("event.deviceAdded"),
            "device_removed" if event["goes_on_as"].is_string() => {
                self.say_device("event.deviceGoesOn")
            }
            "device_removed" => self.say_device("event.deviceRemoved"),
            "asset_added" => self.say("event.deviceAdded", &[("device", &self.asset())]),
            "asset_removed" => self.say("event.deviceRemoved", &[("device", &self.asset())]),
            "remote_opened" => {
                let (device, tool) = (machine(event), self.part("tool"));
                self.say(
                    "event.remoteOpened",
                    &[("device", &device), ("tool", &tool)],
                )
            }
            "incident_declared" => self.say_with("event.incident", "check"),
            "joined_incident" => self.say_with("event.joined", "incident"),
            "snapshot_taken" => {
                let line = match event["partial"] == true {
                    true => self.say_device("event.snapshotPartial"),
                    false => self.say_device("event.snapshot"),
                };
                let window = &event["window"];
                let Some(spoken) = window["words"].as_str() else {
                    return Some(line);
                };
                let (from, to) = (moment(&window["from_at"]), moment(&window["to_at"]));
                let filled = [("words", spoken), ("from", &from), ("to", &to)];
                line.quoting(self.say("event.snapshotWindow", &filled).line)
            }
            "rechecked" => self.say("event.rechecked", &[]),
            _ => return None,
        };
        Some(said)
    }

    fn of_consent(self) -> Option<Said> {
        let Self { words, event, .. } = self;
        let said = match self.kind {
            "consent_asked" => {
                let (action, device) = (self.part("action"), machine(event));
                let until = moment(&event["expires_at"]);
                let filled = [("action", &*action), ("device", &device), ("until", &until)];
                let line = self.say("event.consentAsked", &filled);
                line.quoting(given(&event["parameters"]))
            }
            "consent_answered" => {
                let answer = words.word("event.answer", &self.part("answer"));
                let way = words.word("event.way", &self.part("way"));
                format!("{answer} {way}").into()
            }
            "consent_unanswered" => {
                let known = format!("event.unanswered.{}", self.part("reason"));
                match words.find(&known, &[]) {
                    Some(known) => known.into(),
                    None => self.say_with("event.unansweredOther", "reason"),
                }
            }
            "consent_withdrawn" => self.say("event.consentWithdrawn", &[]),
            _ => return None,
        };
        Some(said)
    }

    fn of_marks(self) -> Option<Said> {
        let is_own = self.event["account"] == self.event["actor"];
        let said = match self.kind {
            "tag_added" => self.say_with("event.tagAdded", "tag"),
            "tag_removed" => self.say_with("event.tagRemoved", "tag"),
            "watcher_added" if is_own => self.say("event.watches", &[]),
            "watcher_added" => self.say_with("event.watcherAdded", "account"),
            "watcher_removed" if is_own => self.say("event.watchesNoMore", &[]),
            "watcher_removed" => self.say_with("event.watcherRemoved", "account"),
            "linked" => {
                let key = format!("event.linked.{}", self.part("relation"));
                self.say_with(&key, "ticket")
            }
            "unlinked" => self.say_with("event.unlinked", "ticket"),
            "clock_warned" => self.clock_warned(),
            _ => return None,
        };
        Some(said)
    }

    /// When and by whom it was said on the machine itself.
    fn meant(self) -> String {
        let asked = &self.event["asked"];
        if !asked["at"].is_string() {
            return String::new();
        }
        let (at, login) = (moment(&asked["at"]), field(asked, "login"));
        let filled = [("at", &*at), ("login", &login)];
        self.say("event.meantAt", &filled).line
    }

    fn asset(self) -> String {
        match self.event["asset_name"].as_str() {
            Some(name) => name.to_owned(),
            None => short(&self.part("asset")),
        }
    }

    fn clock_warned(self) -> Said {
        let measure = self.words.word("measure", &self.part("measure"));
        let what = match self.event["tier"].as_str() {
            Some(tier) => format!("{measure} ({})", self.words.word("tier", tier)),
            None => measure,
        };
        if self.event["percent"].as_u64().unwrap_or_default() >= 100 {
            return self.say("event.clockOver", &[("what", &what)]);
        }
        let gone = format!("{}\u{a0}%", self.part("percent"));
        self.say("event.clockWarned", &[("what", &what), ("gone", &gone)])
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sonde_proto::message::Lang;

    use super::*;

    #[track_caller]
    pub(super) fn check(event: Value, en: &str, fr: &str) {
        assert_eq!(said(Words(Lang::En), &event), en);
        assert_eq!(said(Words(Lang::Fr), &event), fr);
    }

    #[test]
    fn what_was_done_is_said_in_both_languages() {
        check(
            json!({"kind": "state_changed", "to": "waiting", "waiting_for": "part", "reason": "a new disk"}),
            "set it waiting for a part\na new disk",
            "l’a mis en attente d’une pièce\na new disk",
        );
        check(
            json!({"kind": "assigned", "to": "ann", "actor": "ann"}),
            "took it",
            "l’a pris",
        );
        check(
            json!({"kind": "asset_added", "asset": "8pr", "asset_name": "the printer"}),
            "added the printer",
            "a ajouté the printer",
        );
        check(
            json!({"kind": "remote_opened", "device": "d", "hostname": "pc", "tool": "RustDesk"}),
            "opened pc in RustDesk",
            "a ouvert pc dans RustDesk",
        );
        check(
            json!({"kind": "clock_warned", "measure": "resolution", "percent": 100}),
            "resolution: the promised time is over",
            "résolution : le délai promis est dépassé",
        );
        check(
            json!({"kind": "not_yet"}),
            "something that this console does not know yet: not_yet",
            "quelque chose que cette console ne connaît pas encore : not_yet",
        );
    }

    #[test]
    fn a_machine_that_speaks_for_itself_is_named() {
        let words = Words(Lang::En);
        assert_eq!(
            who(
                words,
                &json!({"actor": "d", "device": "d", "hostname": "pc"})
            ),
            "pc"
        );
        assert_eq!(who(words, &json!({"actor": "ann", "device": "d"})), "ann");
        assert_eq!(who(words, &json!({"actor": "collector"})), "Sonde");
        assert_eq!(
            who(words, &json!({"actor": "5cpvrjy3pngj75k927bsw9ax7m"})),
            "5cpvrjy3…"
        );
    }

    /// A kind that is added says something here too.
    #[test]
    fn every_kind_that_the_console_knows_is_said() {
        let console = include_str!("../../web/src/screens/ticket/timeline/words.ts");
        let kinds = console
            .lines()
            .filter_map(|line| line.strip_prefix("  ")?.split_once(": (t"))
            .map(|(kind, _)| kind);
        let kinds: Vec<&str> = kinds.filter(|kind| !kind.contains(' ')).collect();
        assert!(kinds.len() > 20, "{kinds:?}");
        for kind in kinds {
            let text = said(Words(Lang::En), &json!({"kind": kind}));
            assert!(!text.contains("does not know yet"), "{kind}: {text}");
        }
    }
}
