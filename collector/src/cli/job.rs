//! Jobs, and what came of them.

mod follow;

pub(super) use follow::{Asked, WAIT_S, ask};

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::Value;
use sonde_proto::cost;
use sonde_proto::message::Lang;

use super::client::escape;
use super::output::{field, items, json, when};
use super::{Context, Failure, check, device};

/// Exit code of what is still to end: it is queued or running.
pub(super) const NOT_ENDED: u8 = 4;

#[derive(Debug, Subcommand)]
pub(super) enum JobCommand {
    /// Show a job. The exit code is that of the command that asked for it.
    #[command(
        after_help = "Example:\n  sonde job show 5k2… --wait 60\n\nExit code:\n  \
                            0 succeeded, 1 otherwise, 4 not ended yet; of checks as `sonde check run`"
    )]
    Show {
        /// Id of the job.
        job: String,
        /// Wait for its end, so many seconds.
        #[arg(long, value_name = "SECONDS", default_value_t = 0)]
        wait: u32,
    },
    /// Stop a job.
    #[command(after_help = "Example:\n  sonde job cancel 5k2…")]
    Cancel {
        /// Id of the job.
        job: String,
    },
}

pub(super) async fn run(context: &mut Context, command: JobCommand) -> Result<ExitCode, Failure> {
    match command {
        JobCommand::Show { job, wait } => {
            let path = format!("/jobs/{}", escape(&job));
            let mut view = context.client().await?.get(&path).await?;
            if wait > 0 {
                view = follow::follow(context, view, wait).await?;
            }
            show(context, &view)?;
            Ok(exit_code(&view))
        }
        JobCommand::Cancel { job } => {
            let path = format!("/jobs/{}/cancel", escape(&job));
            let done = context.client().await?.post(&path, &Value::Null).await?;
            if context.output.json {
                context.output.value(&done)?;
            } else {
                let said = match done["outcome"].as_str() {
                    Some("cancelled") => "cancelled: it had not left the collector".to_owned(),
                    Some("asked") => {
                        "the device was told to stop; `sonde job show` says when it has".to_owned()
                    }
                    _ => format!("it had ended before: {}", field(&done, "state")),
                };
                context.output.line(&said)?;
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Jobs of a ticket or on a device.
pub(super) async fn list(
    context: &mut Context,
    path: &str,
    before: Option<String>,
) -> Result<(), Failure> {
    let path = match before {
        Some(before) => format!("{path}?before={}", escape(&before)),
        None => path.to_owned(),
    };
    let jobs = context.client().await?.get(&path).await?;
    if context.output.json {
        return Ok(context.output.value(&jobs)?);
    }
    let rows = items(&jobs).iter().map(|job| {
        vec![
            field(job, "id"),
            when(&job["issued_at"]),
            field(job, "state"),
            field(job, "hostname"),
            field(job, "title"),
        ]
    });
    let header = ["id", "at", "state", "device", "what"];
    context.output.table(&header, rows)?;
    Ok(context.output.more(&jobs, "before")?)
}

/// Prints everything that is known of a job.
pub(super) fn show(context: &Context, job: &Value) -> Result<(), Failure> {
    let output = &context.output;
    if output.json {
        return Ok(output.value(job)?);
    }
    let ticket = match job["ticket"].as_i64() {
        Some(number) => format!(", ticket {number}"),
        None => String::new(),
    };
    output.line(&format!(
        "{} on {}{ticket}: {}",
        field(job, "title"),
        field(job, "hostname"),
        field(job, "state")
    ))?;
    if let Some(reason) = job["reason"].as_str() {
        output.line(&format!("  {reason}"))?;
    }
    let microseconds = |name: &str| job[name].as_f64().map(|seconds| (seconds * 1e6) as i64);
    let (wall_us, cpu_us) = (microseconds("wall_seconds"), microseconds("cpu_seconds"));
    if field(job, "kind") == "action" && wall_us.is_some() {
        let told = cost::told(wall_us, cpu_us, Lang::En);
        output.line(&format!("  {told}"))?;
    }
    if job["waiting_for_device"].as_bool() == Some(true) {
        let until = when(&job["expires_at"]);
        output.line(&format!(
            "  the device is not connected; the order waits for it until {until}"
        ))?;
        output.line(&format!("  sonde job show {}", field(job, "id")))?;
    } else if job["ended"].as_bool() != Some(true) {
        let asked = match job["cancel_asked"].as_bool() {
            Some(true) => "it was asked to stop and has not answered yet",
            _ => "it has not ended yet",
        };
        let id = field(job, "id");
        output.line(&format!("  {asked}: sonde job show {id} --wait 60"))?;
    }
    steps(context, job)?;
    let found = job["findings"].as_array().map_or(&[][..], Vec::as_slice);
    if !found.is_empty() {
        output.line(&field(&job["what_is_wrong"], "technician"))?;
        output.line("")?;
        check::findings(context, found)?;
    }
    let verified = job["verified"].as_array().map_or(&[][..], Vec::as_slice);
    if !verified.is_empty() {
        output.line("verified:")?;
        check::findings(context, verified)?;
    }
    if job["table"].is_object() {
        device::rows(context, &job["table"])?;
    }
    let text = job["output"].as_str().unwrap_or_default();
    let text = text.get(output.n_shown..).unwrap_or_default();
    if !text.is_empty() {
        output.text(text.trim_end_matches('\n'))?;
    }
    match job["output_missing_bytes"].as_u64() {
        Some(0) | None => {}
        Some(missing) => output.line(&format!("({missing} bytes of output are left out)"))?,
    }
    if let (Some(true), Some(ticket)) = (job["can_undo"].as_bool(), job["ticket"].as_i64()) {
        let id = field(job, "id");
        output.line(&format!(
            "  it can be taken back: sonde action undo {id} --ticket {ticket}"
        ))?;
    }
    Ok(())
}

/// What a plan would change, or what was changed: each step in words, then byte for byte.
fn steps(context: &Context, job: &Value) -> Result<(), Failure> {
    let steps = job["plan"].as_array().map_or(&[][..], Vec::as_slice);
    for (number, step) in (1..).zip(steps) {
        context.output.text(&step_lines(number, step)?)?;
    }
    Ok(())
}

fn step_lines(number: usize, step: &Value) -> Result<String, Failure> {
    let mut lines = format!(
        "  {number}. {}: {}",
        field(step, "state"),
        field(step, "summary")
    );
    let reason = field(step, "reason");
    if !reason.is_empty() {
        lines.push_str(&format!("\n     {reason}"));
    }
    for exact in step["exact"].as_array().into_iter().flatten() {
        let quoted = json(exact, false).map_err(|error| Failure::other(error.to_string()))?;
        lines.push_str(&format!("\n       {quoted}"));
    }
    Ok(lines)
}

/// What a job says to a shell: of checks as monitoring plugins do, who know no other code.
pub(super) fn exit_code(job: &Value) -> ExitCode {
    ExitCode::from(match (job["kind"].as_str(), job["state"].as_str()) {
        (Some("checks" | "probe"), _) => check::exit_code(job),
        _ if job["ended"].as_bool() != Some(true) => NOT_ENDED,
        (_, Some("succeeded")) => 0,
        _ => 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_step_is_shown_byte_for_byte() {
        let long = "x".repeat(9_000);
        let step = json!({
            "state": "planned", "summary": "Restart a.service", "reason": null,
            "exact": ["systemctl", "a b", "\u{1b}[0m\u{202e}\"", long],
        });
        assert_eq!(
            step_lines(1, &step).unwrap(),
            format!(
                "  1. planned: Restart a.service\n       \"systemctl\"\n       \"a b\"\n       \
                 \"\\u001b[0m\\u202e\\\"\"\n       \"{long}\""
            )
        );
    }

    #[track_caller]
    fn check(job: Value, expected: u8) {
        let code = format!("{:?}", exit_code(&job));
        assert_eq!(code, format!("{:?}", ExitCode::from(expected)), "{job}");
    }

    #[test]
    fn a_shell_can_tell_how_a_job_ended() {
        let ended = |kind: &str, state: &str| json!({"kind": kind, "state": state, "ended": true});
        check(ended("action", "succeeded"), 0);
        check(ended("action", "failed"), 1);
        check(ended("action", "refused"), 1);
        check(ended("table", "unknown"), 1);
        check(ended("checks", "succeeded"), 0);
        check(ended("checks", "failed"), 3);
        let going = |kind: &str| json!({"kind": kind, "state": "running", "ended": false});
        check(going("action"), NOT_ENDED);
        check(going("checks"), 3);
    }
}
