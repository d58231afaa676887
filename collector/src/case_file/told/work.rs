//! What a device was asked for, and what came of it.

use serde_json::Value;

use super::super::field;
use super::{Said, Telling, given, silenced};

impl Telling<'_> {
    /// What a job was asked, out of the line that the collector calls it by, and where.
    fn work(self) -> String {
        let title = self.part("title");
        let say = |key: &str, name: &str, value: &str| self.say(key, &[(name, value)]).line;
        let action = title.rsplit_once(' ');
        let probed = title.strip_prefix("net.asset ");
        let what = match (&*title, action, probed, title.strip_prefix("table ")) {
            ("all checks", ..) => self.say("work.allChecks", &[]).line,
            ("live metrics", ..) => self.say("work.live", &[]).line,
            (_, Some((action, phase @ ("plan" | "apply" | "undo"))), ..) => {
                say(&format!("work.{phase}"), "action", action)
            }
            (_, _, Some(address), _) => say("work.probe", "address", address),
            (_, _, _, Some(table)) => say("work.table", "table", &self.words.word("table", table)),
            (checks, ..) => say("work.checks", "checks", checks),
        };
        let place = if probed.is_some() {
            "work.from"
        } else {
            "work.on"
        };
        format!("{what} {}", self.say_device(place).line)
    }

    pub(super) fn work_asked(self) -> Said {
        let asked = &self.event["asked"];
        let agreed = asked["consent"].as_str().map(|how| {
            let way = self.words.find(&format!("event.way.{how}"), &[]);
            let how = way.unwrap_or_else(|| how.to_owned());
            self.say("work.agreed", &[("how", &how)]).line
        });
        let beside = [given(&asked["parameters"]), agreed.unwrap_or_default()];
        Said::from(self.work()).quoting(beside.join("\n"))
    }

    pub(super) fn work_ended(self) -> Said {
        let (words, result) = (self.words, &self.event["result"]);
        let colon = words.colon();
        let state = words.word("jobState", &self.part("state"));
        let list = |name: &str| result[name].as_array().map_or(&[][..], Vec::as_slice);
        let mut beside = vec![field(result, "reason")];
        for step in list("steps") {
            let is_done = step["state"] == "done";
            let mark = words.word("status", if is_done { "ok" } else { "critical" });
            let (summary, reason) = (field(step, "summary"), field(step, "reason"));
            beside.push(format!("{mark}{colon}{summary} {reason}"));
        }
        for (told, n_all, well) in [
            ("findings", "n_findings", "work.well"),
            ("verified", "n_verified", "work.proved"),
        ] {
            for finding in list(told) {
                let summary = field(finding, "summary");
                // One that cannot be told says so itself.
                beside.push(match field(finding, "status").as_str() {
                    "unknown" => summary,
                    status => format!("{}{colon}{summary}", words.word("status", status)),
                });
                beside.push(silenced(words, finding));
            }
            // Of what was looked for it is told as well that it is there.
            let is_bad = |finding: &&Value| finding["status"] != "ok";
            let n_bad = list(told).iter().filter(is_bad).count() as u64;
            let n_ok = result[n_all].as_u64().unwrap_or(0).saturating_sub(n_bad);
            if n_ok > 0 {
                beside.push(words.count(well, n_ok));
            }
        }
        beside.retain(|line| !line.trim().is_empty());
        let line = format!("{}{colon}{state}", self.work());
        Said::from(line).quoting(beside.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::check;

    #[test]
    fn work_says_what_was_asked_and_what_came_of_it() {
        check(
            json!({
                "kind": "work_asked", "device": "d", "hostname": "pc", "title": "process.terminate apply",
                "asked": {"parameters": {"pid": 7}, "consent": "page"},
            }),
            "runs process.terminate on pc\npid=7\nThe user agreed: on their page",
            "exécute process.terminate sur pc\npid=7\nL’utilisateur a accepté : sur sa page",
        );
        let silenced =
            json!({"kind": "mute", "by": "ann", "reason": "so", "until": "2026-12-01T09:00:00Z"});
        check(
            json!({
                "kind": "work_ended", "device": "d", "hostname": "pc", "title": "all checks", "state": "succeeded",
                "result": {
                    "reason": null, "steps": [{"summary": "End it", "state": "failed", "reason": "it lingers"}],
                    "findings": [{"status": "critical", "summary": "1 % free", "silenced": silenced}],
                    "n_findings": 3, "verified": [], "n_verified": 0,
                },
            }),
            "runs all checks on pc: succeeded\nCritical: End it it lingers\nCritical: 1 % free\n\
             Muted by ann (→ 2026-12-01 09:00 UTC): so\n2 findings are well",
            "lance tous les contrôles sur pc\u{a0}: réussie\nCritique\u{a0}: End it it lingers\nCritique\u{a0}: 1 % free\n\
             Mis en sourdine par ann (→ 2026-12-01 09:00 UTC)\u{a0}: so\n2 constats bons",
        );
    }
}
