//! Checks. The exit code is that of a monitoring plugin: 0 ok, 1 warning, 2 critical, 3 unknown.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::{Value, json};

use super::human::human;
use super::output::{field, items, when};
use super::ticket::{Kind, Which};
use super::{Context, Failure, device, job, silenced};

#[derive(Debug, Subcommand)]
pub(super) enum CheckCommand {
    /// List checks.
    #[command(after_help = "Example:\n  sonde check list --device lab-7")]
    List {
        /// Host name, or id; without it, what all devices have.
        #[arg(long)]
        device: Option<String>,
    },
    /// Run checks on a device, or on several at once, for a ticket.
    #[command(
        after_help = "Example:\n  sonde check run disk.space net.dns --device lab-7 --ticket 42\n  \
                      sonde check run net.dns --device lab-7 --device lab-8 --ticket 42\n\nExit code:\n  \
                      0 ok, 1 warning, 2 critical, 3 unknown or not ended yet"
    )]
    Run {
        /// Ids; all: every one that the device has.
        #[arg(required = true, value_name = "CHECK")]
        checks: Vec<String>,
        /// Host name, or id; 20 at most.
        #[arg(long = "device", value_name = "DEVICE", required = true)]
        devices: Vec<String>,
        #[command(flatten)]
        ticket: Which,
        /// How long to wait for the end.
        #[arg(long, value_name = "SECONDS", default_value_t = 120)]
        wait: u32,
        /// How long the order waits for a device that is not connected; a day if it is not given.
        #[arg(long, value_name = "SECONDS")]
        expires: Option<u32>,
    },
}

pub(super) async fn run(context: &mut Context, command: CheckCommand) -> Result<ExitCode, Failure> {
    match command {
        CheckCommand::List { device } => {
            let path = match device {
                Some(device) => format!(
                    "/checks?device={}",
                    device::resolve(context, &device).await?
                ),
                None => "/checks".to_owned(),
            };
            let checks = context.client().await?.get(&path).await?;
            if context.output.json {
                context.output.value(&checks)?;
                return Ok(ExitCode::SUCCESS);
            }
            let rows = items(&checks).iter().map(|check| {
                let every = match check["every_seconds"].as_i64() {
                    Some(0) | None => "when asked".to_owned(),
                    Some(seconds) => format!("{seconds} s"),
                };
                let limits = check["limits"].as_array().into_iter().flatten();
                let limits: Vec<String> = limits.map(limit).collect();
                vec![
                    field(check, "id"),
                    every,
                    field(check, "title"),
                    limits.join("\n"),
                ]
            });
            let header = ["check", "every", "what for", "limits"];
            context.output.table(&header, rows)?;
            Ok(ExitCode::SUCCESS)
        }
        CheckCommand::Run {
            checks,
            devices,
            ticket,
            wait,
            expires,
        } => {
            let mut ids = Vec::with_capacity(devices.len());
            for device in &devices {
                ids.push(device::resolve(context, device).await?);
            }
            let checks = match checks.iter().any(|check| check == "all") {
                true => Vec::new(),
                false => checks,
            };
            if ids.len() > 1 {
                let body = json!({
                    "devices": ids, "checks": checks, "expires_in_seconds": expires,
                });
                let jobs = ticket
                    .ask_several(context, Kind::Checks, body, wait)
                    .await?;
                return several(context, &jobs);
            }
            let body = json!({ "device": ids[0], "checks": checks, "expires_in_seconds": expires });
            let done = ticket.ask(context, Kind::Checks, body, wait).await?;
            job::show(context, &done)?;
            Ok(job::exit_code(&done))
        }
    }
}

/// What each device finds, one after the other; the exit code is the worst of all.
fn several(context: &Context, jobs: &[Value]) -> Result<ExitCode, Failure> {
    if context.output.json {
        context.output.value(&json!({ "jobs": jobs }))?;
    } else {
        for job in jobs {
            job::show(context, job)?;
            context.output.line("")?;
        }
    }
    let weight = |code: &u8| match code {
        // What is known to be wrong outweighs what is not known.
        3 => 1,
        0 => 0,
        code => code + 1,
    };
    let worst = jobs.iter().map(exit_code).max_by_key(weight);
    Ok(ExitCode::from(worst.unwrap_or(3)))
}

/// A limit with its value, as people write it.
fn limit(limit: &Value) -> String {
    let value = human(&limit["default"], "real", &field(limit, "unit"));
    format!("{} {value}", field(limit, "name"))
}

/// Findings as a technician reads them, in the collector's order: what is wrong with its cause and what may cure it,
/// then its consequences; what is well in one line.
pub(super) fn findings(context: &Context, findings: &[Value]) -> Result<(), Failure> {
    if findings.is_empty() {
        return Ok(context.output.line("no findings yet")?);
    }
    let (well, wrong): (Vec<&Value>, Vec<&Value>) = findings
        .iter()
        .partition(|finding| finding["status"] == "ok");
    let mut rows: Vec<Vec<String>> = wrong
        .into_iter()
        .map(|finding| vec![field(finding, "status"), told(finding)])
        .collect();
    if !well.is_empty() {
        rows.push(vec!["ok".to_owned(), counted(&well)]);
    }
    Ok(context.output.table(&["status", "what"], rows)?)
}

fn told(finding: &Value) -> String {
    let title = [field(finding, "check"), field(finding, "subject")].join(" ");
    let mut lines = vec![
        format!("{}  (since {})", title.trim_end(), when(&finding["since"])),
        field(finding, "summary"),
    ];
    let mut more = |label: &str, value: String| {
        if !value.is_empty() {
            lines.push(format!("{label}: {value}"));
        }
    };
    more("cause", field(finding, "cause"));
    more("because of", field(finding, "explained_by"));
    more("may cure it", field(finding, "remedies"));
    let silenced = silenced::told(finding);
    lines.extend(Some(silenced).filter(|told| !told.is_empty()));
    lines.join("\n")
}

/// Names of checks, each once, with how many subjects they are about.
fn counted(findings: &[&Value]) -> String {
    let mut names: Vec<(String, usize)> = Vec::new();
    for finding in findings {
        let check = field(finding, "check");
        match names.iter_mut().find(|(name, _)| *name == check) {
            Some((_, n)) => *n += 1,
            None => names.push((check, 1)),
        }
    }
    let shown = names.into_iter().map(|(name, n)| {
        if n == 1 {
            name
        } else {
            format!("{name} ({n})")
        }
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// How bad a finding is; what is known to be wrong outweighs what nobody can tell.
fn rank(finding: &Value) -> u8 {
    match finding["status"].as_str() {
        Some("ok") => 0,
        Some("critical") => 3,
        Some("warning") => 2,
        Some(_) | None => 1,
    }
}

/// The worst status of what was found; a job that did not succeed cannot tell.
pub(super) fn exit_code(job: &Value) -> u8 {
    let worst = job["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .map(rank)
        .max();
    match (job["state"].as_str(), worst) {
        (_, Some(3)) => 2,
        (Some("succeeded"), Some(2)) => 1,
        (Some("succeeded"), Some(0) | None) => 0,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(state: &str, statuses: &[&str], expected: u8) {
        let findings: Vec<Value> = statuses
            .iter()
            .map(|status| json!({ "status": status }))
            .collect();
        let job = json!({ "state": state, "findings": findings });
        assert_eq!(exit_code(&job), expected);
    }

    #[test]
    fn the_exit_code_is_the_worst_status() {
        check("succeeded", &["ok", "ok"], 0);
        check("succeeded", &["ok", "warning"], 1);
        check("succeeded", &["warning", "critical", "unknown"], 2);
        check("succeeded", &["ok", "unknown", "warning"], 1);
        check("succeeded", &["ok", "unknown"], 3);
        check("failed", &["warning"], 3);
        check("succeeded", &[], 0);
    }

    #[test]
    fn what_is_well_is_counted() {
        let finding = |check: &str| json!({ "check": check, "status": "ok" });
        let all = [
            finding("disk.space"),
            finding("cpu.load"),
            finding("disk.space"),
        ];
        assert_eq!(
            counted(&all.iter().collect::<Vec<_>>()),
            "disk.space (2), cpu.load"
        );
    }

    #[test]
    fn a_finding_is_told_with_cause_and_cure() {
        let finding = json!({ "check": "disk.space", "subject": "/", "summary": "2 % free", "cause": null, "remedies": ["disk.clean"] });
        assert_eq!(
            told(&finding),
            "disk.space /  (since )\n2 % free\nmay cure it: disk.clean"
        );
    }

    #[test]
    fn a_job_that_did_not_succeed_cannot_tell() {
        check("queued", &[], 3);
        check("failed", &["ok"], 3);
        check("expired", &["critical"], 2);
    }
}
