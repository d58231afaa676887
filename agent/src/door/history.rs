//! `sonde-agent history`: the device's own record of what was done on it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sonde_proto::cost;
use sonde_proto::message::Lang;

use super::help_me::json::time as time_json;
use super::help_me::words::{by, refusal, time};
use crate::config::Config;
use crate::finding::Message;
use crate::help::{Reply, Request};
use crate::history::{self, Asked, Receipt};
use crate::host::Host;
use crate::text::{clean, wrap};
use crate::{actions, apply, facts, state, texts};

/// The agent answers within this.
const OWN: Duration = Duration::from_secs(10);
/// The most that one call shows.
const MOST: u32 = 900;

/// List what was done on this machine: who, when, why, what changed, what it cost.
///
/// Any user may: it is their machine. Names of what lies in other users' folders are shown to root alone. The newest
/// comes first.
///
/// The exit code is 0 when it was shown, 1 when it cannot be read, 3 when no agent runs here.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples: sonde-agent history --since 7d\n          sonde-agent history --json"
)]
pub struct Arguments {
    /// Only from then on: 2026-11-24, "2026-11-24 09:00", 2h, 7d, or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = since)]
    since: Option<i64>,
    /// Entries at most
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST)))]
    limit: u32,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Language: en or fr
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// Where the agent keeps its state.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
}

pub fn run(arguments: &Arguments, config: &Config) -> Result<ExitCode> {
    let lang = super::language(arguments.lang.as_deref());
    let limit = arguments.limit as usize;
    let mut receipts: Vec<Receipt> = Vec::new();
    let mut before = None;
    let mut more = true;
    while more && receipts.len() < limit {
        let request = Request::History {
            since_us: arguments.since,
            before,
        };
        let sockets = super::help_me::sockets(arguments.state.as_deref(), config);
        let reply = match super::help_me::first(&sockets, &request)? {
            Some(mut client) => client.next(OWN)?,
            None => match own_files(arguments, config)? {
                Some(own) => {
                    receipts = own;
                    break;
                }
                None => {
                    super::complain(&by(
                        lang,
                        "no agent runs on this machine",
                        "aucun agent ne fonctionne sur cette machine",
                    ));
                    return Ok(ExitCode::from(3));
                }
            },
        };
        match reply {
            Some(Reply::History {
                receipts: page,
                before: next,
            }) => {
                receipts.extend(page);
                more = next.is_some();
                before = next;
            }
            Some(Reply::Refused { why }) => {
                super::complain(&refusal(why, lang));
                return Ok(ExitCode::FAILURE);
            }
            Some(_) | None => {
                super::complain(&by(
                    lang,
                    "the agent on this machine does not answer",
                    "l'agent de cette machine ne répond pas",
                ));
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    more |= receipts.len() > limit;
    receipts.truncate(limit);
    if arguments.json {
        let all: Vec<Value> = receipts.iter().map(|one| to_json(one, lang)).collect();
        super::print_json(&json!({ "receipts": all, "more": more }));
    } else {
        super::print(&shown(&receipts, more, lang));
    }
    Ok(ExitCode::SUCCESS)
}

/// Of an agent that does not run, for whoever may read its files; `None`: nobody has enrolled here.
fn own_files(arguments: &Arguments, config: &Config) -> Result<Option<Vec<Receipt>>> {
    let folder = super::state_folder(arguments.state.as_deref(), config, &Host::this())?;
    if !folder.join("journal").exists() {
        return Ok(None);
    }
    let journal = state::journal(&folder).with_context(|| folder.display().to_string());
    let (_lock, mut journal) = journal?;
    let since_us = arguments.since.unwrap_or(i64::MIN);
    let entries = journal.newest(None, since_us, MOST as usize + 1)?;
    let receipts = entries.iter();
    Ok(Some(
        receipts
            .map(|(_, id, entry)| history::receipt(id, entry))
            .collect(),
    ))
}

/// Microseconds since 1970 UTC; days and hours are those of the reader's zone.
fn since(text: &str) -> Result<i64, String> {
    moment(text, Timestamp::now(), &TimeZone::system())
        .map(Timestamp::as_microsecond)
        .ok_or_else(|| "write it as 2026-11-24, \"2026-11-24 09:00\", 2h or 7d".to_owned())
}

fn moment(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    if let Ok(local) = text.parse::<DateTime>() {
        return zone.to_timestamp(local).ok();
    }
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    let seconds = i64::from(number.parse::<u32>().ok()?) * unit;
    now.checked_sub(SignedDuration::from_secs(seconds)).ok()
}

/// A message in the words of whoever has said it.
fn say(message: &Message, asked: &Asked, lang: Lang) -> String {
    let of_action = match asked {
        Asked::Action { action, .. } => actions::find(action).ok(),
        Asked::Checks { .. } | Asked::Table { .. } | Asked::Live | Asked::Unknown => None,
    };
    let action = of_action.into_iter().flat_map(|action| action.all_texts());
    message.say(action.chain(texts::ALL).chain(apply::TEXTS), lang)
}

fn what(asked: &Asked, lang: Lang) -> String {
    let with = |parameters: &[(String, String)]| -> String {
        let each = parameters.iter();
        each.map(|(name, value)| format!(" {name}={value}"))
            .collect()
    };
    match asked {
        Asked::Checks { checks, .. } if checks.is_empty() => {
            by(lang, "all checks", "toutes les vérifications")
        }
        Asked::Checks { checks, asset } => {
            let asset = asset
                .as_ref()
                .map_or_else(String::new, |asset| format!(" {asset}"));
            match lang {
                Lang::En => format!("checks {}{asset}", checks.join(", ")),
                Lang::Fr => format!("vérifications {}{asset}", checks.join(", ")),
            }
        }
        Asked::Table { table, parameters } => {
            let known = facts::find(table).is_ok();
            let table = if known { table } else { "?" };
            match lang {
                Lang::En => format!("table {table}{}", with(parameters)),
                Lang::Fr => format!("table {table}{}", with(parameters)),
            }
        }
        Asked::Action {
            action,
            phase,
            parameters,
        } => {
            let phase = match (phase.as_str(), lang) {
                ("plan", Lang::En) => "only planned",
                ("plan", Lang::Fr) => "seulement planifié",
                ("undo", Lang::En) => "taken back",
                ("undo", Lang::Fr) => "annulé",
                _ => "",
            };
            let phase = match phase {
                "" => String::new(),
                phase => format!(" ({phase})"),
            };
            format!("{action}{}{phase}", with(parameters))
        }
        Asked::Live => by(
            lang,
            "a look at the live metrics",
            "un regard sur les mesures en direct",
        ),
        Asked::Unknown => by(lang, "something unknown", "quelque chose d'inconnu"),
    }
}

fn ended(receipt: &Receipt, lang: Lang) -> String {
    let (en, fr) = match (receipt.state.as_str(), receipt.outcome.as_deref()) {
        ("accepted", _) => ("not begun yet", "pas encore commencé"),
        ("started", _) => ("under way", "en cours"),
        (_, Some("succeeded")) => ("succeeded", "réussi"),
        (_, Some("failed")) => ("failed", "échoué"),
        (_, Some("refused")) => ("refused", "refusé"),
        (_, Some("expired")) => ("expired", "expiré"),
        (_, Some("cancelled")) => ("cancelled", "abandonné"),
        _ => ("nobody knows how it ended", "issue inconnue"),
    };
    by(lang, en, fr)
}

fn cost(receipt: &Receipt, lang: Lang) -> String {
    let is_recorded = receipt.changed.is_some();
    match receipt.wall_us {
        None if receipt.outcome.is_some() && !is_recorded => by(
            lang,
            "what it cost was not recorded",
            "son coût n'a pas été noté",
        ),
        wall_us => cost::told(wall_us, receipt.cpu_us, lang),
    }
}

fn shown(receipts: &[Receipt], more: bool, lang: Lang) -> String {
    if receipts.is_empty() {
        return by(
            lang,
            "Nothing was done on this machine.\n",
            "Rien n'a été fait sur cette machine.\n",
        );
    }
    let mut out = String::new();
    for receipt in receipts {
        out.push_str(&one(receipt, lang));
    }
    if more {
        out.push_str(&by(
            lang,
            "… and older ones: --limit\n",
            "… et de plus anciens : --limit\n",
        ));
    }
    out
}

fn one(receipt: &Receipt, lang: Lang) -> String {
    let why = match (receipt.ticket, &receipt.policy, lang) {
        (Some(ticket), _, _) => format!("ticket {ticket}"),
        (None, Some(policy), Lang::En) => format!("policy {policy}"),
        (None, Some(policy), Lang::Fr) => format!("politique {policy}"),
        (None, None, _) => "-".to_owned(),
    };
    let who = match receipt.requested_by.as_str() {
        "" => "-",
        who => who,
    };
    let mut lines = vec![format!(
        "{}  {who}  {why}  {}: {}",
        time(receipt.accepted_us, lang),
        what(&receipt.asked, lang),
        ended(receipt, lang)
    )];
    let mut add = |en: &str, fr: &str, text: &str| {
        let label = by(lang, en, fr);
        lines.push(format!("    {label}{text}"));
    };
    for change in receipt.changed.iter().flatten() {
        add("done: ", "fait : ", &say(change, &receipt.asked, lang));
    }
    if let Some(reason) = &receipt.reason {
        add(
            "because: ",
            "parce que : ",
            &say(reason, &receipt.asked, lang),
        );
    }
    if let Some((by, given)) = &receipt.consent {
        add("agreed to: ", "accord : ", &format!("{given} ({by})"));
    }
    let cost = cost(receipt, lang);
    if !cost.is_empty() {
        add("", "", &cost);
    }
    if receipt.withheld {
        add(
            "names of another user's files are not shown",
            "les noms des fichiers d'un autre utilisateur ne sont pas montrés",
            "",
        );
    }
    let wrapped = lines.iter().flat_map(|line| {
        let text = clean(line.trim_start());
        let margin = if line.starts_with(' ') { "    " } else { "" };
        wrap(&text, super::COLUMNS - margin.len())
            .into_iter()
            .map(move |line| format!("{margin}{line}\n"))
            .collect::<Vec<_>>()
    });
    wrapped.collect()
}

fn to_json(receipt: &Receipt, lang: Lang) -> Value {
    let said = |message: &Message| say(message, &receipt.asked, lang);
    let changed = receipt.changed.as_ref();
    json!({
        "order_id": receipt.order_id,
        "accepted_at": time_json(receipt.accepted_us),
        "ended_at": receipt.ended_us.map(time_json),
        "requested_by": receipt.requested_by,
        "ticket": receipt.ticket,
        "policy": receipt.policy,
        "asked": receipt.asked,
        "consent": receipt.consent.as_ref().map(|(by, given)| json!({ "recorded_by": by, "given": given })),
        "state": receipt.state,
        "outcome": receipt.outcome,
        "reason": receipt.reason.as_ref().map(said),
        "changed": changed.map(|all| all.iter().map(said).collect::<Vec<_>>()),
        "wall_seconds": receipt.wall_us.map(|us| us as f64 / 1e6),
        "cpu_seconds": receipt.cpu_us.map(|us| us as f64 / 1e6),
        "withheld": receipt.withheld,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::name;

    #[test]
    fn a_time_is_read_as_people_write_it() {
        let now: Timestamp = "2026-11-24T09:00:00Z".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let read = |text| moment(text, now, &zone).map(|time| time.to_string());
        assert_eq!(read("2026-11-24").as_deref(), Some("2026-11-23T23:00:00Z"));
        assert_eq!(
            read("2026-11-24 09:00").as_deref(),
            Some("2026-11-24T08:00:00Z")
        );
        assert_eq!(read("2h").as_deref(), Some("2026-11-24T07:00:00Z"));
        assert_eq!(read("7d").as_deref(), Some("2026-11-17T09:00:00Z"));
        for wrong in ["", "h", "yesterday", "-2h", "2y", "é"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    fn receipt() -> Receipt {
        Receipt {
            order_id: "01".into(),
            accepted_us: 0,
            ended_us: Some(2_000_000),
            requested_by: "ada".into(),
            ticket: Some(12),
            policy: None,
            asked: Asked::Action {
                action: "service.restart".into(),
                phase: "apply".into(),
                parameters: vec![("unit".into(), "cups\u{1b}.service".into())],
            },
            consent: Some(("ada".into(), "by telephone".into())),
            state: "ended".into(),
            outcome: Some("succeeded".into()),
            reason: Some(Message::new("cancelled", vec![])),
            changed: Some(vec![Message::new("step_lingers", vec![name("what", "x")])]),
            wall_us: Some(2_100_000),
            cpu_us: Some(30_000),
            withheld: false,
        }
    }

    #[test]
    fn a_receipt_is_read_in_both_languages() {
        let english = one(&receipt(), Lang::En);
        for part in [
            "ada  ticket 12  service.restart unit=cups\u{fffd}.service: succeeded",
            "agreed to: by telephone (ada)",
            "took 2.1 s, its programs 0.03 s of the processor",
        ] {
            let flat = english.replace("\n", " ");
            assert!(flat.contains(part), "{part}: {english}");
        }
        let french = one(&receipt(), Lang::Fr);
        assert!(french.contains("a pris 2,1 s"), "{french}");
        // Words, and no ids.
        for message in ["cancelled\n", "step_lingers"] {
            assert!(!french.contains(message), "{french}");
        }
    }

    #[test]
    fn what_was_not_recorded_is_said_to_be_so() {
        let older = Receipt {
            changed: None,
            wall_us: None,
            cpu_us: None,
            ..receipt()
        };
        assert!(one(&older, Lang::En).contains("was not recorded"));
        let json = to_json(&older, Lang::En);
        assert_eq!(
            (&json["changed"], &json["cpu_seconds"]),
            (&Value::Null, &Value::Null)
        );
    }
}
