//! `sonde-agent check`: the machine judges itself, with no collector.

mod home;
mod named;
mod report;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Map, Value, json};
use sonde_proto::message::{Argument, ArgumentValue, Audience, Lang};

use crate::checks::{self, Check};
use crate::config::Config;
use crate::diagnosis;
use crate::finding::{Finding, Status};
use crate::host::{Host, StateHome};
use crate::plugins;
use crate::runner;
use crate::state;
use crate::text::{clean, wrap};

/// Run checks on this machine and say what is wrong with it.
///
/// The exit code is the worst status: 0 ok, 1 warning, 2 critical, 3 unknown; what is known to be wrong outweighs
/// what is not known.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples: sonde-agent check disk.space net.dns --lang fr\n          \
                        sonde-agent check net.target --target https://intranet.example/ --target tcp://printer.example:631"
)]
pub struct Arguments {
    /// Checks to run; all when none is named
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// An address for net.target to try, such as https://intranet.example/; may be given several times
    #[arg(long = "target", value_name = "URL")]
    targets: Vec<String>,
    /// Print one JSON object with all findings
    #[arg(long, conflicts_with = "nagios")]
    json: bool,
    /// Print as a monitoring plugin does, with performance data
    #[arg(long)]
    nagios: bool,
    /// Write a report into this file: findings, facts and the last day's courses
    #[arg(long, value_name = "FILE", conflicts_with_all = ["json", "nagios"])]
    html: Option<PathBuf>,
    /// Language: en or fr
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// A recorded tree instead of this machine
    #[arg(long, hide = true, value_name = "FOLDER")]
    root: Option<PathBuf>,
}

/// Runs the checks and prints what they found.
///
/// `config` names the agent that may run here; `None`: it cannot be read.
pub async fn run(arguments: &Arguments, config: Option<&Config>) -> ExitCode {
    if arguments.root.is_none()
        && let Some(config) = config
    {
        checks::declare(&declared(config));
    }
    let wanted = match arguments.ids.is_empty() {
        true => Ok(checks::whole()),
        false => arguments.ids.iter().map(|id| checks::find(id)).collect(),
    };
    let wanted: Vec<&'static Check> = match wanted {
        Ok(wanted) => wanted,
        Err(unknown) => {
            super::complain(&unknown);
            // A plugin that cannot run is unknown.
            return ExitCode::from(Status::Unknown as u8);
        }
    };
    let overrides = match named::targets(&arguments.targets, &wanted) {
        Ok(overrides) => overrides,
        Err(why) => {
            super::complain(&why);
            return ExitCode::from(Status::Unknown as u8);
        }
    };
    let lang = super::language(arguments.lang.as_deref());
    let host = match &arguments.root {
        Some(root) => recorded(root),
        None => {
            let host = super::this_host(config);
            let home = config.map_or(StateHome::Unknown, |config| home::state_home(config, &host));
            host.set_state_home(home);
            host
        }
    };
    let findings = runner::run(&host, &wanted, &overrides).await;
    let findings = diagnosis::rank(findings, &[]);
    let worst = diagnosis::worst(&findings);
    if let Some(path) = &arguments.html {
        let page = report::page(&host, &findings, lang).await;
        if let Err(error) = write_private(path, &page) {
            super::complain(&format_args!("{}: {error}", path.display()));
            return super::usage_error();
        }
        let sentence = diagnosis::sentence(&findings, Audience::Technician, lang);
        super::print(&format!("{}\n{}\n", clean(&sentence), path.display()));
    } else if arguments.json {
        super::print_json(&json!({
            "what_is_wrong": diagnosis::sentence(&findings, Audience::Technician, lang),
            "for_user": diagnosis::sentence(&findings, Audience::User, lang),
            "findings": to_json(&findings, lang),
        }));
    } else if arguments.nagios {
        super::print(&plugin(&findings, lang));
    } else {
        let (width, colours) = super::terminal();
        let sentence = diagnosis::sentence(&findings, Audience::Technician, lang);
        let sentence = wrap(&clean(&sentence), width).join("\n");
        super::print(&format!(
            "{sentence}\n\n{}",
            people(&findings, lang, width, colours)
        ));
    }
    ExitCode::from(worst as u8)
}

/// This device's plugins; where others could have put them there, that is said in their place.
fn declared(config: &Config) -> Vec<&'static Check> {
    let folder = config.plugins_folder();
    plugins::load(folder)
        .unwrap_or_else(|error| vec![plugins::unreadable(folder, plugins::said(&error))])
}

/// Into a file that only its owner reads: it tells all of the machine.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

/// The machine whose files are below `root`, now; with what its agent has recorded, where that is kept too.
fn recorded(root: &Path) -> Host {
    let host = Host::recorded(root, Host::this().now_us());
    let recorder = root.join(state::RECORDER);
    host.set_recorder(recorder.exists().then_some(recorder));
    host
}

/// Each finding as an object.
pub fn to_json(findings: &[Finding], lang: Lang) -> Vec<Value> {
    findings.iter().map(|finding| one(finding, lang)).collect()
}

fn one(finding: &Finding, lang: Lang) -> Value {
    json!({
        "check": finding.check,
        "subject": finding.subject,
        "status": finding.status.word(),
        "summary": summary(finding, lang),
        "message": finding.message.id,
        "args": object(&finding.message.arguments),
        "evidence": object(&finding.evidence),
        "cause": cause(finding, lang),
        "explained_by": finding.explained_by,
        // A single run does not know.
        "since": null,
        "remedies": finding.remedies,
    })
}

fn summary(finding: &Finding, lang: Lang) -> String {
    let said = checks::find(finding.check).map(|check| check.say(&finding.message, lang));
    said.unwrap_or_else(|_| finding.message.id.clone().into_owned())
}

fn cause(finding: &Finding, lang: Lang) -> Option<String> {
    let cause = finding.cause.as_ref()?;
    Some(checks::find(finding.check).ok()?.say(cause, lang))
}

fn object(arguments: &[Argument]) -> Map<String, Value> {
    let value = |value: &ArgumentValue| match value {
        // More digits than people see are noise to programs too.
        ArgumentValue::Number { value, .. } => json!((value * 1000.0).round() / 1000.0),
        ArgumentValue::Bytes(bytes) => json!(bytes),
        ArgumentValue::DurationUs(us) => json!(us),
        ArgumentValue::TimeUs(us) => json!(time(*us)),
        ArgumentValue::Text(text) => json!(text),
        ArgumentValue::Term(term) => json!(term.english),
    };
    let pairs = arguments.iter();
    pairs
        .map(|argument| (argument.name.clone().into_owned(), value(&argument.value)))
        .collect()
}

/// RFC 3339, in UTC.
pub(crate) fn time(us: i64) -> Option<String> {
    let time = jiff::Timestamp::from_microsecond(us).ok()?;
    Some(time.to_string())
}

/// What is wrong first, with its cause and remedies; what is well in one line each.
fn people(findings: &[Finding], lang: Lang, width: usize, colours: bool) -> String {
    const STATUS: usize = 8;
    const CHECK: usize = 18;
    let indent = STATUS + CHECK + 4;
    let mut out = String::new();
    for finding in findings {
        let status = format!("{:STATUS$}", word(finding.status, lang));
        let head = format!(
            "{}  {:CHECK$}  ",
            paint(&status, finding.status, colours),
            finding.check
        );
        let mut lines = vec![summary(finding, lang)];
        lines.extend(cause(finding, lang).map(|cause| match lang {
            Lang::En => format!("Cause: {cause}"),
            Lang::Fr => format!("Cause : {cause}"),
        }));
        if let Some(by) = &finding.explained_by {
            let by = by.trim_end_matches('/');
            lines.push(match lang {
                Lang::En => format!("Follows from {by}"),
                Lang::Fr => format!("Découle de {by}"),
            });
        }
        if !finding.remedies.is_empty() {
            let remedies = finding.remedies.join(", ");
            lines.push(match lang {
                Lang::En => format!("May be cured by {remedies}"),
                Lang::Fr => format!("Remède possible : {remedies}"),
            });
        }
        for (at, line) in lines
            .iter()
            .flat_map(|line| wrap(&clean(line), width.saturating_sub(indent)))
            .enumerate()
        {
            match at {
                // A long name has its line to itself.
                0 if finding.check.len() > CHECK => {
                    out.push_str(head.trim_end());
                    out.push('\n');
                    out.extend(std::iter::repeat_n(' ', indent));
                }
                0 => out.push_str(&head),
                _ => out.extend(std::iter::repeat_n(' ', indent)),
            }
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

fn word(status: Status, lang: Lang) -> &'static str {
    match (status, lang) {
        (Status::Warning, Lang::Fr) => "alerte",
        (Status::Critical, Lang::Fr) => "critique",
        (Status::Unknown, Lang::Fr) => "inconnu",
        (Status::Ok | Status::Warning | Status::Critical | Status::Unknown, _) => status.word(),
    }
}

/// ECMA-48 §8.3.117
fn paint(text: &str, status: Status, colours: bool) -> String {
    let colour = match status {
        Status::Ok => 32,
        Status::Warning => 33,
        Status::Critical => 31,
        Status::Unknown => 35,
    };
    match colours {
        true => format!("\x1b[{colour}m{text}\x1b[0m"),
        false => text.to_owned(),
    }
}

/// A line with the status, the worst finding and all performance data; then the other findings that are not well.
///
/// Form: Monitoring Plugins Development Guidelines, «Plugin Output for Nagios».
fn plugin(findings: &[Finding], lang: Lang) -> String {
    let worst = diagnosis::worst(findings);
    // A bar starts the performance data.
    let line = |finding: &Finding| clean(&summary(finding, lang)).replace('|', "/");
    let of_worst = findings.iter().find(|finding| finding.status == worst);
    let bad = findings
        .iter()
        .filter(|finding| finding.status != Status::Ok);
    let said = match (worst, of_worst) {
        (Status::Ok, _) | (_, None) => format!("{} findings, all ok", findings.len()),
        (_, Some(finding)) => line(finding),
    };
    let mut out = format!("SONDE {} - {said}", worst.word().to_uppercase());
    let data = findings.iter().flat_map(performance).collect::<Vec<_>>();
    if !data.is_empty() {
        out.push_str(" | ");
        out.push_str(&data.join(" "));
    }
    out.push('\n');
    for finding in bad {
        let (status, check) = (finding.status.word(), finding.check);
        out.push_str(&format!("{status} {check}: {}\n", line(finding)));
    }
    out
}

/// `'label'=value[unit]` of each piece of evidence that is a number.
fn performance(finding: &Finding) -> Vec<String> {
    let label = |name: &str| {
        let subject = match finding.subject.as_str() {
            "" => String::new(),
            subject => format!(" {}", clean(subject)),
        };
        format!("{}{subject} {name}", finding.check).replace(['\'', '=', '|'], "_")
    };
    let pairs = finding.evidence.iter().filter_map(|argument| {
        let value = match &argument.value {
            ArgumentValue::Number { value, unit } if unit == "%" => format!("{value:.2}%"),
            ArgumentValue::Number { value, .. } => format!("{value}"),
            ArgumentValue::Bytes(bytes) => format!("{bytes}B"),
            ArgumentValue::DurationUs(us) => format!("{us}us"),
            ArgumentValue::TimeUs(_) | ArgumentValue::Text(_) | ArgumentValue::Term(_) => {
                return None;
            }
        };
        Some(format!("'{}'={value}", label(&argument.name)))
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{bytes, name, percent};

    fn findings() -> Vec<Finding> {
        let mut low = Finding::new(Status::Critical, "/s|r'v")
            .says(
                "low",
                vec![
                    percent("free_percent", 2.9),
                    bytes("available", 52_428_800),
                    name("mount", "/srv\x1b[31m"),
                ],
            )
            .evidence(percent("free_percent", 2.913_456))
            .evidence(bytes("available_bytes", 52_428_800))
            .evidence(name("source", "/dev/sdb1"));
        low.check = "disk.space";
        low.remedies = vec!["disk.clean"];
        let mut well = Finding::new(Status::Ok, "").says("none", vec![]);
        well.check = "memory.oom";
        vec![low, well]
    }

    #[test]
    fn a_finding_is_the_documented_object() {
        let json = to_json(&findings(), Lang::En);
        let expected = json!({
            "check": "disk.space",
            "subject": "/s|r'v",
            "status": "critical",
            "summary": "Only 2.9\u{a0}% (50\u{a0}MiB) free on /srv\x1b[31m",
            "message": "low",
            "args": {"free_percent": 2.9, "available": 52_428_800, "mount": "/srv\x1b[31m"},
            "evidence": {
                "free_percent": 2.913,
                "available_bytes": 52_428_800,
                "source": "/dev/sdb1",
            },
            "cause": null,
            "explained_by": null,
            "since": null,
            "remedies": ["disk.clean"],
        });
        assert_eq!(json[0], expected);
    }

    #[test]
    fn people_read_harmless_lines_of_the_width() {
        let text = people(&findings(), Lang::Fr, 60, false);
        assert_eq!(
            text.replace('\u{a0}', " "),
            "critique  disk.space          Seulement 2,9 % (50 Mio)\n\
             \x20                             libres sur /srv\u{fffd}[31m\n\
             \x20                             Remède possible : disk.clean\n\
             ok        memory.oom          Aucun processus arrêté par\n\
             \x20                             manque de mémoire depuis le\n\
             \x20                             démarrage\n"
        );
        assert!(people(&findings(), Lang::En, 80, true).starts_with("\x1b[31mcritical\x1b[0m  "));
    }

    #[test]
    fn a_plugin_says_one_line_and_its_performance_data() {
        let text = plugin(&findings(), Lang::En).replace('\u{a0}', " ");
        assert_eq!(
            text,
            "SONDE CRITICAL - Only 2.9 % (50 MiB) free on /srv\u{fffd}[31m | \
             'disk.space /s_r_v free_percent'=2.91% 'disk.space /s_r_v available_bytes'=52428800B\n\
             critical disk.space: Only 2.9 % (50 MiB) free on /srv\u{fffd}[31m\n"
        );
    }
}
