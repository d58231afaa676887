//! The device's own record of what was asked of it: who, when, why, what changed, what it cost.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use sonde_proto::message::ArgumentValue;
use sonde_proto::v1::{self, Outcome, Phase, work_order::Work};

use crate::finding::Message;
use crate::host::User;
use crate::journal::{Entry, OrderId, State};

/// Receipts in one answer.
pub const MOST: usize = 50;
/// Messages of what changed that are kept of one order,
pub const CHANGES: usize = 16;
/// and their length, encoded.
pub const CHANGES_BYTES: usize = 4 << 10;
/// In the place of what is another user's business.
const WITHHELD: &str = "…";
/// Below these lies what is one user's alone.
const HOMES: [&str; 4] = ["/home/", "/root/", "/var/home/", "/run/user/"];

/// One order, as it is shown. Times are microseconds since 1970 UTC on the device's clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Hexadecimal.
    pub order_id: String,
    pub accepted_us: i64,
    /// None: it has not ended.
    pub ended_us: Option<i64>,
    /// Who has asked; with a policy nobody.
    pub requested_by: String,
    /// Why. None: a policy.
    pub ticket: Option<u64>,
    pub policy: Option<String>,
    pub asked: Asked,
    /// How the user has agreed, and who says so.
    pub consent: Option<(String, String)>,
    /// "accepted", "started", "ended".
    pub state: String,
    /// "succeeded", "failed", "refused", "expired", "cancelled", "unknown"; none: it has not ended.
    pub outcome: Option<String>,
    /// Why it ended so.
    pub reason: Option<Message>,
    /// What was done, step by step. None: it was not recorded, by an agent that did not yet.
    pub changed: Option<Vec<Message>>,
    /// From its beginning to its end. None: not known.
    pub wall_us: Option<i64>,
    /// Processor time of the programs that were started for it, and of live metrics that were read. None: not known.
    pub cpu_us: Option<i64>,
    /// Something of it is another user's business and not shown.
    pub withheld: bool,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Asked {
    Checks {
        /// None named: all.
        checks: Vec<String>,
        /// What they look for beside this machine.
        #[serde(default)]
        asset: Option<String>,
    },
    Table {
        table: String,
        parameters: Vec<(String, String)>,
    },
    Action {
        action: String,
        /// "plan", "apply", "undo".
        phase: String,
        parameters: Vec<(String, String)>,
    },
    /// To look at what moves, each second.
    Live,
    /// Of another version.
    Unknown,
}

/// An order and how far it got, as the journal keeps it.
pub fn receipt(id: &OrderId, entry: &Entry) -> Receipt {
    let work = entry.work();
    let state = entry.state();
    let has_ended = state == State::Ended;
    let consent = match &work.work {
        Some(Work::Action(action)) => action.consent.as_ref(),
        Some(_) | None => None,
    };
    let is_known = entry.version > 0;
    let wall_us = entry.ended_us.saturating_sub(entry.started_us);
    Receipt {
        order_id: id.iter().map(|byte| format!("{byte:02x}")).collect(),
        accepted_us: entry.accepted_us,
        ended_us: has_ended.then_some(entry.ended_us),
        requested_by: work.requested_by.clone(),
        ticket: Some(work.ticket).filter(|ticket| *ticket != 0),
        policy: Some(work.policy.clone()).filter(|policy| !policy.is_empty()),
        consent: consent.map(|consent| (consent.recorded_by.clone(), consent.given.clone())),
        asked: asked(work.work),
        state: match state {
            State::Accepted => "accepted",
            State::Started => "started",
            State::Ended => "ended",
        }
        .to_owned(),
        outcome: has_ended.then(|| word(entry.outcome()).to_owned()),
        reason: entry.reason.clone().map(message),
        changed: is_known.then(|| entry.changed.iter().cloned().map(message).collect()),
        wall_us: Some(wall_us).filter(|us| has_ended && entry.started_us != 0 && *us >= 0),
        cpu_us: entry.cpu_us.filter(|_| has_ended),
        withheld: false,
    }
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => "succeeded",
        Outcome::Failed => "failed",
        Outcome::Refused => "refused",
        Outcome::Expired => "expired",
        Outcome::Cancelled => "cancelled",
        Outcome::Unknown | Outcome::Unspecified => "unknown",
    }
}

fn asked(work: Option<Work>) -> Asked {
    match work {
        Some(Work::Checks(wanted)) => Asked::Checks {
            checks: wanted.checks,
            asset: Some(wanted.asset).filter(|asset| !asset.is_empty()),
        },
        Some(Work::Table(wanted)) => Asked::Table {
            table: wanted.table,
            parameters: parameters(wanted.parameters),
        },
        Some(Work::Action(wanted)) => Asked::Action {
            phase: match wanted.phase() {
                Phase::Plan => "plan",
                Phase::Apply => "apply",
                Phase::Undo => "undo",
                Phase::Unspecified => "unknown",
            }
            .to_owned(),
            action: wanted.action,
            parameters: parameters(wanted.parameters),
        },
        Some(Work::Live(_)) => Asked::Live,
        None => Asked::Unknown,
    }
}

fn parameters(wanted: Vec<v1::Parameter>) -> Vec<(String, String)> {
    use v1::value::Value;
    let shown = |value: Option<v1::Value>| match value.and_then(|value| value.value) {
        Some(Value::Text(text)) => text,
        Some(Value::Integer(n) | Value::TimeUs(n)) => n.to_string(),
        Some(Value::Real(n)) => n.to_string(),
        Some(Value::Truth(truth)) => truth.to_string(),
        None => String::new(),
    };
    let named = |parameter: v1::Parameter| (parameter.name, shown(parameter.value));
    wanted.into_iter().map(named).collect()
}

/// A message as it was kept.
fn message(kept: v1::Message) -> Message {
    Message {
        id: Cow::Owned(kept.id),
        arguments: kept.arguments.into_iter().map(Into::into).collect(),
    }
}

/// What of a receipt is not the business of the user `login`: names of what lies in other users' folders. What was done,
/// by whom and why, everybody may know whose machine it is.
pub fn for_user(mut receipt: Receipt, login: &str, users: &[User]) -> Receipt {
    let own = users.iter().find(|user| user.name == login);
    let own = own
        .map(|user| user.home.as_str())
        .filter(|home| *home != "/");
    let mut withheld = false;
    let mut hide = |text: &mut String| {
        if is_anothers(text, own) {
            *text = WITHHELD.to_owned();
            withheld = true;
        }
    };
    match &mut receipt.asked {
        Asked::Table { parameters, .. } | Asked::Action { parameters, .. } => {
            parameters.iter_mut().for_each(|(_, text)| hide(text));
        }
        Asked::Checks { .. } | Asked::Live | Asked::Unknown => {}
    }
    let messages = receipt.changed.iter_mut().flatten();
    for message in messages.chain(&mut receipt.reason) {
        for argument in &mut message.arguments {
            match &mut argument.value {
                ArgumentValue::Text(text) => hide(text),
                ArgumentValue::Term(term) => {
                    hide(&mut term.of);
                    hide(&mut term.english);
                }
                ArgumentValue::Number { .. }
                | ArgumentValue::Bytes(_)
                | ArgumentValue::DurationUs(_)
                | ArgumentValue::TimeUs(_) => {}
            }
        }
    }
    receipt.withheld = withheld;
    receipt
}

/// Whether a text names something in a folder that is a user's own, and not in `own`.
fn is_anothers(text: &str, own: Option<&str>) -> bool {
    HOMES.iter().any(|home| {
        let home = home.trim_end_matches('/');
        text.match_indices(home).any(|(at, _)| {
            let path = &text[at..];
            let below = path[home.len()..].is_empty() || path[home.len()..].starts_with('/');
            let is_own = own.is_some_and(|own| {
                let rest = path.strip_prefix(own);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                    && !path.contains("/../")
            });
            below && !is_own
        })
    })
}

#[cfg(test)]
mod tests {
    use prost::Message as _;

    use super::*;
    use crate::finding::name;

    fn entry(path: &str) -> Entry {
        let parameter = v1::Parameter {
            name: "path".into(),
            value: Some(v1::Value {
                value: Some(v1::value::Value::Text(path.into())),
            }),
        };
        let action = v1::RunAction {
            action: "disk.clean".into(),
            phase: Phase::Apply.into(),
            parameters: vec![parameter],
            ..v1::RunAction::default()
        };
        let order = v1::WorkOrder {
            ticket: 7,
            requested_by: "ada".into(),
            work: Some(Work::Action(action)),
            ..v1::WorkOrder::default()
        };
        Entry {
            order: order.encode_to_vec(),
            state: State::Ended.into(),
            outcome: Outcome::Succeeded.into(),
            accepted_us: 1,
            started_us: 10,
            ended_us: 30,
            version: 1,
            cpu_us: Some(5),
            changed: vec![crate::wire::message(Message::new(
                "removed",
                vec![name("path", path)],
            ))],
            ..Entry::default()
        }
    }

    fn user(name: &str, home: &str) -> User {
        User {
            name: name.into(),
            home: home.into(),
            ..User::default()
        }
    }

    #[test]
    fn a_receipt_says_who_why_what_and_what_it_cost() {
        let receipt = receipt(&[1; 16], &entry("/var/cache/x"));
        assert_eq!((&*receipt.requested_by, receipt.ticket), ("ada", Some(7)));
        assert_eq!(receipt.outcome.as_deref(), Some("succeeded"));
        assert_eq!((receipt.wall_us, receipt.cpu_us), (Some(20), Some(5)));
        assert_eq!(receipt.changed.as_ref().map(Vec::len), Some(1));
        let asked = Asked::Action {
            action: "disk.clean".into(),
            phase: "apply".into(),
            parameters: vec![("path".into(), "/var/cache/x".into())],
        };
        assert_eq!(receipt.asked, asked);
    }

    #[test]
    fn a_receipt_says_what_was_looked_for() {
        let order = v1::WorkOrder {
            work: Some(Work::Checks(v1::RunChecks {
                checks: vec!["net.asset".into()],
                asset: "192.0.2.7".into(),
            })),
            ..v1::WorkOrder::default()
        };
        let entry = Entry {
            order: order.encode_to_vec(),
            ..Entry::default()
        };
        let expected = Asked::Checks {
            checks: vec!["net.asset".into()],
            asset: Some("192.0.2.7".into()),
        };
        assert_eq!(receipt(&[1; 16], &entry).asked, expected);
    }

    #[test]
    fn what_an_older_agent_did_not_record_is_not_known() {
        let older = Entry {
            started_us: 0,
            version: 0,
            cpu_us: None,
            changed: vec![],
            ..entry("/x")
        };
        let receipt = receipt(&[1; 16], &older);
        assert_eq!(receipt.changed, None);
        assert_eq!((receipt.wall_us, receipt.cpu_us), (None, None));
        let running = Entry {
            state: State::Started.into(),
            ..entry("/x")
        };
        let running = super::receipt(&[1; 16], &running);
        assert_eq!((running.outcome, running.ended_us), (None, None));
    }

    #[test]
    fn nobody_reads_the_names_of_anothers_files() {
        let users = [user("rosa", "/home/rosa"), user("daemon", "/")];
        let shown = |path: &str, login: &str| {
            let receipt = for_user(receipt(&[1; 16], &entry(path)), login, &users);
            let Asked::Action { parameters, .. } = receipt.asked else {
                panic!("an action");
            };
            let changed = receipt.changed.unwrap_or_default();
            let ArgumentValue::Text(done) = &changed[0].arguments[0].value else {
                panic!("a text");
            };
            assert_eq!(parameters[0].1, *done);
            assert_eq!(receipt.withheld, done == WITHHELD);
            done.clone()
        };
        assert_eq!(shown("/var/log/x", "rosa"), "/var/log/x");
        assert_eq!(shown("/home/rosa/x", "rosa"), "/home/rosa/x");
        assert_eq!(shown("/home/rosa", "rosa"), "/home/rosa");
        for path in [
            "/home/bob/x",
            "/home/rosalie/x",
            "/home/rosa/../bob/x",
            "/home",
            "/root/x",
            "file:///home/bob/x",
        ] {
            assert_eq!(shown(path, "rosa"), WITHHELD, "{path}");
        }
        assert_eq!(shown("/homework", "rosa"), "/homework");
        assert_eq!(shown("/home/rosa/x", "daemon"), WITHHELD);
        assert_eq!(shown("/home/rosa/x", "stranger"), WITHHELD);
    }
}
